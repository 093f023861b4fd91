/** All events of a source, in memory. */
import { InputError } from '../errors.ts'
import { bare, Growing, type Kept } from './pieces.ts'
import { type EventSource, quoted, type Reading } from './source.ts'

export interface Loaded {
  count: number
  /** [count × features] */
  events: Float64Array
  /** The other columns that were asked for, [count] each. */
  columns: ReadonlyMap<string, Float64Array>
  /** What goes along with each event, where that was asked for. */
  kept: readonly Kept[]
}

/**
 * Reads the features of every event, and columns that stand beside them: answers, labels.
 * @param reading as for `read`
 * @param onPiece called after each piece
 * @throws InputError where there is no event, or what stands beside is missing
 */
export async function load(
  source: EventSource,
  features: readonly string[],
  beside: readonly string[],
  { onPiece, ...reading }: Reading & { onPiece?: () => void } = {},
): Promise<Loaded> {
  const names = [...new Set(beside)]
  // A little more, because what is read is a little ahead of what has come.
  const expected = (length: number) => (1.05 * length * (source.size ?? 0)) / source.bytesRead()
  const events = new Growing(expected)
  const columns = names.map(() => new Growing(expected))
  const companions: Kept[] = []
  const width = features.length + names.length
  let before = 0
  for await (const { rows, kept } of source.read([...features, ...names], reading)) {
    if (names.length === 0) events.set(events.length, rows)
    else split(rows, width, events, columns)
    if (kept) fill(companions, before)
    for (const one of kept ?? []) companions.push(one)
    before += rows.length / width
    onPiece?.()
  }
  const count = events.length / features.length
  if (count === 0) throw new InputError(`${source.name}: no events`)
  if (companions.length > 0) fill(companions, count)
  const entries = names.map((name, i) => [name, complete(source.name, name, columns[i]!.all(), companions)] as const)
  return { count, events: events.all(), columns: new Map(entries), kept: companions }
}

/** Nothing goes along with the events of pieces that do not tell. */
function fill(companions: Kept[], count: number): void {
  while (companions.length < count) companions.push(bare())
}

/** Rows [n × width] as their features and the columns beside them. */
function split(rows: Float64Array, width: number, events: Growing, columns: readonly Growing[]): void {
  const features = width - columns.length
  for (let at = 0; at < rows.length; at += width) {
    for (let i = 0; i < features; i++) events.push(rows[at + i]!)
    for (const [i, column] of columns.entries()) column.push(rows[at + features + i]!)
  }
}

/** A feature may be missing; an answer or a label that is cannot be made up. A bad record has none. */
function complete(file: string, name: string, values: Float64Array, kept: readonly Kept[]): Float64Array {
  const at = values.findIndex((value, n) => !Number.isFinite(value) && !kept[n]?.fault)
  if (at < 0) return values
  const what = Number.isNaN(values[at]!) ? 'missing' : `${values[at]}, expected a finite number`
  throw new InputError(`${file}: column ${quoted(name)} of event ${at} (from 0) is ${what}`)
}
