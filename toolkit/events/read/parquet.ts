/** Events from Parquet: flat columns of numbers, one group of rows after the other. */
import type {
  AsyncBuffer,
  ColumnData,
  Compressors,
  DecodedArray,
  FileMetaData,
  ParquetParsers,
  SchemaElement,
  SchemaTree,
} from 'hyparquet'
import { shortest } from 'nndrone'
import { InputError } from '../../errors.ts'
import { type Ranges, readRange } from '../../files/ranges.ts'
import type { Cell, CellType, Piece } from '../pieces.ts'
import { type Format, positions, quoted, type Table } from '../source.ts'
import type { Opened } from './opened.ts'
import { checkPages } from './parquet-pages.ts'
import { keptColumns, numberText } from './strips.ts'
import { isText } from './text.ts'
import { unpackZstd } from './zstd.ts'

export const parquet: Format = {
  matches: (head) => Buffer.from(head.subarray(0, 4)).toString('latin1') === 'PAR1' && !isText(head),
  open,
}

const NUMBERS = new Set(['BOOLEAN', 'INT32', 'INT64', 'FLOAT', 'DOUBLE'])
const INTEGERS = /^U?INT_\d+$/

/** Numbers that are decoded at once, where the file's own groups are larger. */
const MOST_NUMBERS = 1 << 23

/** Events of which the text of a column is decoded at once. */
const MOST_TEXTS = 1 << 20

async function open(opened: Opened): Promise<Table> {
  const { name } = opened
  const ranges = await opened.seekable('Parquet')
  const file = asyncBuffer(ranges)
  const { parquetMetadataAsync, parquetSchema } = await import('hyparquet')
  const { metadata, columns } = await guarded(name, async () => {
    const metadata = await parquetMetadataAsync(file)
    const columns = parquetSchema(metadata).children
    if (columns.some(({ element }) => typeof element.name !== 'string')) throw new TypeError('a column without a name')
    return { metadata, columns }
  })
  const names = columns.map(({ element }) => element.name)
  return {
    format: 'parquet',
    columns: names,
    cellTypes: new Map(columns.flatMap(({ element }) => typeOf(element))),
    check: (at, kept) => void (kept ? checkFlat : checkNumbers)(name, columns[at]!),
    read(wanted, { keep } = {}) {
      for (const at of positions(name, names, wanted)) checkNumbers(name, columns[at]!)
      const kept = keep && positions(name, names, keep).map((at) => checkFlat(name, columns[at]!))
      return pieces({ name, file, metadata }, wanted, kept)
    },
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

/** The file for who reads one column: its pages are looked at before they are decoded. */
function withPagesChecked(file: AsyncBuffer, { row_groups }: FileMetaData, column: string): AsyncBuffer {
  const chunks = row_groups
    .flatMap(({ columns }) => columns.map(({ meta_data: chunk }) => chunk))
    .filter((chunk) => chunk?.path_in_schema?.[0] === column)
    .map((chunk) => {
      const { dictionary_page_offset: dictionary, data_page_offset: data, total_compressed_size: size } = chunk!
      const from = Number(dictionary || data)
      return { from, to: from + Number(size), values: Number(chunk!.num_values) }
    })
  return {
    ...file,
    async slice(from, to = file.byteLength) {
      const bytes = await file.slice(from, to)
      const chunk = chunks.find((chunk) => chunk.from <= from && to <= chunk.to)
      if (chunk) checkPages(new DataView(bytes), chunk.values)
      return bytes
    },
  }
}

/** @throws InputError where a column holds anything but a number for each event */
function checkNumbers(file: string, { element, children }: SchemaTree): void {
  const { name, type, converted_type: converted, logical_type: logical, repetition_type: repetition } = element
  const flat = children.length === 0 && repetition !== 'REPEATED'
  if (flat && isHalf(element)) return
  const plain = converted === undefined || converted === 'DECIMAL' || INTEGERS.test(converted)
  if (flat && plain && type && NUMBERS.has(type) && (!logical || /^(INTEGER|DECIMAL)$/.test(logical.type))) return
  const kind = flat ? (logical?.type ?? converted ?? type) : 'nested values'
  throw new InputError(`${file}: column ${quoted(name)} holds ${kind}, expected numbers`)
}

/** Whether a column holds numbers of sixteen bits. */
function isHalf({ type, type_length: bytes, logical_type: logical }: SchemaElement): boolean {
  return type === 'FIXED_LEN_BYTE_ARRAY' && bytes === 2 && logical?.type === 'FLOAT16'
}

/** @throws InputError where a column holds lists or records */
function checkFlat(file: string, { element, children }: SchemaTree): SchemaElement {
  if (children.length === 0 && element.repetition_type !== 'REPEATED') return element
  throw new InputError(`${file}: column ${quoted(element.name)} holds nested values; name flat columns to keep`)
}

function typeOf(element: SchemaElement): [string, CellType][] {
  const { name, type, converted_type: converted, logical_type: logical } = element
  if (type === 'FLOAT' || isHalf(element)) return [[name, 'float32']]
  if (type === 'DOUBLE') return [[name, 'float64']]
  const plain = converted === undefined ? !logical || logical.type === 'INTEGER' : INTEGERS.test(converted)
  return plain && (type === 'INT32' || type === 'INT64' || type === 'BOOLEAN') ? [[name, 'integer']] : []
}

interface ParquetFile {
  name: string
  file: AsyncBuffer
  metadata: FileMetaData
}

async function* pieces(
  from: ParquetFile,
  wanted: readonly string[],
  keep: readonly SchemaElement[] | undefined,
): AsyncGenerator<Piece> {
  const most = Math.min(keep ? MOST_TEXTS : Number.POSITIVE_INFINITY, Math.ceil(MOST_NUMBERS / wanted.length))
  let buffer = new Float64Array()
  let groupStart = 0
  for (const group of from.metadata.row_groups) {
    const groupEnd = groupStart + Number(group.num_rows)
    for (let start = groupStart; start < groupEnd; start += most) {
      const end = Math.min(groupEnd, start + most)
      const length = (end - start) * wanted.length
      if (length > buffer.length) buffer = new Float64Array(length)
      const rows = buffer.subarray(0, length)
      await fill(from, wanted, rows, start, end)
      yield { rows, kept: keep && keptColumns(await texts(from, keep, start, end), start, end - start) }
    }
    groupStart = groupEnd
  }
}

/** Fills rows [n × wanted], a column at a time so that no more than one is in memory as it was packed. */
async function fill(from: ParquetFile, wanted: readonly string[], rows: Float64Array, start: number, end: number) {
  for (const [i, column] of wanted.entries()) {
    await readColumn(from, column, start, end, (values, first) => copy(values, first, rows, i, wanted.length))
  }
}

/** The text of columns [n each]. */
async function texts(from: ParquetFile, columns: readonly SchemaElement[], start: number, end: number) {
  const cells = columns.map((): Cell[] => Array.from({ length: end - start }))
  for (const [i, column] of columns.entries()) {
    await readColumn(from, column.name, start, end, (values, first) => {
      const [begin, behind] = [Math.max(0, -first), Math.min(values.length, end - start - first)]
      for (let n = begin; n < behind; n++) cells[i]![first + n] = textOf(values[n], column)
      return Math.max(0, behind - begin)
    })
  }
  return cells
}

/** What is no number comes as text, with all its digits: a JavaScript date would end at milliseconds. */
const PARSERS: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (count) => timeText(BigInt(count), 3),
  timestampFromMicroseconds: (count) => timeText(BigInt(count), 6),
  timestampFromNanoseconds: (count) => timeText(BigInt(count), 9),
  dateFromDays: (count) => timeText(BigInt(count) * 86_400n, 0).slice(0, -'T00:00:00Z'.length),
  jsonFromBytes: (bytes) => bytes && Buffer.from(bytes).toString('utf8'),
}

/** As ISO 8601. @param digits of a second's fraction in which the time is counted */
function timeText(count: bigint, digits: number): string {
  const second = 10n ** BigInt(digits)
  const fraction = ((count % second) + second) % second
  const date = new Date(1000 * Number((count - fraction) / second))
  if (Number.isNaN(date.getTime())) throw new RangeError(`time ${count}`)
  return `${date.toISOString().slice(0, -5)}${digits > 0 ? `.${String(fraction).padStart(digits, '0')}` : ''}Z`
}

function textOf(value: unknown, column: SchemaElement): Cell {
  if (value === null || value === undefined) return undefined
  if (typeof value === 'number') return numberText(column.type === 'FLOAT' || isHalf(column) ? shortest(value) : value)
  if (typeof value === 'boolean') return String(Number(value))
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/**
 * Reads the values of a column from one event to before another.
 * @param take copies values, the first of which is number `first` of those wanted, and returns how many were wanted
 */
async function readColumn(
  { name, file, metadata }: ParquetFile,
  column: string,
  start: number,
  end: number,
  take: (values: DecodedArray, first: number) => number,
): Promise<void> {
  const { parquetRead } = await import('hyparquet')
  const compressors = await unpackers()
  let copied = 0
  const onChunk = ({ columnData, rowStart }: ColumnData) => {
    copied += take(columnData, rowStart - start)
  }
  const range = { columns: [column], rowStart: start, rowEnd: end, useOffsetIndex: true }
  await guarded(name, async () =>
    parquetRead({
      file: withPagesChecked(file, metadata, column),
      metadata,
      compressors,
      parsers: PARSERS,
      onChunk,
      ...range,
    }),
  )
  if (copied === end - start) return
  const events = `${copied} events instead of ${end - start}`
  throw new InputError(`${name}: column ${quoted(column)} holds ${events} from event ${start} (from 0) on`)
}

/** A page may be empty, which no codec unpacks; and no page becomes more than its head says. */
async function unpackers(): Promise<Compressors> {
  const { compressors, decompressZstd } = await import('hyparquet-compressors')
  const all: Compressors = { ...compressors, ZSTD: (packed, size) => unpackZstd(decompressZstd, packed, size) }
  const entries = Object.entries(all).map(([codec, unpack]): [string, typeof unpack] => {
    return [codec, (packed, size) => (size === 0 ? new Uint8Array() : unpack(packed, size))]
  })
  return Object.fromEntries(entries)
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
