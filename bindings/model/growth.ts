/** How a network grows: what is added to it, and what that must not be. */
import { checkSeed, type Random } from '../arithmetic/random.ts'
import { ConfigurationError, shown } from '../errors.ts'
import { type Activation, activations } from './activations.ts'
import { checkParameters, type Layer, type Network, parameterCount } from './network.ts'

/** How a new unit starts: `zero` is the paper's, its σ(0) = ½ wakes it; `random` is uniform in [−r, r), r = √(6 / inputs). */
export type Incoming = 'zero' | 'random'

export interface UnitOptions {
  incoming?: Incoming
  /** For `random`; unless given, the number of units that are there. */
  seed?: number
}

/** Incoming weights [inputs] and bias. */
export interface Unit {
  incoming: Float32Array
  bias: number
}

/** @throws ConfigurationError where a unit that starts at zero could never learn */
export function checkAwake(activation: Activation): void {
  if (activations[activation].awakeAtZero) return
  throw new ConfigurationError(
    `incoming: "zero" leaves a unit of ${activation} dead for ever, since ${activation}(0) = 0; use "random"`,
  )
}

/**
 * @throws ConfigurationError where there is no such hidden layer, or a unit that starts at zero could never learn:
 * because φ(0) = 0, or because it would be the twin of one that still has all its weights zero
 */
export function checkExpandable(network: Network, layer: number, options: UnitOptions): void {
  const { incoming = 'random', seed } = options
  const hidden = network.layers.length - 1
  if (!Number.isInteger(layer) || layer < 0 || layer >= hidden) {
    const which = hidden === 0 ? 'there is no hidden layer' : `hidden layers are 0 to ${hidden - 1}`
    throw new ConfigurationError(`expand: layer ${shown(layer)}, but ${which}`)
  }
  if (seed !== undefined) checkSeed(seed)
  if (incoming === 'random') return
  if (incoming !== 'zero') throw new ConfigurationError(`incoming: ${shown(incoming)}, expected "zero" or "random"`)
  checkAwake(network.layers[layer]!.activation)
  const twin = zeroUnit(network, layer)
  if (twin >= 0) {
    throw new ConfigurationError(
      `incoming: "zero" would make a twin of unit ${twin}, whose weights are all zero still; train first, or use "random"`,
    )
  }
}

/** The first unit of a layer that has nothing but zero weights in and out, or −1. */
function zeroUnit({ layers }: Network, layer: number): number {
  const { weights, bias } = layers[layer]!
  const next = layers[layer + 1]!
  const inputs = weights.length / bias.length
  return bias.findIndex((b, i) => {
    const zeroIn = b === 0 && weights.subarray(i * inputs, (i + 1) * inputs).every((w) => w === 0)
    return zeroIn && next.bias.every((_, o) => next.weights[o * bias.length + i] === 0)
  })
}

/** Weights and bias of a unit that is to join a hidden layer. */
export function newUnit({ layers }: Pick<Network, 'layers'>, layer: number, incoming: Incoming, random: Random): Unit {
  const { weights, bias } = layers[layer]!
  const unit = { incoming: new Float32Array(weights.length / bias.length), bias: 0 }
  if (incoming === 'random') randomUnit(unit, random)
  return unit
}

/** The layers without a unit of a hidden one. */
export function withoutUnit(layers: readonly Layer[], layer: number, unit: number): Layer[] {
  const pruned = layers.slice()
  const { weights, bias } = layers[layer]!
  const inputs = weights.length / bias.length
  pruned[layer] = {
    ...layers[layer]!,
    weights: weights.filter((_, at) => Math.floor(at / inputs) !== unit),
    bias: bias.filter((_, i) => i !== unit),
  }
  const next = layers[layer + 1]!
  pruned[layer + 1] = { ...next, weights: next.weights.filter((_, at) => at % bias.length !== unit) }
  return pruned
}

/** Uniform in [−r, r) with variance 2 / inputs, the bias too. */
export function randomUnit(unit: Unit, random: Random): void {
  const { incoming } = unit
  const r = Math.sqrt(6 / incoming.length)
  for (let j = 0; j < incoming.length; j++) incoming[j] = (2 * random.uniform() - 1) * r
  unit.bias = Math.fround((2 * random.uniform() - 1) * r)
}

/**
 * The network with a layer more, before layer `layer`, that is the identity: linear anywhere, rectified only after
 * rectified.
 * @throws ConfigurationError where that would change the answer
 */
export function deepened(network: Network, layer: number, activation: 'linear' | 'rectified' = 'linear'): Network {
  const { layers } = network
  if (!Number.isInteger(layer) || layer < 0 || layer >= layers.length) {
    throw new ConfigurationError(`deepen: layer ${shown(layer)}, but layers are 0 to ${layers.length - 1}`)
  }
  const below = layers[layer - 1]
  if (activation === 'rectified' && below?.activation !== 'rectified') {
    const what = below?.activation ?? 'the inputs'
    throw new ConfigurationError(
      `deepen: a rectified layer is the identity only after a rectified one, not after ${what}`,
    )
  }
  if (activation !== 'linear' && activation !== 'rectified') {
    throw new ConfigurationError(
      `deepen: ${shown(activation)} is not the identity; use "linear", or "rectified" after it`,
    )
  }
  const width = below?.bias.length ?? network.inputs.length
  checkParameters(parameterCount(network) + width * width + width)
  return { ...network, layers: [...layers.slice(0, layer), identity(width, activation), ...layers.slice(layer)] }
}

function identity(width: number, activation: 'linear' | 'rectified'): Layer {
  const weights = new Float32Array(width * width)
  for (let i = 0; i < width; i++) weights[i * width + i] = 1
  return { activation, alpha: 0, weights, bias: new Float32Array(width) }
}
