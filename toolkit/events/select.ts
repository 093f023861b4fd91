/** Some of the events of a source. */
import { Random } from 'nndrone'
import { bare, Growing, type Kept, type Piece } from './pieces.ts'
import type { EventSource } from './source.ts'
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
  /**
   * What to do with each bad record of those, where files are opened so that these do not end the reading.
   * @returns whether it keeps its place, as an event of missing values that no condition leaves out
   */
  onFault?: (bad: Kept) => boolean | Promise<boolean>
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
  const { missing = [], skip = 0, limit = Number.POSITIVE_INFINITY, onFault, where, sample, seed = 1 } = selection
  return {
    ...source,
    read(wanted, reading) {
      const columns = [...wanted, ...(where?.columns.filter((name) => !wanted.includes(name)) ?? [])]
      let pieces = source.read(columns, reading)
      if (missing.length > 0) pieces = withMissing(pieces, new Set(missing))
      if (skip > 0 || limit < Number.POSITIVE_INFINITY) pieces = inRange(pieces, columns.length, skip, limit)
      if (onFault) pieces = settled(pieces, columns.length, onFault)
      if (where) pieces = filtered(pieces, columns.length, wanted.length, where.bind(columns))
      if (sample !== undefined) pieces = sampled(pieces, wanted.length, sample, new Random(seed))
      return pieces
    },
  }
}

async function* withMissing(pieces: AsyncIterable<Piece>, missing: ReadonlySet<number>) {
  for await (const { rows, kept } of pieces) {
    for (const [i, value] of rows.entries()) if (missing.has(value)) rows[i] = Number.NaN
    yield { rows, kept }
  }
}

async function* inRange(pieces: AsyncIterable<Piece>, width: number, skip: number, limit: number) {
  let first = 0
  const end = skip + limit
  for await (const { rows, kept } of pieces) {
    const next = first + rows.length / width
    const [from, to] = [Math.max(0, skip - first), Math.max(0, end - first)]
    if (from < to && skip < next) yield { rows: rows.subarray(from * width, to * width), kept: kept?.slice(from, to) }
    if (next >= end) return
    first = next
  }
}

/** Leaves bad records out unless they are to keep their places. */
async function* settled(pieces: AsyncIterable<Piece>, width: number, onFault: NonNullable<Selection['onFault']>) {
  for await (const { rows, kept } of pieces) {
    if (!kept?.some(({ fault }) => fault)) {
      yield { rows, kept }
      continue
    }
    const left = new Set<Kept>()
    for (const one of kept) if (one.fault && !(await onFault(one))) left.add(one)
    const piece = chosen({ rows, kept }, width, width, (n) => !left.has(kept[n]!))
    if (piece.rows.length > 0) yield piece
  }
}

/** The first `columns` columns of the events that pass. */
async function* filtered(
  pieces: AsyncIterable<Piece>,
  width: number,
  columns: number,
  test: (rows: Float64Array, at: number) => boolean,
) {
  for await (const { rows, kept } of pieces) {
    const passes = kept
      ? (n: number) => kept[n]!.fault !== undefined || test(rows, n * width)
      : (n: number) => test(rows, n * width)
    const piece = chosen({ rows, kept }, width, columns, passes)
    if (piece.rows.length > 0) yield piece
  }
}

/** The first `columns` of the `width` columns of some events, in the memory of all. */
function chosen({ rows, kept }: Piece, width: number, columns: number, passes: (n: number) => boolean): Piece {
  const some: Kept[] = []
  let to = 0
  for (let n = 0; n < rows.length / width; n++) {
    if (!passes(n)) continue
    rows.copyWithin(to, n * width, n * width + columns)
    to += columns
    if (kept) some.push(kept[n]!)
  }
  return { rows: rows.subarray(0, to), kept: kept && some }
}

/** Vitter's algorithm R: event n takes the place of one in the sample with the chance count / (n + 1). */
async function* sampled(pieces: AsyncIterable<Piece>, width: number, count: number, random: Random) {
  const sample = new Growing()
  const numbers = new Growing()
  const companions: Kept[] = []
  let n = 0
  for await (const { rows, kept } of pieces) {
    for (let i = 0; i < rows.length / width; i++, n++) {
      const place = n < count ? n : random.below(n + 1)
      if (place >= count) continue
      sample.set(place * width, rows.subarray(i * width, (i + 1) * width))
      numbers.set(place, [n])
      if (kept || companions.length > 0) companions[place] = kept ? detached(kept[i]!) : bare()
    }
  }
  const order = Uint32Array.from(numbers.all().keys()).sort((a, b) => numbers.all()[a]! - numbers.all()[b]!)
  for (let from = 0; from < order.length; from += PIECE) {
    const some = order.slice(from, from + PIECE)
    const rows = new Float64Array(some.length * width)
    for (const [i, place] of some.entries())
      rows.set(sample.all().subarray(place * width, (place + 1) * width), i * width)
    yield { rows, kept: companions.length > 0 ? Array.from(some, (place) => companions[place] ?? bare()) : undefined }
  }
}

/** With text of its own: a part of a text would hold on to all of it. */
function detached({ cells, event, ...rest }: Kept): Kept {
  const copy = (text: string | undefined) => text && Buffer.from(text).toString()
  return { ...rest, cells: cells.map(copy), event: copy(event) }
}

/** Only the events of these numbers, which ascend. */
export function numbered(source: EventSource, numbers: Uint32Array): EventSource {
  return { ...source, read: (wanted, reading) => withNumbers(source.read(wanted, reading), wanted.length, numbers) }
}

async function* withNumbers(pieces: AsyncIterable<Piece>, width: number, numbers: Uint32Array) {
  let [first, next] = [0, 0]
  for await (const piece of pieces) {
    const before = first
    first += piece.rows.length / width
    const part = chosen(piece, width, width, (n) => {
      if (before + n !== numbers[next]) return false
      next++
      return true
    })
    if (part.rows.length > 0) yield part
    if (next === numbers.length) return
  }
}
