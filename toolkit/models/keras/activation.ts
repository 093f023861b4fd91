/** Activations, by Keras's names. */

import { softmax } from '../softmax.ts'
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

/** Scale and slope of SELU: Klambauer et al., arXiv:1706.02515. */
const SELU = { scale: 1.0507009873554805, alpha: 1.6732632423543772 }

export const elu = (alpha: number) => each((x) => (x > 0 ? x : alpha * Math.expm1(x)))
export const leaky = (alpha: number) => each((x) => (x >= 0 ? x : alpha * x))

const ACTIVATIONS: Readonly<Record<string, Activation>> = {
  linear: LINEAR,
  sigmoid: SIGMOID,
  softmax: SOFTMAX,
  tanh: each(Math.tanh, (y) => 1 - y * y),
  relu: each((x) => (x > 0 ? x : 0)),
  relu6: each((x) => Math.min(Math.max(x, 0), 6)),
  elu: elu(1),
  selu: each((x) => SELU.scale * (x > 0 ? x : SELU.alpha * Math.expm1(x))),
  leaky_relu: leaky(0.2),
  softplus: each((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  softsign: each((x) => x / (1 + Math.abs(x))),
  exponential: each(Math.exp),
  swish: each((x) => x * sigmoid(x)),
  silu: each((x) => x * sigmoid(x)),
}

/** Until Keras 3 the hard sigmoid was steeper by a fifth. */
const HARD_SIGMOID = {
  before: each((x) => Math.min(Math.max(0.2 * x + 0.5, 0), 1)),
  since3: each((x) => Math.min(Math.max(x / 6 + 0.5, 0), 1)),
}

/** Takes the option `activation`. */
export function activationOf(options: Options): Activation {
  const name = options.take('activation') ?? 'linear'
  if (name === 'hard_sigmoid') return options.keras >= 3 ? HARD_SIGMOID.since3 : HARD_SIGMOID.before
  const known = typeof name === 'string' && Object.hasOwn(ACTIVATIONS, name) ? ACTIVATIONS[name] : undefined
  if (known) return known
  throw options.error(`activation ${short(name)} is not known`)
}
