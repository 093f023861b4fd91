/** Some of the events of a source. */
import { Random } from 'nndrone'
import { type EventSource, Growing } from './source.ts'
import type { Where } from './where.ts'

/**
 * What is done to the events, in this order: a range of them can be found again whatever the other choices are, and a
 * sample is one of those that are wanted.
 */
export interface Selection {
  /** Values that stand for a missing one, in any column. */
  missing?: readonly number[]
  /** Events at the beginning that are left out. */
  skip?: number
  /** Events that are read at most, after those. */
  limit?: number
  /** Only events of this kind. */
  where?: Where
  /** So many of those, each with the same chance, in the order of the file. */
  sample?: number
  /** Of the sample. */
  seed?: number
}

/** Events of a sample that come at once. */
const PIECE = 1 << 14

export function select(source: EventSource, selection: Selection): EventSource {
  const { missing = [], skip = 0, limit = Number.POSITIVE_INFINITY, where, sample, seed = 1 } = selection
  return {
    ...source,
    read(wanted, optional) {
      const columns = [...wanted, ...(where?.columns.filter((name) => !wanted.includes(name)) ?? [])]
      let pieces = source.read(columns, optional)
      if (missing.length > 0) pieces = withMissing(pieces, new Set(missing))
      if (skip > 0 || limit < Number.POSITIVE_INFINITY) pieces = inRange(pieces, columns.length, skip, limit)
      if (where) pieces = filtered(pieces, columns.length, wanted.length, where.bind(columns))
      if (sample !== undefined) pieces = sampled(pieces, wanted.length, sample, new Random(seed))
      return pieces
    },
  }
}

async function* withMissing(pieces: AsyncIterable<Float64Array>, missing: ReadonlySet<number>) {
  for await (const rows of pieces) {
    for (const [i, value] of rows.entries()) if (missing.has(value)) rows[i] = Number.NaN
    yield rows
  }
}

async function* inRange(pieces: AsyncIterable<Float64Array>, width: number, skip: number, limit: number) {
  let first = 0
  const end = skip + limit
  for await (const rows of pieces) {
    const next = first + rows.length / width
    const some = rows.subarray(Math.max(0, skip - first) * width, Math.max(0, end - first) * width)
    if (some.length > 0) yield some
    if (next >= end) return
    first = next
  }
}

/** Keeps the first `kept` columns of the events that pass. */
async function* filtered(
  pieces: AsyncIterable<Float64Array>,
  width: number,
  kept: number,
  test: (rows: Float64Array, at: number) => boolean,
) {
  for await (const rows of pieces) {
    let to = 0
    for (let at = 0; at < rows.length; at += width) {
      if (!test(rows, at)) continue
      rows.copyWithin(to, at, at + kept)
      to += kept
    }
    if (to > 0) yield rows.subarray(0, to)
  }
}

/** Vitter's algorithm R: event n takes the place of one in the sample with the chance count / (n + 1). */
async function* sampled(pieces: AsyncIterable<Float64Array>, width: number, count: number, random: Random) {
  const sample = new Growing()
  const numbers = new Growing()
  let n = 0
  for await (const rows of pieces) {
    for (let at = 0; at < rows.length; at += width, n++) {
      const place = n < count ? n : random.below(n + 1)
      if (place >= count) continue
      sample.set(place * width, rows.subarray(at, at + width))
      numbers.set(place, [n])
    }
  }
  const order = Uint32Array.from(numbers.all().keys()).sort((a, b) => numbers.all()[a]! - numbers.all()[b]!)
  for (let from = 0; from < order.length; from += PIECE) {
    const some = order.slice(from, from + PIECE)
    const rows = new Float64Array(some.length * width)
    for (const [i, place] of some.entries())
      rows.set(sample.all().subarray(place * width, (place + 1) * width), i * width)
    yield rows
  }
}
