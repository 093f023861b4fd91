/** BatchNormalization and Normalization: y = (x − mean) / deviation of each channel, then a scale and a shift. */
import { type Description, type Layer, oneInput } from '../layer.ts'
import { type Options, short } from '../options.ts'
import type { Shape, Values } from '../shape.ts'

export class Affine implements Layer {
  readonly shape: Shape
  readonly parameters: readonly Values[]
  readonly scale: Values
  readonly shift: Values

  constructor(shape: Shape, parameters: readonly Values[], scale: Values, shift: Values) {
    this.shape = shape
    this.parameters = parameters
    this.scale = scale
    this.shift = shift
  }

  forward([x]: readonly Values[], y: Values): void {
    const channels = this.scale.length
    for (let i = 0; i < y.length; i++) y[i] = x![i]! * this.scale[i % channels]! + this.shift[i % channels]!
  }
}

/** In the order of the file: gamma and beta where it has them, then mean and variance over the training. */
export function batchNormalization(description: Description): Layer {
  const { options, weights } = description
  const shape = oneInput(description)
  const channels = shape.at(-1)!
  options.only('axis', -1, shape.length, [-1], [shape.length])
  options.only('mode', 0)
  options.only('renorm', false)
  options.skip('momentum', 'renorm_momentum', 'synchronized')
  const epsilon = options.number('epsilon', 1e-3, 0)
  const gamma = options.flag('scale', true) ? weights.take('gamma', [channels]) : undefined
  const beta = options.flag('center', true) ? weights.take('beta', [channels]) : undefined
  const mean = weights.take('moving mean', [channels])
  const variance = positive('moving variance', weights.take('moving variance', [channels]), options)
  const scale = variance.map((value, i) => (gamma?.[i] ?? 1) / Math.sqrt(value + epsilon))
  const shift = mean.map((value, i) => (beta?.[i] ?? 0) - value * scale[i]!)
  const parameters = [gamma, beta, mean, variance].filter((values) => values !== undefined)
  return new Affine(shape, parameters, scale, shift)
}

/** Keras divides by a deviation of at least this (backend epsilon). */
const EPSILON = 1e-7

/** In the order of the file: mean, variance, and the count that they were learnt from; or given as options. */
export function normalization(description: Description): Layer {
  const { options, weights } = description
  const shape = oneInput(description)
  const channels = shape.at(-1)!
  options.only('axis', -1, shape.length, [-1], [shape.length])
  options.only('invert', false)
  const mean = given('mean', channels, options) ?? weights.take('mean', [channels])
  const variance = given('variance', channels, options) ?? weights.take('variance', [channels])
  weights.skip()
  const scale = positive('variance', variance, options).map((value) => 1 / Math.max(Math.sqrt(value), EPSILON))
  const shift = mean.map((value, i) => -value * scale[i]!)
  return new Affine(shape, [mean, variance], scale, shift)
}

/** An option of one number for each channel, or of one for all, in lists within lists. */
function given(name: string, channels: number, options: Options): Values | undefined {
  const value = options.take(name)
  if (value === undefined) return undefined
  const list = Array.isArray(value) ? value.flat(4) : Array<unknown>(channels).fill(value)
  if (list.length === channels && list.every((item) => Number.isFinite(item))) return Float64Array.from(list)
  throw options.error(`${name}: ${short(value)}, expected ${channels} numbers`)
}

function positive(what: string, values: Values, options: Options): Values {
  const wrong = values.findIndex((value) => value < 0)
  if (wrong < 0) return values
  throw options.error(`${what}: ${values[wrong]} at ${wrong}, expected a number from 0`)
}
