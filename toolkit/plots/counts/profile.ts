/** The mean of one value in bins of another, and how far it spreads: a residual by score, or by an input. */
import type { Bins } from './bins.ts'
import type { BinnedPoint } from './points.ts'

export class Profile {
  readonly bins: Bins
  readonly #events: Float64Array
  readonly #mean: Float64Array
  /** Sum of the squared distances from the mean. */
  readonly #squares: Float64Array

  constructor(bins: Bins) {
    this.bins = bins
    this.#events = new Float64Array(bins.count)
    this.#mean = new Float64Array(bins.count)
    this.#squares = new Float64Array(bins.count)
  }

  /** Pairs out of the bins, and those whose y is not finite, are left out. */
  add(xs: ArrayLike<number>, ys: ArrayLike<number>): this {
    for (let i = 0; i < xs.length; i++) {
      const bin = this.bins.of(xs[i]!)
      const y = ys[i]!
      if (!(bin >= 0 && bin < this.bins.count) || !Number.isFinite(y)) continue
      this.#events[bin]!++
      // Welford's update: a sum of squares would lose its digits where the mean is far from 0.
      const distance = y - this.#mean[bin]!
      this.#mean[bin]! += distance / this.#events[bin]!
      this.#squares[bin]! += distance * (y - this.#mean[bin]!)
    }
    return this
  }

  /** Of the bins that have events: the mean, and one standard deviation to either side. */
  points(): BinnedPoint[] {
    const { edges } = this.bins
    const points = Array.from(this.#events, (events, i) => {
      const value = this.#mean[i]!
      const deviation = Math.sqrt(this.#squares[i]! / events)
      const [low, high] = [value - deviation, value + deviation]
      return { x: this.bins.centre(i), from: edges[i]!, to: edges[i + 1]!, value, low, high, events }
    })
    return points.filter((point) => point.events > 0)
  }
}
