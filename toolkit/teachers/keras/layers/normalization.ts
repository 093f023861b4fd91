/** BatchNormalization and Normalization: y = (x − mean) / deviation of each channel, then a scale and a shift. */
import { type Description, type Layer, oneInput, type Shape, type Values } from '../layer.ts'

class Affine implements Layer {
  readonly shape: Shape
  readonly parameters: readonly Values[]
  readonly #scale: Values
  readonly #shift: Values

  constructor(shape: Shape, parameters: readonly Values[], scale: Values, shift: Values) {
    this.shape = shape
    this.parameters = parameters
    this.#scale = scale
    this.#shift = shift
  }

  forward([x]: readonly Values[], y: Values): void {
    const channels = this.#scale.length
    for (let i = 0; i < y.length; i++) y[i] = x![i]! * this.#scale[i % channels]! + this.#shift[i % channels]!
  }
}

/** In the order of the file: gamma and beta where it has them, then mean and variance over the training. */
export function batchNormalization(description: Description): Layer {
  const { options, weights } = description
  const shape = oneInput(description)
  const channels = shape.at(-1)!
  options.only('axis', -1, shape.length, [shape.length])
  options.only('mode', 0)
  const epsilon = options.number('epsilon', 1e-3)
  const gamma = options.flag('scale', true) ? weights.take('gamma', [channels]) : undefined
  const beta = options.flag('center', true) ? weights.take('beta', [channels]) : undefined
  const mean = weights.take('moving mean', [channels])
  const variance = weights.take('moving variance', [channels])
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
  const given = [options.take('mean'), options.take('variance')].map((value) => toValues(value, channels))
  const [mean, variance] = given.every((values) => values)
    ? (given as Values[])
    : [weights.take('mean', [channels], [1, channels]), weights.take('variance', [channels], [1, channels])]
  if (!given[0]) weights.skip()
  const scale = variance!.map((value) => 1 / Math.max(Math.sqrt(value), EPSILON))
  return new Affine(
    shape,
    [mean!, variance!],
    scale,
    mean!.map((value, i) => -value * scale[i]!),
  )
}

function toValues(value: unknown, channels: number): Values | undefined {
  const list = Array.isArray(value) ? value.flat(4) : Array<unknown>(channels).fill(value)
  const good = list.length === channels && list.every((item) => Number.isFinite(item))
  return good ? Float64Array.from(list as number[]) : undefined
}
