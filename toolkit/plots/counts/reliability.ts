/** Whether a score is a probability: the fraction of signal among the events of about the same score. */
import { Bins } from './bins.ts'
import { fraction } from './fraction.ts'
import type { BinnedPoint } from './points.ts'

export class Reliability {
  readonly bins: Bins
  readonly #scores: Float64Array
  readonly #signal: Float64Array
  readonly #events: Float64Array

  constructor(bins: Bins = new Bins(0, 1, 10)) {
    this.bins = bins
    this.#scores = new Float64Array(bins.count)
    this.#signal = new Float64Array(bins.count)
    this.#events = new Float64Array(bins.count)
  }

  /**
   * Events with a score out of the bins are left out.
   * @param labels 1 signal, 0 background
   */
  add(scores: ArrayLike<number>, labels: ArrayLike<number>): this {
    for (let i = 0; i < scores.length; i++) {
      const bin = this.bins.of(scores[i]!)
      if (!(bin >= 0 && bin < this.bins.count)) continue
      this.#scores[bin]! += scores[i]!
      this.#events[bin]!++
      if (labels[i] === 1) this.#signal[bin]!++
    }
    return this
  }

  /** Of the bins that have events, each at its mean score. */
  points(): BinnedPoint[] {
    const { edges } = this.bins
    const points = Array.from(this.#events, (events, i) => {
      const [from, to] = [edges[i]!, edges[i + 1]!]
      return { x: this.#scores[i]! / events, from, to, ...fraction(this.#signal[i]!, events), events }
    })
    return points.filter((point) => point.events > 0)
  }
}
