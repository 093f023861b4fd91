/** Events from Parquet: flat columns of numbers, one group of rows after the other. */
import type { AsyncBuffer, ColumnData, DecodedArray, FileMetaData, SchemaTree } from 'hyparquet'
import { InputError } from '../errors.ts'
import { type Ranges, readRange } from '../files/ranges.ts'
import type { Opened } from './opened.ts'
import { type Format, quoted, type Table } from './source.ts'
import { isText } from './text.ts'

export const parquet: Format = {
  matches: (head) => Buffer.from(head.subarray(0, 4)).toString('latin1') === 'PAR1' && !isText(head),
  open,
}

const NUMBERS = new Set(['BOOLEAN', 'INT32', 'INT64', 'FLOAT', 'DOUBLE'])
const INTEGERS = /^U?INT_\d+$/

/** Numbers that are decoded at once, where the file's own groups are larger. */
const MOST_NUMBERS = 1 << 23

async function open(opened: Opened): Promise<Table> {
  const { name } = opened
  const ranges = await opened.seekable('Parquet')
  const file = asyncBuffer(ranges)
  const { parquetMetadataAsync, parquetSchema } = await import('hyparquet')
  const { metadata, columns } = await guarded(name, async () => {
    const metadata = await parquetMetadataAsync(file)
    return { metadata, columns: parquetSchema(metadata).children }
  })
  const names = columns.map(({ element }) => element.name)
  return {
    format: 'Parquet',
    columns: names,
    unreadable: new Map(columns.flatMap((column) => refusal(name, column))),
    read: (wanted) => pieces(name, file, metadata, wanted),
  }
}

/** The file as hyparquet asks for it: it may start to read what it then does not wait for. */
function asyncBuffer(ranges: Ranges): AsyncBuffer {
  async function read(from: number, to: number): Promise<ArrayBuffer> {
    if (from >= 0 && from <= to && to <= ranges.size) return (await readRange(ranges, from, to)).buffer
    throw new Error(`bytes ${from} to ${to} of ${ranges.size}`)
  }
  return {
    byteLength: ranges.size,
    slice(from, to = ranges.size) {
      const bytes = read(from, to)
      bytes.catch(() => {})
      return bytes
    },
  }
}

/** The name of a column that holds anything but a number for each event, and what is said of it. */
function refusal(file: string, { element, children }: SchemaTree): [string, string][] {
  const { name, type, converted_type: converted, logical_type: logical, repetition_type: repetition } = element
  const flat = children.length === 0 && repetition !== 'REPEATED'
  const plain = converted === undefined || converted === 'DECIMAL' || INTEGERS.test(converted)
  if (flat && plain && type && NUMBERS.has(type) && (!logical || /^(INTEGER|DECIMAL)$/.test(logical.type))) return []
  const kind = flat ? (logical?.type ?? converted ?? type) : 'nested values'
  return [[name, `${file}: column ${quoted(name)} holds ${kind}, expected numbers`]]
}

async function* pieces(name: string, file: AsyncBuffer, metadata: FileMetaData, wanted: readonly string[]) {
  const most = Math.ceil(MOST_NUMBERS / wanted.length)
  let buffer = new Float64Array()
  let groupStart = 0
  for (const group of metadata.row_groups) {
    const groupEnd = groupStart + Number(group.num_rows)
    for (let start = groupStart; start < groupEnd; start += most) {
      const end = Math.min(groupEnd, start + most)
      const length = (end - start) * wanted.length
      if (length > buffer.length) buffer = new Float64Array(length)
      const rows = buffer.subarray(0, length)
      await fill(name, file, metadata, wanted, rows, start)
      yield rows
    }
    groupStart = groupEnd
  }
}

/** Fills rows [n × wanted] with the events from `start` on, a column at a time so that no more than one is in memory as it was packed. */
async function fill(
  name: string,
  file: AsyncBuffer,
  metadata: FileMetaData,
  wanted: readonly string[],
  rows: Float64Array,
  start: number,
): Promise<void> {
  const { parquetRead } = await import('hyparquet')
  const { compressors } = await import('hyparquet-compressors')
  const end = start + rows.length / wanted.length
  for (const [i, column] of wanted.entries()) {
    let copied = 0
    const onChunk = ({ columnData, rowStart }: ColumnData) => {
      copied += copy(columnData, rowStart - start, rows, i, wanted.length)
    }
    const range = { columns: [column], rowStart: start, rowEnd: end, useOffsetIndex: true }
    await guarded(name, () => parquetRead({ file, metadata, compressors, onChunk, ...range }))
    if (copied === end - start) continue
    const events = `${copied} events instead of ${end - start}`
    throw new InputError(`${name}: column ${quoted(column)} holds ${events} from event ${start} (from 0) on`)
  }
}

/**
 * Copies values to column `i` of a piece [rows × width], as far as they lie in it.
 * @param first the row of the first value, negative where that comes before the piece
 * @returns how many were copied
 */
function copy(values: DecodedArray, first: number, rows: Float64Array, i: number, width: number): number {
  const from = Math.max(0, -first)
  const to = Math.min(values.length, rows.length / width - first)
  for (let n = from, at = (first + from) * width + i; n < to; n++, at += width) {
    const value = values[n]
    rows[at] = typeof value === 'number' ? value : Number(value ?? Number.NaN)
  }
  return Math.max(0, to - from)
}

/** What goes wrong inside hyparquet is wrong in the file. */
async function guarded<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof InputError) throw error
    throw new InputError(`${name}: broken Parquet data (${(error as Error).message}); is the file whole?`)
  }
}
