/** What is known of each input from the events alone: mean, deviation, range, and whether values are missing. */
import type { Numbers } from '../engines/api.ts'
import { counted, EvaluationError } from '../errors.ts'
import { inPieces, Pauses } from './pauses.ts'

export interface InputStatistics {
  mean: number
  /** Standard deviation, of the population; 0 of a constant column. */
  deviation: number
  min: number
  max: number
  /** Values that are not finite; the other figures are of the rest. */
  missing: number
}

/**
 * Statistics of each of `width` inputs over the events [n × width], or those whose `rows` is not 0, in one pass by
 * Welford's method about the first value, which neither large offsets (timestamps) nor outliers cost digits.
 * @throws EvaluationError where the events are no multiple of `width` numbers
 * @example const [pt, eta] = await statistics(events, 2)
 */
export async function statistics(
  events: Numbers,
  width: number,
  rows?: ArrayLike<number | boolean>,
): Promise<InputStatistics[]> {
  const count = events.length / width
  if (!Number.isInteger(count)) {
    throw new EvaluationError(`events: ${counted(events.length, 'number')}, expected a multiple of ${width}`)
  }
  const columns = Array.from({ length: width }, () => new Column())
  await inPieces(count, (from, to) => {
    for (let n = from; n < to; n++) {
      if (rows && !rows[n]) continue
      for (let i = 0; i < width; i++) columns[i]!.add(events[n * width + i]!)
    }
  })
  return columns.map((column) => column.result())
}

class Column {
  #count = 0
  #missing = 0
  #origin = 0
  /** From the origin. */
  #mean = 0
  /** Σ (x − mean)² of what has come so far. */
  #squares = 0
  #min = Number.POSITIVE_INFINITY
  #max = Number.NEGATIVE_INFINITY

  add(value: number): void {
    if (!Number.isFinite(value)) {
      this.#missing++
      return
    }
    if (this.#count++ === 0) this.#origin = value
    const x = value - this.#origin
    const distance = x - this.#mean
    this.#mean += distance / this.#count
    this.#squares += distance * (x - this.#mean)
    if (value < this.#min) this.#min = value
    if (value > this.#max) this.#max = value
  }

  result(): InputStatistics {
    const constant = this.#count === 0 || this.#min === this.#max
    return {
      mean: this.#origin + this.#mean,
      deviation: constant ? 0 : Math.sqrt(this.#squares / this.#count),
      min: this.#min,
      max: this.#max,
      missing: this.#missing,
    }
  }
}

/** At most so many events are sorted for their quantiles. */
const SAMPLED = 1 << 16

/** Fractions of a normal distribution that lie below one deviation under the mean, and over it. */
const [LOW, HIGH] = [0.158655, 0.841345]

/**
 * As `statistics`, but for the mean the median and for the deviation half the distance of the quantiles at 15.9 % and
 * 84.1 %, which are the same for a normal distribution and which outliers do not move. Where more than 68 % of the
 * values are alike, the deviation stays. Of very many events every k-th is looked at.
 * @example const [pt, eta] = await robustStatistics(events, 2)
 */
export async function robustStatistics(
  events: Numbers,
  width: number,
  rows?: ArrayLike<number | boolean>,
): Promise<InputStatistics[]> {
  const known = await statistics(events, width, rows)
  const chosen = await sampled(events.length / width, rows)
  const pauses = new Pauses()
  for (const [i, input] of known.entries()) {
    const column = Float64Array.from(chosen, (n) => events[n * width + i]!).filter((value) => Number.isFinite(value))
    column.sort()
    const at = (fraction: number) => column[Math.floor(fraction * column.length)]!
    const deviation = (at(HIGH) - at(LOW)) / 2
    if (column.length > 0) input.mean = at(0.5)
    if (deviation > 0) input.deviation = deviation
    await pauses.ifDue()
  }
  return known
}

/** The numbers of the events to look at. */
async function sampled(count: number, rows?: ArrayLike<number | boolean>): Promise<Uint32Array> {
  const chosen = new Uint32Array(count)
  let length = 0
  await inPieces(count, (from, to) => {
    for (let n = from; n < to; n++) if (!rows || rows[n]) chosen[length++] = n
  })
  return thinned(chosen.subarray(0, length))
}

/** Every k-th of very many events, so that they are not too many to sort. */
export function thinned(chosen: Uint32Array): Uint32Array {
  const step = Math.max(1, chosen.length / SAMPLED)
  return Uint32Array.from({ length: Math.min(chosen.length, SAMPLED) }, (_, k) => chosen[Math.floor(k * step)]!)
}

/**
 * Offset and scale that give the events mean 0 and deviation 1; a constant column becomes 0.
 * @example const inputs = (await statistics(events, 2)).map((known, i) => ({ name: names[i], ...standardised(known) }))
 */
export function standardised({ mean, deviation }: InputStatistics): { offset: number; scale: number } {
  return { offset: -mean, scale: deviation > 0 ? 1 / deviation : 1 }
}
