/** All events of a source, in memory. */
import { InputError } from '../errors.ts'
import { type EventSource, Growing } from './source.ts'

export interface Loaded {
  count: number
  /** [count × features] */
  events: Float64Array
  /** The other columns that were asked for, [count] each. */
  columns: ReadonlyMap<string, Float64Array>
}

/**
 * Reads the features of every event, and columns that stand beside them: answers, labels.
 * @param optional features that an event may lack, as for `read`
 * @param onPiece called after each piece
 * @throws InputError where there is no event, or what stands beside is missing
 */
export async function load(
  source: EventSource,
  features: readonly string[],
  beside: readonly string[],
  { optional, onPiece }: { optional?: ReadonlySet<string>; onPiece?: () => void } = {},
): Promise<Loaded> {
  const names = [...new Set(beside)]
  // A little more, because what is read is a little ahead of what has come.
  const expected = (length: number) => (1.05 * length * (source.size ?? 0)) / source.bytesRead()
  const events = new Growing(expected)
  const columns = names.map(() => new Growing(expected))
  const width = features.length + names.length
  for await (const rows of source.read([...features, ...names], optional)) {
    if (names.length === 0) events.set(events.length, rows)
    else split(rows, width, events, columns)
    onPiece?.()
  }
  const count = events.length / features.length
  if (count === 0) throw new InputError(`${source.name}: no events`)
  const entries = names.map((name, i) => [name, complete(source.name, name, columns[i]!.all())] as const)
  return { count, events: events.all(), columns: new Map(entries) }
}

/** Rows [n × width] as their features and the columns beside them. */
function split(rows: Float64Array, width: number, events: Growing, columns: readonly Growing[]): void {
  const features = width - columns.length
  for (let at = 0; at < rows.length; at += width) {
    for (let i = 0; i < features; i++) events.push(rows[at + i]!)
    for (const [i, column] of columns.entries()) column.push(rows[at + features + i]!)
  }
}

/** A feature may be missing; an answer or a label that is cannot be made up. */
function complete(file: string, name: string, values: Float64Array): Float64Array {
  const missing = values.findIndex((value) => Number.isNaN(value))
  if (missing < 0) return values
  throw new InputError(`${file}: column ${JSON.stringify(name)} of event ${missing} (from 0) is missing`)
}
