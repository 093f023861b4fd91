/** Reads tables in an isolated process, one at a time. */
import { explained } from '../errors.ts'
import type { Piece } from '../events/pieces.ts'
import { Opened } from '../events/read/opened.ts'
import type { Reading, Table } from '../events/source.ts'

const FORMATS = {
  parquet: async () => (await import('../events/read/parquet.ts')).parquet,
  root: async () => (await import('../events/read/root/index.ts')).root,
}

export type TableId = keyof typeof FORMATS

/** Numbers that are sent at once. */
const SLICE = 1 << 17

let opened: Opened
let slices: AsyncGenerator<Piece>

/** A part of the events, none at the end, and how many bytes have been read by now. */
export interface Slice {
  piece: Piece | undefined
  bytesRead: number
}

/** What is told of a table: also why a column cannot be read, or kept, by its place. */
export interface Outline extends Pick<Table, 'format' | 'cellTypes'> {
  columns: readonly string[]
  unreadable: ReadonlyMap<number, string>
  unkept: ReadonlyMap<number, string>
}

export const tables = {
  async outline(format: TableId, path: string): Promise<Outline> {
    const table = await openTable(format, path)
    const { columns = [], cellTypes } = table
    return {
      format: table.format,
      columns,
      cellTypes,
      unreadable: refusals(table, false),
      unkept: refusals(table, true),
    }
  },
  async readTable(format: TableId, path: string, wanted: readonly string[], reading?: Reading): Promise<void> {
    const table = await openTable(format, path)
    slices = sliced(table.read(wanted, reading), wanted.length)
  },
  async nextSlice(): Promise<Slice> {
    const { value } = await slices.next()
    return { piece: value, bytesRead: opened.bytesRead() }
  },
}

async function openTable(format: TableId, path: string): Promise<Table> {
  opened = await Opened.open(path)
  return (await FORMATS[format]()).open(opened, {})
}

function refusals({ columns = [], check }: Table, kept: boolean): Map<number, string> {
  const entries = columns.map((_, at): [number, string | undefined] => {
    try {
      check?.(at, kept)
      return [at, undefined]
    } catch (error) {
      return [at, explained(error)]
    }
  })
  return new Map(entries.filter((entry): entry is [number, string] => entry[1] !== undefined))
}

async function* sliced(pieces: AsyncIterable<Piece>, width: number): AsyncGenerator<Piece> {
  const most = Math.max(1, Math.floor(SLICE / Math.max(1, width)))
  for await (const { rows, kept } of pieces) {
    const count = kept?.length ?? rows.length / width
    for (let from = 0; from < count; from += most) {
      yield { rows: rows.subarray(from * width, (from + most) * width), kept: kept?.slice(from, from + most) }
    }
  }
}
