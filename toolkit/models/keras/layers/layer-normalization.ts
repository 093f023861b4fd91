/** LayerNormalization: each row by its own mean and variance, then a scale and a shift of each channel. */
import { type Description, type Layer, oneInput } from '../layer.ts'
import type { Shape, Values } from '../shape.ts'

class LayerNormalization implements Layer {
  readonly shape: Shape
  readonly parameters: readonly Values[]
  readonly #gamma: Values
  readonly #beta: Values
  readonly #epsilon: number

  constructor(shape: Shape, parameters: readonly Values[], gamma: Values, beta: Values, epsilon: number) {
    this.shape = shape
    this.parameters = parameters
    this.#gamma = gamma
    this.#beta = beta
    this.#epsilon = epsilon
  }

  forward([x]: readonly Values[], y: Values): void {
    const channels = this.#gamma.length
    for (let at = 0; at < y.length; at += channels) {
      const row = x!.subarray(at, at + channels)
      const mean = row.reduce((sum, value) => sum + value, 0) / channels
      const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / channels
      const scale = 1 / Math.sqrt(variance + this.#epsilon)
      for (let i = 0; i < channels; i++) y[at + i] = (row[i]! - mean) * scale * this.#gamma[i]! + this.#beta[i]!
    }
  }
}

export function layerNormalization(description: Description): Layer {
  const { options, weights } = description
  const shape = oneInput(description)
  const channels = shape.at(-1)!
  options.only('axis', -1, shape.length, [-1], [shape.length])
  options.only('rms_scaling', false)
  const epsilon = options.number('epsilon', 1e-3, 0)
  const gamma = options.flag('scale', true) ? weights.take('gamma', [channels]) : undefined
  const beta = options.flag('center', true) ? weights.take('beta', [channels]) : undefined
  const parameters = [gamma, beta].filter((values) => values !== undefined)
  const ones = new Float64Array(channels).fill(1)
  return new LayerNormalization(shape, parameters, gamma ?? ones, beta ?? new Float64Array(channels), epsilon)
}
