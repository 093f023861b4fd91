/** So many of the events, each with the same chance, kept while all of them pass. */
import { Random } from 'nndrone'

export class Sample {
  readonly #width: number
  readonly #most: number
  readonly #random: Random
  readonly #rows: Float64Array
  #seen = 0

  /** @param width columns of a row; @param most rows that are kept */
  constructor(width: number, most: number, seed: number) {
    this.#width = width
    this.#most = most
    this.#random = new Random(seed)
    this.#rows = new Float64Array(width * most)
  }

  /** @param rows [n × width] */
  add(rows: Float64Array): void {
    const width = this.#width
    for (let at = 0; at < rows.length; at += width) {
      const place = this.#seen < this.#most ? this.#seen : this.#random.below(this.#seen + 1)
      this.#seen++
      if (place < this.#most) this.#rows.set(rows.subarray(at, at + width), place * width)
    }
  }

  /** [n × width] */
  get rows(): Float64Array {
    return this.#rows.subarray(0, Math.min(this.#seen, this.#most) * this.#width)
  }
}
