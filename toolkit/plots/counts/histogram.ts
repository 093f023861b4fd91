/** How many values fall into each bin; those that fall into none are counted too. */
import type { Bins } from './bins.ts'

export class Histogram {
  readonly bins: Bins
  readonly counts: Float64Array
  /** Values below the first bin, −∞ included. */
  below = 0
  /** Values above the last bin, ∞ included. */
  above = 0
  nan = 0

  constructor(bins: Bins) {
    this.bins = bins
    this.counts = new Float64Array(bins.count)
  }

  add(values: ArrayLike<number>): this {
    const { bins, counts } = this
    for (let i = 0; i < values.length; i++) {
      const bin = bins.of(values[i]!)
      if (Number.isNaN(bin)) this.nan++
      else if (bin < 0) this.below++
      else if (bin >= counts.length) this.above++
      else counts[bin]!++
    }
    return this
  }

  /** Values in bins. */
  get inside(): number {
    return this.counts.reduce((sum, count) => sum + count, 0)
  }

  /** All that were added. */
  get entries(): number {
    return this.inside + this.below + this.above + this.nan
  }
}
