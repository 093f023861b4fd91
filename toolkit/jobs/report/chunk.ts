/** Some events with what drone and teacher say to them: the counts of a report are made of one chunk after the other. */
import type { Kind } from './numbers.ts'

export interface Chunk {
  /** The number of its first event in the file, from 0. */
  first: number
  count: number
  /** [count × columns], the columns of drone and teacher together. */
  rows: Float64Array
  /** [count × inputs of the drone] */
  events: Float64Array
  /** [count × outputs] */
  drone: Float32Array
  teacher: Float32Array | undefined
  /** [count], 1 signal and 0 background; of a drone with one output. */
  labels: Float64Array | undefined
  /** [count], the class; of a drone with several outputs. */
  classes: Float64Array | undefined
  /** [count], the values of the column that slices are cut by. */
  sliced: Float64Array | undefined
  /** [count], not 0 where a value is out of the range that the drone was trained on. */
  outside: Uint8Array | undefined
  /** The events of each kind. */
  kinds: readonly { kind: Kind; all: Uint32Array; scored: Uint32Array }[]
  /** Those that all have a score for. */
  scored: Uint32Array
}

/** One column of some rows of a table [n × width]. */
export function columnOf(table: ArrayLike<number>, width: number, column: number, rows: Uint32Array): Float64Array {
  const values = new Float64Array(rows.length)
  for (let n = 0; n < rows.length; n++) values[n] = table[rows[n]! * width + column]!
  return values
}

/** Numbers of the events for which something holds. */
export function numbersOf(count: number, holds: (n: number) => boolean): Uint32Array {
  const rows = new Uint32Array(count)
  let length = 0
  for (let n = 0; n < count; n++) if (holds(n)) rows[length++] = n
  return rows.subarray(0, length)
}
