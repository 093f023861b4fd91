/** Bins of equal width, on a plain or on a logarithmic scale, fixed before the first value is seen. */
import { InputError } from '../../errors.ts'
import { HUGE, widened } from './range.ts'

/** More than a figure can show apart. */
const MOST = 400

export class Bins {
  readonly scale: 'linear' | 'log'
  /** From the lower edge of the first bin to the upper edge of the last. */
  readonly edges: Float64Array
  readonly #place: (value: number) => number

  /** @throws InputError where there is no such range */
  constructor(low: number, high: number, count: number, scale: 'linear' | 'log' = 'linear') {
    if (!Number.isInteger(count) || count < 1 || count > MOST) {
      throw new InputError(`bins: ${count}, expected a whole number from 1 to ${MOST}`)
    }
    if (!(low < high && Number.isFinite(high - low)) || (scale === 'log' && low <= 0)) {
      throw new InputError(`bins: from ${low} to ${high}, expected a range${scale === 'log' ? ' above 0' : ''}`)
    }
    const [plain, back] = scale === 'log' ? [Math.log, Math.exp] : [(value: number) => value, (value: number) => value]
    const [first, last] = [plain(low), plain(high)]
    this.scale = scale
    this.edges = Float64Array.from({ length: count + 1 }, (_, i) => back(first + ((last - first) * i) / count))
    this.edges[0] = low
    this.edges[count] = high
    this.#place = (value) => Math.floor(((plain(value) - first) / (last - first)) * count)
  }

  get count(): number {
    return this.edges.length - 1
  }

  /** The middle of a bin, on its scale. */
  centre(bin: number): number {
    const [from, to] = [this.edges[bin]!, this.edges[bin + 1]!]
    return this.scale === 'log' ? Math.sqrt(from) * Math.sqrt(to) : from + (to - from) / 2
  }

  /**
   * The bin of a value: −1 below the first, `count` above the last, NaN of a NaN. A lower edge belongs to its bin, and
   * the upper edge of the last bin to that bin.
   */
  of(value: number): number {
    const { edges, count } = this
    if (value < edges[0]!) return -1
    if (value > edges[count]!) return count
    const bin = Math.min(count - 1, Math.max(0, this.#place(value)))
    // The rounding of a division may put a value next to an edge on its wrong side.
    if (value < edges[bin]!) return bin - 1
    return bin < count - 1 && value >= edges[bin + 1]! ? bin + 1 : bin
  }
}

/** Bins over the values, or from 0 to 1 where there are none; wider than they are where all are the same. */
export function binsOver(values: ArrayLike<number>, count: number): Bins {
  let low = Infinity
  let high = -Infinity
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (!(Math.abs(value) <= HUGE)) continue
    if (value < low) low = value
    if (value > high) high = value
  }
  return low > high ? new Bins(0, 1, count) : new Bins(...widened([low, high]), count)
}
