/**
 * Events from NumPy's NPY: an array [events × columns], or [events] of records with named fields.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
import { InputError } from '../../errors.ts'
import type { Ranges } from '../../files/ranges.ts'
import { excerpt, type Format, numberedPositions, positions, quoted, type Table } from '../source.ts'
import { ByteReader } from './bytes.ts'
import type { Opened } from './opened.ts'
import { cellTypes, type Field, type NumberType, numberType, readStrips, type Strip, type TextField } from './strips.ts'

export const npy: Format = { matches: (head) => Buffer.from(head.subarray(0, 6)).equals(MAGIC), open }

const MAGIC = Buffer.from('\x93NUMPY', 'latin1')

/** No header of a table that means well is longer. */
const LONGEST_HEADER = 1 << 20

export const MOST_COLUMNS = 4096

/** Bytes of the longest event. */
const LONGEST_EVENT = 1 << 24

/** A column of numbers; one of text, which can only go along; or one that can only be named. */
export type Column = { name: string } & (Field | (TextField & { unreadable: InputError }) | { unreadable: InputError })

/** An array in a file. */
export interface NpyArray {
  count: number
  columns: Column[]
  /** Whether the columns have names of their own. */
  named: boolean
}

async function open(opened: Opened): Promise<Table> {
  const { name } = opened
  const array = opened.ranges ? arrayAt(name, await opened.seekable('NPY')) : arrayOf(name, opened.bytes())
  const { count, columns } = await array
  const names = columns.map((column) => column.name)
  return {
    format: 'npy',
    columns: names,
    cellTypes: cellTypes(columns),
    read(wanted, { keep } = {}) {
      const chosen = numberedPositions(name, names, wanted).map((at) => readable(columns[at]!))
      const kept = keep && positions(name, names, keep).map((at) => textual(columns[at]!))
      return readStrips(name, count, chosen, kept)
    },
  }
}

/** @throws InputError where a column is of another type than numbers */
export function readable(column: Column): Field {
  if ('number' in column) return column
  throw column.unreadable
}

/** @throws InputError where a column has no text */
export function textual(column: Column): TextField {
  if ('text' in column) return column
  throw column.unreadable
}

/** An array whose bytes can be read at any place. */
export async function arrayAt(name: string, ranges: Ranges): Promise<NpyArray> {
  const reader = new ByteReader(ranges.slice(0, ranges.size))
  const { header, at } = await readHeader(name, reader)
  await reader.close()
  const { count, stride, named } = header
  if (at + count * stride > ranges.size) {
    const claimed = `${count} events of ${stride} bytes`
    throw new InputError(
      `${name}: the header tells of ${claimed}, but ${ranges.size - at} bytes follow; is the file whole?`,
    )
  }
  if (!header.fortran) {
    const strip = { stride, bytes: () => ranges.slice(at, at + count * stride) }
    return { count, named, columns: columnsOf(name, header, () => strip) }
  }
  let from = at
  const columns = columnsOf(name, header, ({ bytes }) => {
    const start = from
    from += count * bytes
    return { stride: bytes, bytes: () => ranges.slice(start, start + count * bytes) }
  })
  return { count, named, columns }
}

/** An array whose bytes come but once. */
async function arrayOf(name: string, bytes: AsyncIterable<Uint8Array>): Promise<NpyArray> {
  const reader = new ByteReader(bytes)
  const { header } = await readHeader(name, reader)
  if (header.fortran && header.fields.length > 1) {
    throw new InputError(`${name}: is in Fortran order, column after column, which cannot be read from a stream`)
  }
  const { count, stride, named } = header
  const strip = { stride, bytes: () => reader.rest() }
  return { count, named, columns: columnsOf(name, header, () => strip) }
}

function columnsOf(file: string, { fields, fortran }: Header, stripOf: (field: HeaderField) => Strip): Column[] {
  return fields.map((field) => {
    const { name, type, number } = field
    const strip = stripOf(field)
    const offset = fortran ? 0 : field.offset
    if (number) return { name, strip, offset, number, text: number.text }
    const unreadable = new InputError(`${file}: column ${quoted(name)} is of type ${quoted(type)}, expected numbers`)
    const text = textReader(field)
    return text ? { name, strip, offset, text, unreadable } : { name, unreadable }
  })
}

/** How a text of fixed length is read, `|S10` in bytes or `<U4` in characters of four; undefined for any other type. */
function textReader({ type, bytes }: HeaderField): TextField['text'] | undefined {
  const [, order, kind] = /^([<>|=])([SU])\d+$/.exec(type) ?? []
  if (kind === 'S') {
    return (view, at) =>
      Buffer.from(view.buffer, view.byteOffset + at, bytes)
        .toString('utf8')
        .replace(/\0+$/, '')
  }
  if (kind !== 'U') return undefined
  return (view, at) => {
    const codes = Array.from({ length: bytes / 4 }, (_, i) => view.getUint32(at + 4 * i, order !== '>'))
    return String.fromCodePoint(...codes.map((code) => (code > MOST_CODE ? REPLACEMENT : code))).replace(/\0+$/, '')
  }
}

/** The last character of Unicode, and the one that stands for what is none. */
const MOST_CODE = 0x10ffff
const REPLACEMENT = 0xfffd

/** What the header tells. */
interface Header {
  count: number
  /** Bytes of an event. */
  stride: number
  /** Column after column. */
  fortran: boolean
  /** Whether the fields have names; else they are numbered from 0. */
  named: boolean
  fields: HeaderField[]
}

interface HeaderField {
  name: string
  type: string
  offset: number
  bytes: number
  number: NumberType | undefined
}

async function readHeader(name: string, reader: ByteReader): Promise<{ header: Header; at: number }> {
  const cut = () => new InputError(`${name}: ends within the header; is the file whole?`)
  if (!(await reader.fill(12))) throw cut()
  const start = Buffer.from(reader.take(8))
  const wide = start[6]! > 1
  const length = wide ? reader.take(4) : reader.take(2)
  const size = wide ? Buffer.from(length).readUInt32LE() : Buffer.from(length).readUInt16LE()
  if (start[6]! < 1 || start[6]! > 3) throw new InputError(`${name}: NPY of version ${start[6]}, expected 1 to 3`)
  if (size > LONGEST_HEADER)
    throw new InputError(`${name}: a header of ${size} bytes, expected at most ${LONGEST_HEADER}`)
  if (!(await reader.fill(size))) throw cut()
  const text = Buffer.from(reader.take(size)).toString(start[6] === 3 ? 'utf8' : 'latin1')
  return { header: headerOf(name, text), at: start.length + length.length + size }
}

function headerOf(name: string, text: string): Header {
  const { descr, fortran_order: fortran, shape } = literal(name, text)
  if (!Array.isArray(shape) || !shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw new InputError(`${name}: shape ${quoted(excerpt(shape))}, expected whole numbers`)
  }
  const [count, width = 1] = shape as number[]
  const named = Array.isArray(descr)
  if (count === undefined || shape.length > (named ? 1 : 2)) {
    const expected = named ? '1 of records' : '2 (events × columns)'
    throw new InputError(`${name}: an array of ${shape.length} dimensions, expected ${expected}`)
  }
  if (width > MOST_COLUMNS) throw new InputError(`${name}: ${width} columns, expected at most ${MOST_COLUMNS}`)
  const types = named ? descr : Array.from({ length: width }, (_, i) => [String(i), descr])
  const { fields, stride } = fieldsOf(name, types)
  return { count, stride, fortran: fortran === true && !named, named, fields }
}

/**
 * The fields of a record, from a list of their names, types and shapes. Those without a name fill gaps. A field that is
 * itself a record is passed over.
 */
function fieldsOf(name: string, types: readonly unknown[]): { fields: HeaderField[]; stride: number } {
  const fields: HeaderField[] = []
  let stride = 0
  for (const entry of types) {
    const [title, type, shape = []] = Array.isArray(entry) ? entry : []
    const bytes = Array.isArray(shape) ? fieldBytes(type, shape) : undefined
    if (bytes === undefined) throw new InputError(`${name}: type ${quoted(excerpt(entry))} is not known`)
    const field = {
      name: String(Array.isArray(title) ? title[1] : title),
      type: Array.isArray(type) ? 'record' : `${type}${shape}`,
      offset: stride,
      bytes,
    }
    if (field.name !== '') fields.push({ ...field, number: shape.length === 0 ? numberType(String(type)) : undefined })
    stride += bytes
  }
  if (stride > 0 && stride <= LONGEST_EVENT) return { fields, stride }
  throw new InputError(`${name}: events of ${stride} bytes, expected from 1 to ${LONGEST_EVENT}`)
}

/** Bytes of one item, or of an array, of a type such as `<f8`, `|S10`, `<U4` (four bytes each), `<M8[ns]`, a record. */
function fieldBytes(type: unknown, shape: readonly unknown[], depth = 0): number | undefined {
  const item = Array.isArray(type) ? recordBytes(type, depth) : itemBytes(String(type))
  if (item === undefined) return undefined
  const bytes = shape.reduce((product: number, length) => product * Number(length), item)
  return Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : undefined
}

function itemBytes(type: string): number | undefined {
  const [, kind, size = '0'] = /^[<>|=]([a-zA-Z])(\d*)(?:\[.*\])?$/.exec(type) ?? []
  if (kind === undefined) return undefined
  return kind === 'O' ? 8 : Number(size) * (kind === 'U' ? 4 : 1)
}

/** Records in records that are followed. */
const DEEPEST = 32

function recordBytes(types: readonly unknown[], depth: number): number | undefined {
  if (depth > DEEPEST) return undefined
  let sum = 0
  for (const entry of types) {
    const [, type, shape = []] = Array.isArray(entry) ? entry : []
    const bytes = Array.isArray(shape) ? fieldBytes(type, shape, depth + 1) : undefined
    if (bytes === undefined) return undefined
    sum += bytes
  }
  return sum
}

const TOKEN = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(True|False|None)|(-?\d+)L?|([()[\]{},:]))/y
const WORDS: Readonly<Record<string, string>> = { True: 'true', False: 'false', None: 'null', '(': '[', ')': ']' }

/** The header's Python literal, a dictionary. */
function literal(name: string, text: string): Record<string, unknown> {
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const [, single, double = single, word, number, mark] = match
    if (double !== undefined) tokens.push(JSON.stringify(double.replace(/\\(.)/g, '$1')))
    else tokens.push(number ?? WORDS[(word ?? mark)!] ?? mark!)
  }
  try {
    const json = tokens.filter((token, i) => token !== ',' || !/^[\]}]$/.test(tokens[i + 1] ?? '')).join('')
    return Object(JSON.parse(json))
  } catch {
    throw new InputError(`${name}: the header ${quoted(text.trim())} is not one of NumPy`)
  }
}
