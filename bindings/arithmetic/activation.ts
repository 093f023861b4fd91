/** The definition of the activations φ and of their slopes φ′; see `forward.ts`. NaN stays NaN. */
import type { Activation } from '../model/activations.ts'
import { exp, expMinusOne, sigmoid, tanh } from './functions.ts'

const f32 = Math.fround

/** φ(x); not of softmax, which mixes its units. */
export function phi(activation: Activation, alpha: number, x: number): number {
  switch (activation) {
    case 'sigmoid':
      return sigmoid(x)
    case 'rectified':
      return x < 0 ? 0 : x
    case 'tanh':
      return tanh(x)
    case 'hard_sigmoid':
      return cut(f32(f32(x * f32(0.2)) + 0.5))
    case 'elu':
      return x < 0 ? f32(alpha * expMinusOne(x)) : x
    case 'leakyrelu':
      return x < 0 ? f32(alpha * x) : x
    case 'swish':
      return f32(x * sigmoid(f32(alpha * x)))
    case 'abs':
      return Math.abs(x)
    default:
      return x
  }
}

function cut(x: number): number {
  return x < 0 ? 0 : 1 < x ? 1 : x
}

/** φ′ at x, where y = φ(x); 0 at the kink of rectified and abs. Not of softmax. */
export function slope(activation: Activation, alpha: number, x: number, y: number): number {
  switch (activation) {
    case 'sigmoid':
      return f32(y * f32(1 - y))
    case 'rectified':
      return x > 0 ? 1 : 0
    case 'tanh':
      return f32(1 - f32(y * y))
    case 'hard_sigmoid':
      return y > 0 && y < 1 ? f32(0.2) : 0
    case 'elu':
      return x > 0 ? 1 : f32(y + alpha)
    case 'leakyrelu':
      return x > 0 ? 1 : alpha
    case 'swish': {
      const s = sigmoid(f32(alpha * x))
      return f32(s + f32(f32(alpha * y) * f32(1 - s)))
    }
    case 'abs':
      return (x > 0 ? 1 : 0) - (x < 0 ? 1 : 0)
    default:
      return 1
  }
}

/** eˣⁱ⁻ᵐ / Σ eˣᵏ⁻ᵐ with m the largest x; the sum from the first to the last output. */
export function softmax(x: Float32Array, y: Float32Array): void {
  let largest = x[0]!
  for (let i = 1; i < x.length; i++) largest = x[i]! > largest ? x[i]! : largest
  let sum = 0
  for (let i = 0; i < x.length; i++) {
    y[i] = exp(f32(x[i]! - largest))
    sum = i === 0 ? y[0]! : f32(sum + y[i]!)
  }
  for (let i = 0; i < x.length; i++) y[i] = y[i]! / sum
}
