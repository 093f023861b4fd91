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
 * @param onPiece called after each piece
 * @throws InputError where there is no event, or what stands beside is missing
 */
export async function load(
  source: EventSource,
  features: readonly string[],
  beside: readonly string[],
  onPiece?: () => void,
): Promise<Loaded> {
  const names = [...new Set(beside)]
  const events = new Growing()
  const columns = names.map(() => new Growing())
  const width = features.length + names.length
  for await (const rows of source.read([...features, ...names])) {
    for (let at = 0; at < rows.length; at += width) {
      for (let i = 0; i < features.length; i++) events.push(rows[at + i]!)
      for (let i = 0; i < names.length; i++) columns[i]!.push(rows[at + features.length + i]!)
    }
    onPiece?.()
  }
  const count = events.length / features.length
  if (count === 0) throw new InputError(`${source.name}: no events`)
  const entries = names.map((name, i) => [name, complete(source.name, name, columns[i]!.first(count))] as const)
  return { count, events: events.first(events.length), columns: new Map(entries) }
}

/** A feature may be missing; an answer or a label that is cannot be made up. */
function complete(file: string, name: string, values: Float64Array): Float64Array {
  const missing = values.findIndex((value) => Number.isNaN(value))
  if (missing < 0) return values
  throw new InputError(`${file}: column ${JSON.stringify(name)} of event ${missing} (from 0) is missing`)
}
