/** Activations, by Keras's names. */

import { softmax } from '../softmax.ts'
import { gelu, geluByTanh } from './gelu.ts'
import { type Options, short } from './options.ts'
import type { Values } from './shape.ts'

export interface Activation {
  /** Turns sums into answers, in place; `channels` is the length of the last axis. */
  apply(values: Values, channels: number): void
  /** The derivative where the answer is y, of those that can be trained. */
  slope?(y: number): number
}

/** An activation of each number by itself. */
export function each(f: (x: number) => number, slope?: (y: number) => number): Activation {
  return {
    apply(values) {
      for (let i = 0; i < values.length; i++) values[i] = f(values[i]!)
    },
    ...(slope && { slope }),
  }
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))

/** A loop of its own, since it is what the paper's teacher spends its time on. */
export const SIGMOID: Activation = {
  apply(values) {
    for (let i = 0; i < values.length; i++) values[i] = 1 / (1 + Math.exp(-values[i]!))
  },
  slope: (y) => y * (1 - y),
}

export const SOFTMAX: Activation = {
  apply(values, channels) {
    for (let at = 0; at < values.length; at += channels) softmax(values.subarray(at, at + channels))
  },
}

const LINEAR: Activation = { apply() {}, slope: () => 1 }

const TANH = each(Math.tanh, (y) => 1 - y * y)

/** Those that teachers of our own are trained with. */
export const TRAINABLE = { sigmoid: SIGMOID, tanh: TANH, linear: LINEAR } as const

/** Scale and slope of SELU: Klambauer et al., arXiv:1706.02515. */
const SELU = { scale: 1.0507009873554805, alpha: 1.6732632423543772 }

const elu = (alpha: number) => each((x) => (x > 0 ? x : alpha * Math.expm1(x)))
const leaky = (alpha: number) => each((x) => (x >= 0 ? x : alpha * x))
const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))
const clamped = (x: number, least: number, most: number) => Math.min(Math.max(x, least), most)

const ACTIVATIONS: Readonly<Record<string, Activation>> = {
  linear: LINEAR,
  sigmoid: SIGMOID,
  softmax: SOFTMAX,
  tanh: TANH,
  relu: each((x) => (x > 0 ? x : 0)),
  relu6: each((x) => Math.min(Math.max(x, 0), 6)),
  elu: elu(1),
  selu: each((x) => SELU.scale * (x > 0 ? x : SELU.alpha * Math.expm1(x))),
  leaky_relu: leaky(0.2),
  softplus: each(softplus),
  softsign: each((x) => x / (1 + Math.abs(x))),
  exponential: each(Math.exp),
  swish: each((x) => x * sigmoid(x)),
  silu: each((x) => x * sigmoid(x)),
  gelu: each(gelu),
  mish: each((x) => x * Math.tanh(softplus(x))),
  celu: elu(1),
  hard_tanh: each((x) => clamped(x, -1, 1)),
  log_sigmoid: each((x) => -softplus(-x)),
  hard_silu: each((x) => x * clamped(x / 6 + 0.5, 0, 1)),
  hard_swish: each((x) => x * clamped(x / 6 + 0.5, 0, 1)),
}

/** Until Keras 3 the hard sigmoid was steeper by a fifth. */
const HARD_SIGMOID = {
  before: each((x) => Math.min(Math.max(0.2 * x + 0.5, 0), 1)),
  since3: each((x) => Math.min(Math.max(x / 6 + 0.5, 0), 1)),
}

/** Activations that are layers, or objects with options of their own. */
export const PARAMETRIC: Readonly<Record<string, (options: Options) => Activation>> = {
  ELU: (options) => elu(options.number('alpha', 1)),
  // Keras 3 has another name for the slope.
  LeakyReLU: (options) => leaky(options.number('negative_slope', options.number('alpha', 0.3))),
  ReLU: relu,
  GELU: (options) => each(options.flag('approximate', false) ? geluByTanh : gelu),
  Gelu: (options) => each(options.flag('approximate', false) ? geluByTanh : gelu),
  gelu: (options) => each(options.flag('approximate', false) ? geluByTanh : gelu),
  Activation: activationOf,
}

/** As Keras computes it, what is just at the threshold is below. */
function relu(options: Options): Activation {
  const [slope, threshold] = [options.number('negative_slope', 0, 0), options.number('threshold', 0, 0)]
  const most = options.number('max_value', Number.MAX_VALUE, 0)
  return each((x) => (x > threshold ? Math.min(x, most) : slope * (x - threshold)))
}

/** Takes the option `activation`: a name, or an object of a class with options. */
export function activationOf(options: Options): Activation {
  const given = options.take('activation') ?? 'linear'
  const { class_name: className, config } = typeof given === 'object' ? (given as Record<string, unknown>) : {}
  if (typeof className === 'string' && className !== 'function' && Object.hasOwn(PARAMETRIC, className)) {
    const inner = options.inner(`activation ${className}`, config)
    const activation = PARAMETRIC[className]!(inner)
    inner.done()
    return activation
  }
  const name = className === 'function' ? config : given
  if (name === 'hard_sigmoid') return options.keras >= 3 ? HARD_SIGMOID.since3 : HARD_SIGMOID.before
  const known = typeof name === 'string' && Object.hasOwn(ACTIVATIONS, name) ? ACTIVATIONS[name] : undefined
  if (known) return known
  throw options.error(`activation ${short(given)} is not known`)
}
