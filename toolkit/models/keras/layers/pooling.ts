/** Pooling: the largest or the mean of what a window sees, or of all there is. Padding is not seen. */
import { type Description, type Layer, oneInput, type TrainableLayer } from '../layer.ts'
import { type Shape, size, type Values } from '../shape.ts'
import { type Windows, windows } from './windows.ts'

type Kind = 'max' | 'average'

/** What happens along one axis. */
interface Axis extends Windows {
  length: number
  width: number
  stride: number
}

/** MaxPooling and AveragePooling of one or two axes, the former as the latter on a single line. */
export class Pooling implements Layer {
  readonly shape: Shape
  readonly parameters: readonly Values[] = []
  readonly #kind: Kind
  readonly #rows: Axis
  readonly #columns: Axis

  private constructor(kind: Kind, axes: readonly Axis[], channels: number) {
    this.shape = [...axes.map((axis) => axis.count), channels]
    this.#kind = kind
    this.#rows = axes.at(-2) ?? { length: 1, width: 1, stride: 1, count: 1, start: 0 }
    this.#columns = axes.at(-1)!
  }

  static make(description: Description, kind: Kind, axes: 1 | 2): Pooling {
    const { options } = description
    const before = oneInput(description, axes + 1)
    options.only('data_format', 'channels_last')
    const padding = options.choice('padding', ['valid', 'same'], 'valid')
    const pool = options.sizes('pool_size', axes, Array(axes).fill(2))
    const strides = options.sizes('strides', axes, pool)
    const along = pool.map((width, i) => {
      const axis = { length: before[i]!, width, stride: strides[i]! }
      return { ...axis, ...windows(options, { ...axis, dilation: 1, padding }) }
    })
    return new Pooling(kind, along, before.at(-1)!)
  }

  forward([x]: readonly Values[], y: Values): void {
    const channels = this.shape.at(-1)!
    const [rows, columns] = [this.#rows, this.#columns]
    for (let r = 0; r < rows.count; r++) {
      for (let c = 0; c < columns.count; c++) {
        for (let k = 0; k < channels; k++) y[(r * columns.count + c) * channels + k] = this.#pooled(x!, r, c, k)
      }
    }
  }

  /** Of channel `k` at row `r`, column `c` of the output. */
  #pooled(x: Values, r: number, c: number, k: number): number {
    const channels = this.shape.at(-1)!
    const [firstRow, lastRow] = seen(this.#rows, r)
    const [firstColumn, lastColumn] = seen(this.#columns, c)
    let most = Number.NEGATIVE_INFINITY
    let sum = 0
    for (let row = firstRow; row <= lastRow; row++) {
      for (let column = firstColumn; column <= lastColumn; column++) {
        const value = x[(row * this.#columns.length + column) * channels + k]!
        if (value > most) most = value
        sum += value
      }
    }
    return this.#kind === 'max' ? most : sum / ((lastRow - firstRow + 1) * (lastColumn - firstColumn + 1))
  }
}

/** First and last place that a window sees. */
function seen({ length, width, stride, start }: Axis, position: number): [number, number] {
  const first = start + position * stride
  return [Math.max(0, first), Math.min(length, first + width) - 1]
}

/** GlobalMaxPooling: the largest of each channel, over one axis or two. */
export class GlobalMaxPooling implements TrainableLayer {
  readonly shape: Shape
  readonly parameters: readonly Values[] = []

  constructor(channels: number) {
    this.shape = [channels]
  }

  forward([x]: readonly Values[], y: Values): void {
    const channels = y.length
    for (let k = 0; k < channels; k++) {
      let most = x![k]!
      for (let at = k + channels; at < x!.length; at += channels) if (x![at]! > most) most = x![at]!
      y[k] = most
    }
  }

  /** The gradient goes to the first place that has the largest value. */
  backward(x: Values, y: Values, dy: Values, dx: Values): void {
    const channels = y.length
    dx.fill(0)
    for (let k = 0; k < channels; k++) {
      let at = k
      while (x[at] !== y[k] && at + channels < x.length) at += channels
      dx[at] = dy[k]!
    }
  }
}

/** GlobalAveragePooling: the mean of each channel, over one axis or two. */
class GlobalAveragePooling implements Layer {
  readonly shape: Shape
  readonly parameters: readonly Values[] = []

  constructor(channels: number) {
    this.shape = [channels]
  }

  forward([x]: readonly Values[], y: Values): void {
    const channels = y.length
    for (let k = 0; k < channels; k++) {
      let sum = 0
      for (let at = k; at < x!.length; at += channels) sum += x![at]!
      y[k] = (sum * channels) / x!.length
    }
  }
}

export function globalPooling(description: Description, kind: Kind, axes: 1 | 2): Layer {
  const { options } = description
  const shape = oneInput(description, axes + 1)
  options.only('data_format', 'channels_last')
  options.only('keepdims', false)
  if (size(shape) === 0) throw options.error('nothing to pool')
  return new { max: GlobalMaxPooling, average: GlobalAveragePooling }[kind](shape.at(-1)!)
}
