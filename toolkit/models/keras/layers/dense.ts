/** Dense: every output hangs on every input. y_i = φ(b_i + Σ_j x_j · w_ji) */
import { type Activation, activationOf } from '../activation.ts'
import { type Description, oneInput, type TrainableLayer } from '../layer.ts'
import type { Shape, Values } from '../shape.ts'

export class Dense implements TrainableLayer {
  readonly shape: Shape
  readonly parameters: readonly Values[]
  readonly #units: number
  /** [inputs × units] */
  readonly #kernel: Values
  readonly #bias: Values
  readonly #activation: Activation

  constructor(before: Shape, kernel: Values, bias: Values, activation: Activation, biased = true) {
    this.shape = [...before, bias.length]
    this.parameters = biased ? [kernel, bias] : [kernel]
    this.#units = bias.length
    this.#kernel = kernel
    this.#bias = bias
    this.#activation = activation
  }

  static make(description: Description): Dense {
    const { options, weights } = description
    const shape = oneInput(description)
    const units = options.whole('units', 1)
    const biased = options.flag('use_bias', true)
    const kernel = weights.take('kernel', [shape.at(-1)!, units])
    const bias = biased ? weights.take('bias', [units]) : new Float64Array(units)
    return new Dense(shape.slice(0, -1), kernel, bias, activationOf(options), biased)
  }

  /** Further axes before the last one are further rows. */
  forward([x]: readonly Values[], y: Values): void {
    const [units, kernel, bias] = [this.#units, this.#kernel, this.#bias]
    const inputs = kernel.length / units
    for (let row = 0; row < y.length / units; row++) {
      for (let i = 0; i < units; i++) {
        let sum = bias[i]!
        for (let j = 0; j < inputs; j++) sum += x![row * inputs + j]! * kernel[j * units + i]!
        y[row * units + i] = sum
      }
    }
    this.#activation.apply(y, units)
  }

  backward(x: Values, y: Values, dy: Values, dx: Values, [dKernel, dBias]: readonly Values[]): void {
    const units = this.#units
    const inputs = x.length
    for (let i = 0; i < units; i++) {
      dy[i]! *= this.#activation.slope!(y[i]!)
      dBias![i]! += dy[i]!
    }
    for (let j = 0; j < inputs; j++) {
      let sum = 0
      for (let i = 0; i < units; i++) {
        sum += dy[i]! * this.#kernel[j * units + i]!
        dKernel![j * units + i]! += x[j]! * dy[i]!
      }
      dx[j] = sum
    }
  }
}
