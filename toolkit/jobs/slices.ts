/** Slices of the events by the values of a column, and what is measured in each. */
import { auc, fidelity } from 'nndrone'
import type { Answers, Slice, Slices } from './comparison.ts'
import { bothKinds } from './labels.ts'
import { pick } from './tables.ts'

/** A column, and how many slices it is to be cut into. */
export interface Slicing {
  column: string
  /** Ten unless given. */
  bins?: number
}

type Scored = Pick<Answers, 'drone' | 'teacher' | 'labels'>

const BINS = 10

/**
 * Slices of equal numbers of events, as far as events of one value allow, which stay together: where there are no more
 * values than slices, each value is one. Events without a value are the last.
 * @param known of the column, a value for each event
 * @param outputs of the models
 */
export function slicesOf(answers: Scored, known: Float64Array, outputs: number, { column, bins }: Slicing): Slices {
  const edges = edgesOf(known.filter(Number.isFinite).sort(), bins ?? BINS)
  const members = Array.from({ length: edges.length + 2 }, (): number[] => [])
  for (const [n, value] of known.entries()) members[placeOf(value, edges)]!.push(n)
  const slices = members.filter((rows) => rows.length > 0).map((rows) => measured(answers, known, outputs, rows))
  return { column, slices }
}

/** Where slices begin, but the first: as many slices of equal numbers of events, or one for each value where there are fewer. */
export function edgesOf(sorted: Float64Array, bins: number): number[] {
  const distinct = sorted.filter((value, n) => n === 0 || value !== sorted[n - 1])
  if (distinct.length <= bins) return [...distinct.subarray(1)]
  const edges = Array.from({ length: bins - 1 }, (_, k) => sorted[Math.floor(((k + 1) * sorted.length) / bins)]!)
  return edges.filter((edge, k) => edge !== (k === 0 ? sorted[0] : edges[k - 1]))
}

/** Behind the last slice for what is no value. */
function placeOf(value: number, edges: readonly number[]): number {
  if (!Number.isFinite(value)) return edges.length + 1
  const above = edges.findIndex((edge) => value < edge)
  return above < 0 ? edges.length : above
}

function measured({ drone, teacher, labels }: Scored, values: Float64Array, outputs: number, rows: number[]): Slice {
  const [own, others] = [drone, teacher].map((scores) => pick(scores, outputs, rows)) as [Float32Array, Float32Array]
  const kinds = labels && outputs === 1 ? pick(labels, 1, rows) : undefined
  const within = pick(values, 1, rows).filter(Number.isFinite).sort()
  return {
    ...{ from: within[0], to: within.at(-1) },
    ...fidelity(own, others, outputs),
    auc: kinds && bothKinds(kinds) ? { teacher: auc(others, kinds), drone: auc(own, kinds) } : undefined,
  }
}
