/** How many pairs of values fall into each cell of a grid. */
import { InputError } from '../../errors.ts'
import type { Bins } from './bins.ts'

/** Bins along a side at most: a figure has room for no more, and stays small. */
export const MOST_CELLS = 64

export class Grid {
  readonly x: Bins
  readonly y: Bins
  /** [y × x], the lowest y first. */
  readonly values: Float64Array
  /** Pairs that lie beside the grid. */
  outside = 0
  /** Pairs with a NaN. */
  nan = 0

  /** @throws InputError where a side has more than 64 bins */
  constructor(x: Bins, y: Bins) {
    const most = Math.max(x.count, y.count)
    if (most > MOST_CELLS) throw new InputError(`grid: ${most} bins along a side, expected at most ${MOST_CELLS}`)
    this.x = x
    this.y = y
    this.values = new Float64Array(x.count * y.count)
  }

  /** Counts the pairs. */
  add(xs: ArrayLike<number>, ys: ArrayLike<number>): this {
    const { x, y, values } = this
    for (let i = 0; i < xs.length; i++) {
      const [column, row] = [x.of(xs[i]!), y.of(ys[i]!)]
      if (Number.isNaN(column + row)) this.nan++
      else if (column < 0 || column >= x.count || row < 0 || row >= y.count) this.outside++
      else values[row * x.count + column]!++
    }
    return this
  }

  /** All pairs that were added. */
  get entries(): number {
    return this.values.reduce((sum, count) => sum + count, 0) + this.outside + this.nan
  }
}
