/**
 * exp in f64 from +, −, × and ÷ alone: what a host's Math.exp rounds as it likes, and a growth rule may hang on the
 * last bit. Relative error below 1e-15 for |x| ≤ 700.
 */
export function exp(x: number): number {
  if (!(x > -745)) return Number.isNaN(x) ? x : 0
  if (x > 709) return Number.POSITIVE_INFINITY
  const halvings = 10
  // e^x = (e^(x/1024))^1024 would lose 10 bits; e^x − 1 keeps them: (1 + y)² − 1 = y (2 + y).
  const n = Math.floor(x / Math.LN2 + 0.5)
  const r = (x - n * 0.6931471803691238 - n * 1.9082149292705877e-10) / 1024
  let y = r * (1 + (r / 2) * (1 + (r / 3) * (1 + (r / 4) * (1 + r / 5))))
  for (let i = 0; i < halvings; i++) y *= 2 + y
  let power = 1 + y
  for (let i = 0; i < Math.abs(n); i++) power *= n > 0 ? 2 : 0.5
  return power
}

/** log of x ≥ 1 in f64, below 4 ULP: x = 2ⁿ m with ¾ < m ≤ 1½; see `assembly/log.ts`. */
export function log(x: number): number {
  let n = 0
  for (; x > 1.5; x *= 0.5) n++
  const s = (x - 1) / (x + 1)
  const square = s * s
  let sum = 0
  for (let k = 21; k > 0; k -= 2) sum = sum * square + 1 / k
  return n * Math.LN2 + 2 * s * sum
}
