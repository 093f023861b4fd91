/** The fraction of events that pass a cut, in bins of an input. */
import type { Bins } from './bins.ts'
import { fraction } from './fraction.ts'
import type { BinnedPoint } from './points.ts'

export class Efficiency {
  readonly bins: Bins
  readonly passed: Float64Array
  readonly events: Float64Array

  constructor(bins: Bins) {
    this.bins = bins
    this.passed = new Float64Array(bins.count)
    this.events = new Float64Array(bins.count)
  }

  /**
   * Events with a value out of the bins are left out.
   * @param passed of each event, whether it passes (not 0)
   */
  add(values: ArrayLike<number>, passed: ArrayLike<number | boolean>): this {
    for (let i = 0; i < values.length; i++) {
      const bin = this.bins.of(values[i]!)
      if (!(bin >= 0 && bin < this.bins.count)) continue
      this.events[bin]!++
      if (passed[i]) this.passed[bin]!++
    }
    return this
  }

  /** Of the bins that have events. */
  points(): BinnedPoint[] {
    const { edges } = this.bins
    const points = Array.from(this.events, (events, i) => {
      const [from, to] = [edges[i]!, edges[i + 1]!]
      return { x: this.bins.centre(i), from, to, ...fraction(this.passed[i]!, events), events }
    })
    return points.filter((point) => point.events > 0)
  }
}
