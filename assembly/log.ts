/**
 * log x of x ≥ 1 in f64, from +, −, × and ÷ alone, below 4 ULP: x = 2ⁿ m with ¾ < m ≤ 1½, and
 * log m = 2 (s + s³ / 3 + s⁵ / 5 + …) with s = (m − 1) / (m + 1).
 */
export function log(x: f64): f64 {
  let n: f64 = 0;
  for (; x > 1.5; x *= 0.5) n += 1;
  const s = (x - 1) / (x + 1);
  const square = s * s;
  let sum: f64 = 0;
  for (let k: f64 = 21; k > 0; k -= 2) sum = sum * square + 1 / k;
  return n * 0.6931471805599453 + 2 * s * sum;
}
