/** A network in f64 that shares nothing with kernels or the definition: its own forward pass, `Math.exp`. */
import type { Activation } from '../../bindings/model/activations.ts'

/** Written from lwtnn's formulas. */
const ORACLE: Record<Activation, (x: number[], alpha: number) => number[]> = {
  linear: (x) => x,
  sigmoid: (x) => x.map((v) => 1 / (1 + Math.exp(-v))),
  rectified: (x) => x.map((v) => Math.max(0, v)),
  tanh: (x) => x.map(Math.tanh),
  softmax: (x) => x.map((v) => Math.exp(v) / x.reduce((sum, other) => sum + Math.exp(other), 0)),
  hard_sigmoid: (x) => x.map((v) => Math.min(1, Math.max(0, 0.2 * v + 0.5))),
  elu: (x, alpha) => x.map((v) => (v >= 0 ? v : alpha * (Math.exp(v) - 1))),
  leakyrelu: (x, alpha) => x.map((v) => (v > 0 ? v : alpha * v)),
  swish: (x, alpha) => x.map((v) => v / (1 + Math.exp(-alpha * v))),
  abs: (x) => x.map(Math.abs),
}

/** A layer; weights row by row, one for each output. */
export interface Oracle {
  weights: number[]
  bias: number[]
  activation: Activation
  alpha: number
}

export function answer(layers: Oracle[], x: number[]): number[] {
  for (const { weights, bias, activation, alpha } of layers) {
    const z = bias.map((b, i) => x.reduce((sum, xj, j) => sum + xj * weights[i * x.length + j]!, b))
    x = ORACLE[activation](z, alpha)
  }
  return x
}
