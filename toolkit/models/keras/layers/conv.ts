/** Conv1D and Conv2D, the former as the latter on a single line. Padding is zero. */
import { type Activation, activationOf } from '../activation.ts'
import { type Description, type Layer, oneInput } from '../layer.ts'
import type { Shape, Values } from '../shape.ts'
import { type Windows, windows } from './windows.ts'

/** What happens along one axis. */
interface Axis extends Windows {
  length: number
  width: number
  stride: number
  dilation: number
}

export class Conv implements Layer {
  readonly shape: Shape
  readonly parameters: readonly Values[]
  readonly #rows: Axis
  readonly #columns: Axis
  readonly #channels: number
  /** [height × width × channels × filters] */
  readonly #kernel: Values
  readonly #bias: Values
  readonly #activation: Activation

  private constructor(shape: Shape, axes: readonly Axis[], channels: number, activation: Activation, given: Values[]) {
    const filters = shape.at(-1)!
    this.shape = shape
    this.parameters = given
    this.#rows = axes.at(-2) ?? { length: 1, width: 1, stride: 1, dilation: 1, count: 1, start: 0 }
    this.#columns = axes.at(-1)!
    this.#channels = channels
    this.#kernel = given[0]!
    this.#bias = given[1] ?? new Float64Array(filters)
    this.#activation = activation
  }

  /** @param axes 1 or 2 */
  static make(description: Description, axes: 1 | 2): Conv {
    const { options, weights } = description
    const before = oneInput(description, axes + 1)
    const channels = before.at(-1)!
    options.only('data_format', 'channels_last')
    options.only('groups', 1)
    const padding = options.choice('padding', axes === 1 ? ['valid', 'same', 'causal'] : ['valid', 'same'], 'valid')
    const filters = options.whole('filters', 1)
    const size = options.sizes('kernel_size', axes)
    const strides = options.sizes('strides', axes, Array(axes).fill(1))
    const dilations = options.sizes('dilation_rate', axes, Array(axes).fill(1))
    const along = size.map((width, i) => {
      const axis = { length: before[i]!, width, stride: strides[i]!, dilation: dilations[i]! }
      return { ...axis, ...windows(options, { ...axis, padding }) }
    })
    if (description.backend === 'theano') throw options.error('was trained with Theano, which mirrors its kernels')
    // Keras 1 has the kernels of two axes for one axis, too.
    const given = [weights.take('kernel', [...size, channels, filters], [...size, 1, channels, filters])]
    if (options.flag('use_bias', true)) given.push(weights.take('bias', [filters]))
    const shape = [...along.map((axis) => axis.count), filters]
    return new Conv(shape, along, channels, activationOf(options), given)
  }

  forward([x]: readonly Values[], y: Values): void {
    const filters = this.#bias.length
    const [rows, columns] = [this.#rows, this.#columns]
    for (let r = 0; r < rows.count; r++) {
      for (let c = 0; c < columns.count; c++) {
        const at = (r * columns.count + c) * filters
        for (let f = 0; f < filters; f++) y[at + f] = this.#sum(x!, r, c, f)
      }
    }
    this.#activation.apply(y, filters)
  }

  /** Of filter `f` at row `r`, column `c` of the output. */
  #sum(x: Values, r: number, c: number, f: number): number {
    const filters = this.#bias.length
    const channels = this.#channels
    const [rows, columns] = [this.#rows, this.#columns]
    let sum = this.#bias[f]!
    for (let i = 0; i < rows.width; i++) {
      const row = rows.start + r * rows.stride + i * rows.dilation
      if (row < 0 || row >= rows.length) continue
      for (let j = 0; j < columns.width; j++) {
        const column = columns.start + c * columns.stride + j * columns.dilation
        if (column < 0 || column >= columns.length) continue
        const from = (row * columns.length + column) * channels
        const kernel = (i * columns.width + j) * channels
        for (let k = 0; k < channels; k++) sum += x[from + k]! * this.#kernel[(kernel + k) * filters + f]!
      }
    }
    return sum
  }
}
