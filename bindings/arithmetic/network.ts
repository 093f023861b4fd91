/** What a network is while it runs in plain JavaScript: its numbers in f32, each layer with room for its own. */
import type { Activation, Input, Layer } from '../model/network.ts'

export interface TwinLayer {
  activation: Activation
  alpha: number
  /** Whether it is the last: there one unit alone is a dot product. */
  last: boolean
  inputs: number
  outputs: number
  bias: Float32Array
  /** Input-major: the weight from input j to output i is number j · outputs + i. */
  weights: Float32Array
  /** Weighted sums, and what the activation makes of them. */
  z: Float32Array
  y: Float32Array
}

export interface TwinNetwork {
  inputs: readonly Input[]
  layers: TwinLayer[]
  /** The event as it was given, and as the first layer sees it. */
  event: Float64Array
  x: Float32Array
}

export function twinLayer({ activation, alpha, weights, bias }: Layer, last: boolean): TwinLayer {
  const outputs = bias.length
  const inputs = weights.length / outputs
  const transposed = new Float32Array(weights.length)
  for (let i = 0; i < outputs; i++) {
    for (let j = 0; j < inputs; j++) transposed[j * outputs + i] = weights[i * inputs + j]!
  }
  return {
    activation,
    alpha: Math.fround(alpha),
    last,
    inputs,
    outputs,
    bias: bias.slice(),
    weights: transposed,
    z: new Float32Array(outputs),
    y: new Float32Array(outputs),
  }
}

export function plainLayer({ activation, alpha, inputs, outputs, weights, bias }: TwinLayer): Layer {
  const rows = new Float32Array(weights.length)
  for (let i = 0; i < outputs; i++) {
    for (let j = 0; j < inputs; j++) rows[i * inputs + j] = weights[j * outputs + i]!
  }
  return { activation, alpha, weights: rows, bias: bias.slice() }
}

/** The layer with one unit more. */
export function withUnit(layer: TwinLayer, incoming: Float32Array, bias: number): TwinLayer {
  const plain = plainLayer(layer)
  return twinLayer({ ...plain, weights: joined(plain.weights, incoming), bias: joined(plain.bias, [bias]) }, layer.last)
}

/** The layer with one input more, whose weights are zero. */
export function withInput(layer: TwinLayer): TwinLayer {
  const { inputs, outputs } = layer
  const weights = joined(layer.weights, new Float32Array(outputs))
  return { ...layer, inputs: inputs + 1, weights }
}

function joined(a: Float32Array, b: ArrayLike<number>): Float32Array {
  const both = new Float32Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}
