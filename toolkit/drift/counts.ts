/** Counts of values in the bins of a reference, and what they tell. */
import { chance, ks, psi } from './measures.ts'
import type { Reference, Variable } from './reference.ts'

/** Places of a variable: its bins, and the last one for missing values. A search of five steps ends in one of the others. */
const PLACES = 32
const MISSING = PLACES - 1

/** An index above this is a drift unless somebody says otherwise. */
export const LIMIT = 0.1

/** How one input or output differs from the training. */
export interface VariableDrift {
  name: string
  kind: 'input' | 'output'
  /** Population stability index over bins of 5 % of the training, one below, one above, and one of missing values. */
  psi: number
  /** The statistic of Kolmogorov and Smirnov at the ends of these bins, of the values that are not missing. */
  ks: number
  /** The fraction of the events without a value, now and in training. */
  missing: number
  missingInTraining: number
  /** Whether `psi` is above the limit, and more than chance makes of so few events. */
  drifted: boolean
}

/** How events differ from those of the training. */
export interface DriftMeasure {
  /** How many there are, and how many of the training they are compared with. */
  events: number
  training: number
  limit: number
  /** Whether anything drifted. */
  drifted: boolean
  /** The fraction of the events with a value out of the range that its input had in training; NaN of no events. */
  outside: number
  /** Those that the drone keeps quantiles of. */
  variables: VariableDrift[]
}

/** Where values are counted: [variables × 32] ends of bins, filled up by infinities. */
interface Bins {
  readonly variables: readonly (Variable | undefined)[]
  readonly ends: Float64Array
  readonly least: Float64Array
  readonly greatest: Float64Array
}

function binsOf({ inputs, outputs, domain }: Reference): Bins {
  const variables = [...inputs, ...outputs]
  const ends = new Float64Array(variables.length * PLACES).fill(Number.POSITIVE_INFINITY)
  for (const [v, variable] of variables.entries()) if (variable) ends.set(variable.edges, v * PLACES)
  return {
    ...{ variables, ends },
    least: Float64Array.from(domain, (range) => range?.[0] ?? Number.NEGATIVE_INFINITY),
    greatest: Float64Array.from(domain, (range) => range?.[1] ?? Number.POSITIVE_INFINITY),
  }
}

/**
 * Counts events as they pass; their number does not matter to the memory.
 * @example
 * const counts = new Counts(referenceOf(drone.network))
 * counts.add(rows, drone.predictBatch(rows))
 * console.log(counts.measure().variables)
 */
export class Counts {
  readonly reference: Reference
  readonly #bins: Bins
  /** [variables × 32] */
  readonly #counts: Float64Array
  #events = 0
  #outside = 0

  /** @param like counts of the same reference, whose bins are shared */
  constructor(reference: Reference, like?: Counts) {
    this.reference = reference
    this.#bins = like ? like.#bins : binsOf(reference)
    this.#counts = new Float64Array(this.#bins.ends.length)
  }

  /** How many events were counted. */
  get events(): number {
    return this.#events
  }

  /** How many of them have a value out of the range of the training. */
  get outside(): number {
    return this.#outside
  }

  /**
   * Counts events and their scores.
   * @param rows [events × inputs], @param scores [events × outputs]; what is not finite is missing
   */
  add(
    rows: ArrayLike<number>,
    scores: ArrayLike<number>,
    from = 0,
    to = rows.length / this.reference.inputs.length,
  ): void {
    const { ends, least, greatest } = this.#bins
    const counts = this.#counts
    const [width, height] = [this.reference.inputs.length, this.reference.outputs.length]
    for (let n = from; n < to; n++) {
      let out = 0
      for (let i = 0; i < width; i++) {
        const value = rows[n * width + i]!
        counts[placeOf(ends, i * PLACES, value)]!++
        // Infinities are missing, and none of them is within a range or out of it.
        if (
          (value < least[i]! && value !== Number.NEGATIVE_INFINITY) ||
          (value > greatest[i]! && value !== Number.POSITIVE_INFINITY)
        )
          out = 1
      }
      for (let j = 0; j < height; j++) counts[placeOf(ends, (width + j) * PLACES, scores[n * height + j]!)]!++
      this.#outside += out
    }
    this.#events += to - from
  }

  /** Adds counts of the same reference, @param sign or takes them away by −1. */
  merge(other: Counts, sign = 1): void {
    for (let at = 0; at < this.#counts.length; at++) this.#counts[at]! += sign * other.#counts[at]!
    this.#events += sign * other.#events
    this.#outside += sign * other.#outside
  }

  clear(): void {
    this.#counts.fill(0)
    this.#events = this.#outside = 0
  }

  /** Plain numbers, for another process. */
  toJSON(): { events: number; outside: number; counts: number[] } {
    return { events: this.#events, outside: this.#outside, counts: [...this.#counts] }
  }

  /** Adds what another process counted of the same reference. */
  mergeJSON({ events, outside, counts }: ReturnType<Counts['toJSON']>): void {
    for (let at = 0; at < this.#counts.length; at++) this.#counts[at]! += counts[at]!
    this.#events += events
    this.#outside += outside
  }

  /** @param limit an index above it is a drift */
  measure(limit = LIMIT): DriftMeasure {
    const variables = this.#bins.variables.flatMap((variable, v) => {
      return variable ? [this.#measured(variable, this.#counts.subarray(v * PLACES, (v + 1) * PLACES), limit)] : []
    })
    return {
      ...{ events: this.#events, training: this.reference.events, limit },
      drifted: variables.some(({ drifted }) => drifted),
      outside: this.#outside / this.#events,
      variables,
    }
  }

  #measured(variable: Variable, counts: Float64Array, limit: number): VariableDrift {
    const { name, kind, edges, atMost, missing } = variable
    const events = Math.max(1, this.#events)
    const training = Math.max(1, this.reference.events)
    const known = events - counts[MISSING]!
    const shares = [...edges.keys(), edges.length].map((bin) => (atMost[bin] ?? 1) - (atMost[bin - 1] ?? 0))
    const expected = [...shares.map((share) => share * (1 - missing)), missing]
    const actual = [...shares.map((_, bin) => counts[bin]! / events), counts[MISSING]! / events]
    // So few events cannot tell less than half a one from none.
    const least = Math.max(1e-4, 1 / training, 0.5 / events)
    const index = this.#events === 0 ? 0 : psi(expected, actual, least)
    const bins = expected.filter((share) => share > 0).length
    return {
      ...{ name, kind, psi: index },
      ks:
        known === 0
          ? 0
          : ks(
              shares,
              shares.map((_, bin) => counts[bin]! / known),
            ),
      ...{ missing: counts[MISSING]! / events, missingInTraining: missing },
      drifted: index > limit && index > chance(bins, events, training),
    }
  }
}

/** Where a value is counted: the number of ends that are less, by a search without branches that could be mispredicted. */
function placeOf(ends: Float64Array, first: number, value: number): number {
  if (value - value !== 0) return first + MISSING
  let at = first
  at += value > ends[at + 15]! ? 16 : 0
  at += value > ends[at + 7]! ? 8 : 0
  at += value > ends[at + 3]! ? 4 : 0
  at += value > ends[at + 1]! ? 2 : 0
  at += value > ends[at]! ? 1 : 0
  return at
}
