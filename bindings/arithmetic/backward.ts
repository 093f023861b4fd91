/** The definition of a step of training, in f32 and in this order; see `forward.ts`. */
import type { Loss } from '../engines/api.ts'
import { slope } from './activation.ts'
import { dot } from './forward.ts'
import type { JsLayer, JsNetwork } from './network.ts'

const f32 = Math.fround

/** What training keeps of a layer. */
export interface LayerTraining {
  /** ∂loss/∂z of one event. */
  delta: Float32Array
  /** The gradient of a mini-batch, laid out as the parameters are. */
  bias: Float32Array
  weights: Float32Array
}

export function layerTraining({ bias, weights, outputs }: JsLayer): LayerTraining {
  return {
    delta: new Float32Array(outputs),
    bias: new Float32Array(bias.length),
    weights: new Float32Array(weights.length),
  }
}

/** The activations whose cross-entropy has the gradient G − F: softmax, sigmoid, and linear with a Gaussian's. */
const CANONICAL = new Set(['softmax', 'sigmoid', 'linear'])

/** Writes the last δ, times the weight, and returns `sum` + weight · Σ(G − F)², in f64 and in the order of outputs. */
export function outputError(
  { activation, alpha, z, y }: JsLayer,
  target: Float32Array,
  weight: number,
  loss: Loss,
  delta: Float32Array,
  sum: number,
): number {
  for (let i = 0; i < y.length; i++) {
    const error = f32(y[i]! - target[i]!)
    delta[i] = error
    sum += weight * (error * error)
  }
  if (!(loss === 'cross-entropy' && CANONICAL.has(activation))) {
    if (activation === 'softmax') throughSoftmax(y, delta)
    else for (let i = 0; i < y.length; i++) delta[i] = delta[i]! * slope(activation, alpha, z[i]!, y[i]!)
  }
  weigh(delta, weight)
  return sum
}

/** δ · weight */
export function weigh(delta: Float32Array, weight: number): void {
  for (let i = 0; i < delta.length; i++) delta[i] = delta[i]! * weight
}

/** δᵢ = Gᵢ · ((Gᵢ − Fᵢ) − Σ (Gₖ − Fₖ) Gₖ), the sum in the order of k. */
function throughSoftmax(y: Float32Array, delta: Float32Array): void {
  let sum = 0
  for (let i = 0; i < y.length; i++) sum = f32(sum + f32(delta[i]! * y[i]!))
  for (let i = 0; i < y.length; i++) delta[i] = y[i]! * f32(delta[i]! - sum)
}

/** The gradient of an event, whose last δ is there: it starts the sum of the mini-batch, or is added to it. */
export function backward(net: JsNetwork, x: Float32Array, training: LayerTraining[], first: boolean): void {
  for (let k = net.layers.length - 1; k >= 0; k--) {
    const below = net.layers[k - 1]
    accumulate(net.layers[k]!, below ? below.y : x, training[k]!, first)
    if (below) propagate(net.layers[k]!, training[k]!.delta, below, training[k - 1]!.delta)
  }
}

/** The δ of every layer below the last, whose own is there. */
export function propagateAll(net: JsNetwork, training: LayerTraining[]): void {
  for (let k = net.layers.length - 1; k > 0; k--) {
    propagate(net.layers[k]!, training[k]!.delta, net.layers[k - 1]!, training[k - 1]!.delta)
  }
}

/** ∂/∂bᵢ = δᵢ and ∂/∂wᵢⱼ = xⱼ δᵢ. */
function accumulate({ inputs, outputs }: JsLayer, x: Float32Array, to: LayerTraining, first: boolean): void {
  const { delta, bias, weights } = to
  for (let i = 0; i < outputs; i++) bias[i] = first ? delta[i]! : bias[i]! + delta[i]!
  for (let j = 0; j < inputs; j++) {
    for (let i = 0; i < outputs; i++) {
      const gradient = f32(x[j]! * delta[i]!)
      const at = j * outputs + i
      weights[at] = first ? gradient : weights[at]! + gradient
    }
  }
}

/** δⱼ below = (Σᵢ wᵢⱼ δᵢ) · φ′ⱼ, the sum as a dot product is; one product alone is not added to anything. */
function propagate(layer: JsLayer, delta: Float32Array, below: JsLayer, deltaBelow: Float32Array): void {
  const { outputs, weights } = layer
  for (let j = 0; j < below.outputs; j++) {
    const sum =
      layer.last && outputs === 1
        ? f32(weights[j]! * delta[0]!)
        : dot(weights.subarray(j * outputs, (j + 1) * outputs), delta)
    deltaBelow[j] = sum * slope(below.activation, below.alpha, below.z[j]!, below.y[j]!)
  }
}

/** w −= rate · gradient, for all parameters. */
export function update(net: JsNetwork, training: LayerTraining[], rate: number): void {
  for (const [k, { bias, weights }] of net.layers.entries()) {
    descend(bias, training[k]!.bias, rate)
    descend(weights, training[k]!.weights, rate)
  }
}

function descend(parameters: Float32Array, gradient: Float32Array, rate: number): void {
  for (let i = 0; i < parameters.length; i++) parameters[i] = parameters[i]! - f32(rate * gradient[i]!)
}
