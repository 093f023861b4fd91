/** What an isolated process does. It holds one table at a time. */
import { Opened } from '../events/opened.ts'
import { parquet } from '../events/parquet.ts'
import { root } from '../events/root.ts'
import type { Format, Table } from '../events/source.ts'

export { explained } from '../errors.ts'

const FORMATS: Readonly<Record<string, Format>> = { parquet, root }

/** Numbers that are sent at once. */
const SLICE = 1 << 17

let opened: Opened
let table: Table
let slices: AsyncGenerator<Float64Array>

/** A part of the events, none at the end, and how many bytes have been read by now. */
export interface Slice {
  rows: Float64Array | undefined
  bytesRead: number
}

/** What is told of a table. */
export type Outline = Pick<Table, 'format' | 'columns' | 'unreadable'>

export const calls: Readonly<Record<string, (...args: any[]) => unknown>> = {
  async openTable(format: string, path: string): Promise<Outline> {
    opened = await Opened.open(path)
    table = await FORMATS[format]!.open(opened)
    const { columns, unreadable } = table
    return { format: table.format, columns, unreadable }
  },
  readTable(wanted: readonly string[], optional: ReadonlySet<string>): void {
    slices = sliced(table.read(wanted, optional), wanted.length)
  },
  async nextSlice(): Promise<Slice> {
    const { value, done } = await slices.next()
    return { rows: done ? undefined : value, bytesRead: opened.bytesRead() }
  },
}

async function* sliced(pieces: AsyncIterable<Float64Array>, width: number): AsyncGenerator<Float64Array> {
  const length = Math.max(1, Math.floor(SLICE / width)) * width
  for await (const rows of pieces) {
    for (let from = 0; from < rows.length; from += length) yield rows.subarray(from, from + length)
  }
}
