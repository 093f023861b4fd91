/** When a network grows, and how: the rules and the operations. */
import { ConfigurationError, shown } from '../errors.ts'
import { exp } from '../arithmetic/math.ts'
import { type Activation, checkParameters, type Layer, type Network, parameterCount } from './network.ts'
import { checkSeed, type Random } from '../arithmetic/random.ts'

/** Sees the loss of each epoch and says whether to grow after it. It may keep what it has seen: one rule a run. */
export interface GrowthRule {
  /**
   * @param loss L_j, the mean over the mini-batches of Σ(F − G)²
   * @param change δ_j = |L_j − L_{j−1}| / L_j; infinite in the first epoch
   */
  grows(loss: number, change: number): boolean
  /** Whether to train on after the last epoch, up to twice as many. */
  continues?(loss: number): boolean
}

/** The paper's symbols (Benson and Gizdov, arXiv:1712.09114, section 3). */
export interface RuleOptions {
  /** Learning has stalled where the relative change of the loss is below this. */
  kappa?: number
  /** How far below the loss of the last growth, in units of δ_j L_j and at most, the loss must be. */
  m?: number
  /** How fast that distance grows with the epochs since the last growth. */
  b?: number
}

const PAPER = { kappa: 0.02, m: 50, b: 0.04, n: 1.28 }

/** The symbols that are given, the paper's for the others. */
function symbols(options: RuleOptions & { n?: number }): typeof PAPER {
  const chosen = { ...PAPER }
  for (const key of ['kappa', 'm', 'b', 'n'] as const) {
    const value = options[key] ?? PAPER[key]
    if (!(Number.isFinite(value) && value >= 0)) {
      throw new ConfigurationError(`growth.${key}: ${shown(value)}, expected a number from 0`)
    }
    chosen[key] = value
  }
  return chosen
}

/** σ_j = m (1 − e^{−b t}) δ_j L_j (eq. 3) */
function distance(m: number, b: number, t: number, change: number, loss: number): number {
  return m * (1 - exp(-b * t)) * change * loss
}

/**
 * What the authors' program does: t counts the stalled epochs since the last growth, and more than five are needed.
 * After the last epoch it goes on while the loss is above that of the last growth.
 */
export function referenceRule(options: RuleOptions = {}): GrowthRule {
  const { kappa, m, b } = symbols(options)
  let lossAtGrowth: number | undefined
  let t = 0
  return {
    grows(loss, change) {
      if (!(change < kappa)) return false
      t++
      const enough = lossAtGrowth === undefined || (t > 5 && loss < lossAtGrowth - distance(m, b, t, change, loss))
      if (enough) {
        lossAtGrowth = loss
        t = 0
      }
      return enough
    },
    continues: (loss) => lossAtGrowth !== undefined && loss > lossAtGrowth,
  }
}

/** What the paper says: t counts every epoch since the last growth. `n` is its offset: σ of t = 0 is 2.5 δ L. */
export function paperRule(options: RuleOptions & { n?: number } = {}): GrowthRule {
  const { kappa, m, b, n } = symbols(options)
  let lossAtGrowth: number | undefined
  let t = 0
  return {
    grows(loss, change) {
      t++
      if (!(change < kappa)) return false
      const enough = lossAtGrowth === undefined || loss < lossAtGrowth - distance(m, b, t + n, change, loss)
      if (enough) {
        lossAtGrowth = loss
        t = 0
      }
      return enough
    },
  }
}

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

/** The activations whose φ(0) is not 0: only there does a unit of zero weights get a gradient. */
const AWAKE_AT_ZERO: ReadonlySet<Activation> = new Set(['sigmoid', 'hard_sigmoid'])

/** @throws ConfigurationError where a unit that starts at zero could never learn */
export function checkAwake(activation: Activation): void {
  if (AWAKE_AT_ZERO.has(activation)) return
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
