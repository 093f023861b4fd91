/**
 * The definition of exp, σ and tanh in f32; see `forward.ts`. Why each is made so is said beside the kernels, in
 * `assembly/exp.ts`, `sigmoid.ts` and `tanh.ts`.
 */
const f32 = Math.fround

const LOG2_E = f32(1.44269502)
const ROUND = 12582912
const ROUND_127 = 12583039
const LN2_HIGH = f32(0.693145752)
const LN2_LOW = f32(1.42860677e-6)
const C = [0.49999994, 0.166665211, 0.041668389, 0.00836874545, 0.00138145417].map(f32) as [
  number,
  number,
  number,
  number,
  number,
]
const LARGEST = f32(88.7228317)
const SMALLEST = f32(-87.3365402)

const words = new Int32Array(1)
const floats = new Float32Array(words.buffer)

function bits(x: number): number {
  floats[0] = x
  return words[0]!
}

function fromBits(word: number): number {
  words[0] = word
  return floats[0]!
}

/** 2ⁿ from the sum of n and 1.5 · 2²³ + 127. */
function powerOfTwo(k: number): number {
  return fromBits(bits(k) << 23)
}

function remainder(x: number, n: number): number {
  return f32(f32(x - f32(n * LN2_HIGH)) - f32(n * LN2_LOW))
}

function powerMinusOne(r: number): number {
  const square = f32(r * r)
  const high = f32(f32(C[2] + f32(C[3] * r)) + f32(square * C[4]))
  const low = f32(C[0] + f32(C[1] * r))
  return f32(r + f32(square * f32(low + f32(square * high))))
}

/** eˣ, at most 1 ULP; 0 where the result would not be a normal number. */
export function exp(x: number): number {
  if (!(x <= LARGEST)) return f32(x + Number.POSITIVE_INFINITY)
  if (x < SMALLEST) return 0
  const k = f32(f32(x * LOG2_E) + ROUND)
  const power = f32(1 + powerMinusOne(remainder(x, f32(k - ROUND))))
  return fromBits(bits(power) + (bits(k) << 23))
}

/** eˣ − 1 for x ≤ 0. */
export function expMinusOne(x: number): number {
  const bounded = x < -80 ? -80 : x
  const k = f32(f32(bounded * LOG2_E) + ROUND_127)
  const scale = powerOfTwo(k)
  const power = powerMinusOne(remainder(bounded, f32(k - ROUND_127)))
  return f32(f32(scale * power) + f32(scale - 1))
}

const A = [10.573247, 105.759125].map(f32) as [number, number]
const B = [0.88, 60.0904121].map(f32) as [number, number]

/** σ, at most 2 ULP; 0 where the result would not be a normal number. */
export function sigmoid(x: number): number {
  if (x < SMALLEST) return 0
  const bounded = 40 < x ? 40 : x
  const k = f32(f32(bounded * LOG2_E) + ROUND_127)
  const r = remainder(bounded, f32(k - ROUND_127))
  const square = f32(r * r)
  const even = f32(f32(A[0] * square) + A[1])
  const odd = f32(f32(r * B[0]) * f32(square + B[1]))
  const power = f32(powerOfTwo(k) * f32(even + odd))
  return f32(power / f32(power + f32(even - odd)))
}

const HIDDEN_A = [17.334005, 360.87533].map(f32) as [number, number]
const HIDDEN_B = f32(125.06986)

/** σ inside the net: absolute error below 2⁻²³. */
export function hiddenSigmoid(x: number): number {
  const bounded = 40 < x ? 40 : x < -86 ? -86 : x
  const t = f32(bounded * LOG2_E)
  const k = f32(t + ROUND_127)
  const f = f32(t - f32(k - ROUND_127))
  const square = f32(f * f)
  const even = f32(f32(square * HIDDEN_A[0]) + HIDDEN_A[1])
  const odd = f32(f * f32(square + HIDDEN_B))
  const power = f32(powerOfTwo(k) * f32(even + odd))
  return f32(power / f32(power + f32(even - odd)))
}

/** tanh, at most 2 ULP; odd to the bit. */
export function tanh(x: number): number {
  const negative = -Math.abs(x) < f32(-9.02) ? f32(-9.02) : -Math.abs(x)
  const k = f32(f32(negative * f32(2.88539004)) + ROUND_127)
  const r = f32(f32(negative + negative) - f32(f32(k - ROUND_127) * f32(0.693147182)))
  const scale = powerOfTwo(k)
  const rest = f32(scale * powerMinusOne(r))
  const below = f32(f32(1 - scale) - rest)
  const above = f32(f32(1 + scale) + rest)
  const y = f32(below / above)
  return x < 0 || Object.is(x, -0) ? -y : y
}
