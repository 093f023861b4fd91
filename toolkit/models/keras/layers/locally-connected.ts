/** LocallyConnected1D: a convolution whose kernel is another one at each position. */
import { type Activation, activationOf } from '../activation.ts'
import { type Description, oneInput, type TrainableLayer } from '../layer.ts'
import type { Shape, Values } from '../shape.ts'
import { windows } from './windows.ts'

export class LocallyConnected1D implements TrainableLayer {
  readonly shape: Shape
  readonly parameters: readonly Values[]
  /** Numbers from one position to the next. */
  readonly #step: number
  /** Numbers that one position sees. */
  readonly #seen: number
  /** [positions × seen × filters] */
  readonly #kernel: Values
  /** [positions × filters] */
  readonly #bias: Values
  readonly #activation: Activation

  /** @param step numbers from one position to the next */
  constructor(shape: Shape, step: number, kernel: Values, bias: Values, activation: Activation, biased = true) {
    this.shape = shape
    this.parameters = biased ? [kernel, bias] : [kernel]
    this.#step = step
    this.#seen = kernel.length / bias.length
    this.#kernel = kernel
    this.#bias = bias
    this.#activation = activation
  }

  static make(description: Description): LocallyConnected1D {
    const { options, weights } = description
    const [length, channels] = oneInput(description, 2) as [number, number]
    options.only('padding', 'valid')
    options.only('data_format', 'channels_last')
    options.only('implementation', 1)
    const filters = options.whole('filters', 1)
    const [width] = options.sizes('kernel_size', 1) as [number]
    const [stride] = options.sizes('strides', 1, [1]) as [number]
    const { count } = windows(options, { length, width, stride, dilation: 1, padding: 'valid' })
    const biased = options.flag('use_bias', true)
    const kernel = weights.take('kernel', [count, width * channels, filters])
    const bias = biased ? weights.take('bias', [count, filters]) : new Float64Array(count * filters)
    return new LocallyConnected1D([count, filters], stride * channels, kernel, bias, activationOf(options), biased)
  }

  forward([x]: readonly Values[], y: Values): void {
    const [positions, filters] = this.shape as [number, number]
    const [kernel, bias, seen, step] = [this.#kernel, this.#bias, this.#seen, this.#step]
    for (let p = 0; p < positions; p++) {
      for (let f = 0; f < filters; f++) {
        let sum = bias[p * filters + f]!
        for (let k = 0; k < seen; k++) sum += x![p * step + k]! * kernel[(p * seen + k) * filters + f]!
        y[p * filters + f] = sum
      }
    }
    this.#activation.apply(y, filters)
  }

  backward(x: Values, y: Values, dy: Values, dx: Values, [dKernel, dBias]: readonly Values[]): void {
    const [positions, filters] = this.shape as [number, number]
    const seen = this.#seen
    dx.fill(0)
    for (let i = 0; i < dy.length; i++) dBias![i]! += dy[i]! *= this.#activation.slope!(y[i]!)
    for (let p = 0; p < positions; p++) {
      for (let k = 0; k < seen; k++) {
        const from = p * this.#step + k
        for (let f = 0; f < filters; f++) {
          const at = (p * seen + k) * filters + f
          dKernel![at]! += x[from]! * dy[p * filters + f]!
          dx[from]! += this.#kernel[at]! * dy[p * filters + f]!
        }
      }
    }
  }
}
