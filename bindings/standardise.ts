/** What is known of each input from the events alone: mean, deviation, range, and whether values are missing. */
import type { Numbers } from './engine.ts'
import { Turns } from './turns.ts'

export interface InputStatistics {
  mean: number
  /** Standard deviation, of the population; 0 of a constant column. */
  deviation: number
  min: number
  max: number
  /** Values that are not finite; the other figures are of the rest. */
  missing: number
}

/** Events whose statistics are taken between two turns of the event loop. */
const PIECE = 4096

/**
 * Statistics of each of `width` inputs over the events [n × width], or those whose `rows` is not 0. Sums are about the
 * first finite value of the column, so that large offsets (timestamps) cost no digits.
 */
export async function statistics(
  events: Numbers,
  width: number,
  rows?: ArrayLike<number | boolean>,
): Promise<InputStatistics[]> {
  const columns = Array.from({ length: width }, () => new Column())
  const turns = new Turns()
  await turns.pieces(events.length / width, PIECE, (from, to) => {
    for (let n = from; n < to; n++) {
      if (rows && !rows[n]) continue
      for (let i = 0; i < width; i++) columns[i]!.add(events[n * width + i]!)
    }
  })
  return columns.map((column) => column.result())
}

class Column {
  #origin = 0
  #count = 0
  #missing = 0
  #sum = 0
  #squares = 0
  #min = Number.POSITIVE_INFINITY
  #max = Number.NEGATIVE_INFINITY

  add(value: number): void {
    if (!Number.isFinite(value)) {
      this.#missing++
      return
    }
    if (this.#count === 0) this.#origin = value
    const distance = value - this.#origin
    this.#count++
    this.#sum += distance
    this.#squares += distance * distance
    if (value < this.#min) this.#min = value
    if (value > this.#max) this.#max = value
  }

  result(): InputStatistics {
    const n = this.#count
    const mean = n ? this.#sum / n : 0
    const variance = n ? Math.max(0, this.#squares / n - mean * mean) : 0
    return {
      mean: this.#origin + mean,
      deviation: this.#min === this.#max ? 0 : Math.sqrt(variance),
      min: this.#min,
      max: this.#max,
      missing: this.#missing,
    }
  }
}

/** Offset and scale that give the events mean 0 and deviation 1; a constant column becomes 0. */
export function standardised({ mean, deviation }: InputStatistics): { offset: number; scale: number } {
  return { offset: -mean, scale: deviation > 0 ? 1 / deviation : 1 }
}
