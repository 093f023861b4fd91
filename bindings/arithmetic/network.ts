/** What a network is while it runs in plain JavaScript: its numbers in f32, each layer with room for its own. */
import type { Activation } from '../model/activations.ts'
import type { Input, Layer } from '../model/network.ts'

export interface JsLayer {
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

export interface JsNetwork {
  inputs: readonly Input[]
  layers: JsLayer[]
  /** The event as it was given, and as the first layer sees it. */
  event: Float64Array
  x: Float32Array
}

export function jsLayer({ activation, alpha, weights, bias }: Layer, last: boolean): JsLayer {
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

export function plainLayer({ activation, alpha, inputs, outputs, weights, bias }: JsLayer): Layer {
  const rows = new Float32Array(weights.length)
  for (let i = 0; i < outputs; i++) {
    for (let j = 0; j < inputs; j++) rows[i * inputs + j] = weights[j * outputs + i]!
  }
  return { activation, alpha, weights: rows, bias: bias.slice() }
}

/** The layer with one unit more. */
export function withUnit(layer: JsLayer, incoming: Float32Array, bias: number): JsLayer {
  const plain = plainLayer(layer)
  return jsLayer({ ...plain, weights: joined(plain.weights, incoming), bias: joined(plain.bias, [bias]) }, layer.last)
}

/** The layer with one input more, whose weights are zero. */
export function withInput(layer: JsLayer): JsLayer {
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
