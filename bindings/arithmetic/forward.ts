/**
 * The definition of a score: every operation is one IEEE f32 operation, in this order. `Math.fround` rounds the f64
 * that JavaScript calculates to the f32 that the operation gives (for +, −, × and ÷ that is the same).
 */
import type { Input } from '../model/network.ts'
import { phi, softmax } from './activation.ts'
import { hiddenSigmoid } from './functions.ts'
import type { JsLayer, JsNetwork } from './network.ts'

const f32 = Math.fround

/** f32((x + offset) · scale) in f64; what is not finite becomes the default first, or NaN where there is none. */
export function preprocess(inputs: readonly Input[], event: ArrayLike<number>, from: number, x: Float32Array): void {
  for (let i = 0; i < inputs.length; i++) {
    const { offset, scale, default: fallback = Number.NaN } = inputs[i]!
    const given = event[from + i]!
    const known = given - given === 0 ? given : fallback
    x[i] = (known + offset) * scale
  }
}

/** x [inputs] through every layer; the answer is the last layer's y. */
export function forward(net: JsNetwork, x: Float32Array): void {
  for (const layer of net.layers) {
    if (layer.last && layer.outputs === 1) layer.z[0] = f32(layer.bias[0]! + dot(layer.weights, x))
    else dense(layer, x)
    activate(layer)
    x = layer.y
  }
}

/** zᵢ = bᵢ, then zᵢ += xⱼ wᵢⱼ in the order of j. */
function dense({ inputs, outputs, bias, weights, z }: JsLayer, x: Float32Array): void {
  z.set(bias)
  for (let j = 0; j < inputs; j++) {
    const xj = x[j]!
    for (let i = 0; i < outputs; i++) z[i] = z[i]! + f32(xj * weights[j * outputs + i]!)
  }
}

/** Product j goes to accumulator j mod 4, each from +0 and in the order of j; then (a₀ + a₁) + (a₂ + a₃). */
export function dot(a: Float32Array, b: Float32Array): number {
  const sums = [0, 0, 0, 0]
  for (let j = 0; j < a.length; j++) sums[j & 3] = f32(sums[j & 3]! + f32(a[j]! * b[j]!))
  return f32(f32(sums[0]! + sums[1]!) + f32(sums[2]! + sums[3]!))
}

function activate({ activation, alpha, last, z, y }: JsLayer): void {
  if (activation === 'softmax') softmax(z, y)
  else if (activation === 'sigmoid' && !last) for (let i = 0; i < z.length; i++) y[i] = hiddenSigmoid(z[i]!)
  else for (let i = 0; i < z.length; i++) y[i] = phi(activation, alpha, z[i]!)
}
