/**
 * Events from Arrow IPC, files and streams (also Feather): flat columns of numbers, a batch of rows after the other. A
 * file is a stream between two signs, with a directory behind it.
 * https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc
 */
import { InputError } from '../../errors.ts'
import { readRange } from '../../files/ranges.ts'
import type { Cell, CellType, Piece } from '../pieces.ts'
import { type Format, positions, quoted, type Table } from '../source.ts'
import { ByteReader } from './bytes.ts'
import { FlatTable } from './flatbuffer.ts'
import { unpackLZ4 } from './lz4.ts'
import type { Opened } from './opened.ts'
import { keptColumns, type NumberType, numberType } from './strips.ts'
import { unpackZstd } from './zstd.ts'

export const arrow: Format = {
  matches: (head) =>
    isFile(head) || Buffer.from(head).subarray(0, 4).equals(CONTINUED) || isOldStream(Buffer.from(head)),
  open,
}

const SIGN = Buffer.from('ARROW1\0\0')

/** Stands before the length of a message. */
const CONTINUED = Buffer.from([255, 255, 255, 255])

const KINDS = { schema: 1, batch: 3 }

/** Bytes that are read into memory at once: of what describes a batch, and of a batch; and of a schema that nothing else tells. */
const LARGEST = { message: 1 << 26, body: 2 ** 31, schema: 1 << 20 }

/** The fields of the tables that are read, by their numbers in Message.fbs, Schema.fbs and File.fbs. */
const MESSAGE = { kind: 1, header: 2, bodyLength: 3 }
const FOOTER = { schema: 1 }
const SCHEMA = { endianness: 0, fields: 1 }
const FIELD = { name: 0, typeId: 2, type: 3, dictionary: 4, children: 5 }
const BATCH = { length: 0, nodes: 1, buffers: 2, compression: 3, variadic: 4 }
const COMPRESSION = { codec: 0 }

const BIG_ENDIAN =
  'big-endian Arrow data, which is not read; read it with pyarrow (pyarrow.ipc), which swaps the bytes, and write it again'

interface Column {
  name: string
  /** Where its values stand among the batch's nodes and buffers. */
  node: number
  buffer: number
  /** Undefined where it holds no numbers, or none that can be found. */
  number: NumberType | 'bits' | undefined
  /** Undefined where it holds no text: the bytes of each offset into the one that is behind. */
  offsets: 4 | 8 | undefined
  /** What it holds. */
  type: string
}

async function open(opened: Opened): Promise<Table> {
  const { name } = opened
  const messages = read(name, new ByteReader(opened.bytes()), isFile(opened.head))
  const begin = await messages.next()
  const schema = begin.done || begin.value.kind !== KINDS.schema ? await directory(opened) : begin.value.header
  if (guarded(name, () => schema.int16(SCHEMA.endianness)) !== 0) throw new InputError(`${name}: ${BIG_ENDIAN}`)
  const columns = guarded(name, () => columnsOf(schema))
  const names = columns.map((column) => column.name)
  async function* pieces(chosen: readonly Column[], keep: readonly Column[] | undefined): AsyncGenerator<Piece> {
    const { decompressZstd } = await import('hyparquet-compressors')
    const codecs = [unpackLZ4, (packed: Uint8Array, most: number) => unpackZstd(decompressZstd, packed, most)]
    let first = 0
    for (let next = begin; !next.done; next = await messages.next()) {
      const message = next.value
      if (message.kind !== KINDS.batch) continue
      const { count, rows, texts } = guarded(name, () => contentOf(new Batch(message, codecs), chosen, keep))
      if (count > 0) yield { rows, kept: texts && keptColumns(texts, first, count) }
      first += count
    }
  }
  return {
    format: 'arrow',
    columns: names,
    cellTypes: new Map(columns.flatMap(({ name, number }) => (number ? [[name, holds(number)] as const] : []))),
    read(wanted, { keep } = {}) {
      const chosen = positions(name, names, wanted).map((at) => checkNumbers(name, columns[at]!))
      return pieces(chosen, keep && positions(name, names, keep).map((at) => checkText(name, columns[at]!)))
    },
  }
}

function holds(number: NumberType | 'bits'): CellType {
  return number === 'bits' ? 'integer' : number.holds
}

function isFile(head: Uint8Array): boolean {
  return Buffer.from(head).subarray(0, SIGN.length).equals(SIGN)
}

/** Before Arrow 0.15 a stream began with the length of its schema: nothing but what follows tells what it is. */
function isOldStream(head: Buffer): boolean {
  try {
    const size = head.readInt32LE()
    return size > 0 && size <= LARGEST.schema && FlatTable.at(head.subarray(4), 0).int8(MESSAGE.kind) === KINDS.schema
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

interface Message {
  kind: number
  header: FlatTable
  body: Uint8Array
}

/** Each message with its length before it, as far as they have arrived. */
async function* read(name: string, reader: ByteReader, file: boolean): AsyncGenerator<Message, undefined> {
  const cut = () => new InputError(`${name}: ends within Arrow data; is the file whole?`)
  if (file && (await reader.fill(SIGN.length))) reader.take(SIGN.length)
  while (await reader.fill(4)) {
    let length = Buffer.from(reader.take(4))
    if (length.equals(CONTINUED)) {
      if (!(await reader.fill(4))) throw cut()
      length = Buffer.from(reader.take(4))
    }
    const size = length.readInt32LE()
    if (size === 0) return
    if (size < 0 || size > LARGEST.message) throw broken(name, `a message of ${size} bytes`)
    if (!(await reader.fill(size))) throw cut()
    const message = guarded(name, () => FlatTable.at(Buffer.from(reader.take(size)), 0))
    const { kind, header, bodyLength } = guarded(name, () => outline(message))
    if (bodyLength > LARGEST.body)
      throw broken(name, `a batch of ${bodyLength} bytes, at most ${LARGEST.body} are read`)
    if (!(await reader.fill(bodyLength))) throw cut()
    const body = reader.take(bodyLength)
    if (header) yield { kind, header, body }
  }
  if (file || reader.available > 0) throw cut()
}

function outline(message: FlatTable) {
  const bodyLength = message.int64(MESSAGE.bodyLength)
  if (bodyLength < 0) throw new RangeError(`a body of ${bodyLength} bytes`)
  return { kind: message.int8(MESSAGE.kind), header: message.table(MESSAGE.header), bodyLength }
}

/** The schema from behind a file, where the JavaScript writer of Apache Arrow puts it alone. */
async function directory({ name, head, ranges }: Opened): Promise<FlatTable> {
  if (!isFile(head) || !ranges) throw new InputError(`${name}: Arrow data without a schema at the beginning`)
  const end = ranges.size - SIGN.length - 2
  const length = Buffer.from(await readRange(ranges, end, end + 4))
  const size = length.length === 4 ? length.readInt32LE() : 0
  if (size <= 0 || size > end) throw broken(name, `a directory of ${size} bytes`)
  const footer = Buffer.from(await readRange(ranges, end - size, end))
  const schema = guarded(name, () => FlatTable.at(footer, 0).table(FOOTER.schema))
  if (schema) return schema
  throw broken(name, 'no schema')
}

/** How many buffers a column has by its type's number, before those of its children; undefined where that varies. */
const BUFFERS = [
  0,
  0,
  2,
  2,
  3,
  3,
  2,
  2,
  2,
  2,
  2,
  2,
  2,
  1,
  undefined,
  2,
  1,
  2,
  2,
  3,
  3,
  2,
  0,
  undefined,
  undefined,
  3,
  3,
]

const TYPES =
  'none null integer float binary string boolean decimal date time timestamp interval list struct union binary list map duration binary string list run-ends binary string list list'.split(
    ' ',
  )

function columnsOf(schema: FlatTable): Column[] {
  let node = 0
  let buffer = 0
  let known = true
  let passed = 0
  /** Characters of the names so far. */
  let named = 0
  /** Goes on behind a field's nodes and buffers. */
  function pass(field: FlatTable): void {
    // Four bytes point to each field: where there are more, some are part of several others, or of themselves.
    if (++passed > schema.bytes.length / 4) throw new RangeError('more fields than there is room for')
    const dictionary = field.place(FIELD.dictionary) !== undefined
    const buffers = dictionary ? 2 : BUFFERS[field.int8(FIELD.typeId)]
    node++
    buffer += buffers ?? 0
    known &&= buffers !== undefined
    if (!dictionary) for (const child of field.tables(FIELD.children)) pass(child)
  }
  return schema.tables(SCHEMA.fields).map((field) => {
    const dictionary = field.place(FIELD.dictionary) !== undefined
    const type = dictionary ? 'categories' : (TYPES[field.int8(FIELD.typeId)] ?? 'unknown values')
    const column = { name: field.string(FIELD.name), node, buffer: buffer + 1, type }
    named += column.name.length
    if (named > schema.bytes.length) throw new RangeError('longer names than there is room for')
    pass(field)
    const plain = known && !dictionary
    return { ...column, number: plain ? numbersOf(field) : undefined, offsets: plain ? offsetsOf(field) : undefined }
  })
}

/** The numbers in Schema.fbs of texts with offsets of four bytes and of eight. */
const TEXT = { short: 5, long: 20 }

function offsetsOf(field: FlatTable): Column['offsets'] {
  const type = field.int8(FIELD.typeId)
  return type === TEXT.short ? 4 : type === TEXT.long ? 8 : undefined
}

function numbersOf(field: FlatTable): Column['number'] {
  const type = field.table(FIELD.type)
  switch (TYPES[field.int8(FIELD.typeId)]) {
    case 'integer':
      return numberType(`<${type?.int8(1) ? 'i' : 'u'}${(type?.int32(0) ?? 0) / 8}`)
    case 'float':
      return numberType(`<f${2 << (type?.int16(0) ?? 0)}`)
    case 'boolean':
      return 'bits'
    default:
      return undefined
  }
}

/** @throws InputError where a column holds anything but numbers */
function checkNumbers(file: string, column: Column): Column {
  if (column.number) return column
  throw new InputError(`${file}: column ${quoted(column.name)} holds ${column.type}, expected numbers`)
}

/** @throws InputError where a column holds neither numbers nor text */
function checkText(file: string, column: Column): Column {
  if (column.number || column.offsets) return column
  throw new InputError(`${file}: column ${quoted(column.name)} holds ${column.type}; only numbers and text can be kept`)
}

type Unpack = (packed: Uint8Array, most: number) => Uint8Array

/** Bytes that a buffer may have more than its values need: some writers leave room for values to come. */
const SPARE = 1 << 16

/** A batch of rows. Sizes are checked before anything is allocated. */
class Batch {
  readonly count: number
  readonly #message: Message
  readonly #nodes: readonly number[]
  readonly #buffers: readonly Uint8Array[]
  readonly #unpack: Unpack | undefined

  constructor(message: Message, codecs: readonly Unpack[]) {
    const { header, body } = message
    this.#message = message
    this.count = header.int64(BATCH.length)
    const compression = header.table(BATCH.compression)
    this.#unpack = compression && codecs[compression.int8(COMPRESSION.codec)]
    if (compression && !this.#unpack) throw new RangeError('packed by an unknown codec')
    this.#nodes = header.vector(BATCH.nodes, 16)
    this.#buffers = header.vector(BATCH.buffers, 16).map((place) => bufferAt(header.bytes, place, body))
  }

  values({ node, buffer, number }: Column): Values {
    const bits = number === 'bits' ? 1 : 8 * number!.bytes
    const values = this.#bytes(buffer, (this.count * bits) / 8)
    const there = 8 * (values?.length ?? 0)
    if (!values || !(this.count * bits <= there))
      throw new RangeError(`${Math.floor(there / bits)} values instead of ${this.count}`)
    return { number, values, validity: this.#validity(node, buffer) }
  }

  /** Of every row. */
  texts({ node, buffer, offsets }: Column): Cell[] {
    const places = this.#bytes(buffer, (this.count + 1) * offsets!)
    const validity = this.#validity(node, buffer)
    if (this.count > 0 && !((this.count + 1) * offsets! <= (places?.length ?? 0)))
      throw new RangeError(`${this.count} texts, but not where they end`)
    const view = Buffer.from(places?.buffer ?? new ArrayBuffer(0), places?.byteOffset, places?.length)
    const place = (n: number) => (offsets === 4 ? view.readInt32LE(4 * n) : Number(view.readBigInt64LE(8 * n)))
    const bytes = this.#bytes(buffer + 1, this.count > 0 ? place(this.count) : 0) ?? new Uint8Array()
    let end = 0
    return Array.from({ length: this.count }, (_, n) => {
      if (validity && !isSet(validity, n)) return undefined
      const [from, to] = [place(n), place(n + 1)]
      if (!(from >= end && from <= to && to <= bytes.length)) throw new RangeError(`a text from ${from} to ${to}`)
      end = to
      return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8')
    })
  }

  /** @param needed bytes, which the buffer may have more than */
  #bytes(buffer: number, needed: number): Uint8Array | undefined {
    const bytes = this.#buffers[buffer]
    return bytes && unpacked(bytes, this.#unpack, 2 * needed + SPARE)
  }

  /** Which values are there; undefined where all are. */
  #validity(node: number, buffer: number): Uint8Array | undefined {
    const { bytes } = this.#message.header
    const place = this.#nodes[node]
    if (place !== undefined && bytes.readBigInt64LE(place + 8) === 0n) return undefined
    const validity = this.#bytes(buffer - 1, this.count / 8)
    if (!(this.count <= 8 * (validity?.length ?? 0)))
      throw new RangeError(`${this.count} values, but not which are missing`)
    return validity
  }
}

/** The chosen columns [rows × columns], and the text of others [rows each]. */
function contentOf(batch: Batch, chosen: readonly Column[], keep: readonly Column[] | undefined) {
  const columns = chosen.map((column) => batch.values(column))
  const rows = new Float64Array(batch.count * chosen.length)
  for (const [i, column] of columns.entries()) copy(column, rows, i, chosen.length)
  const texts = keep?.map((column) =>
    column.number ? numberTexts(batch.values(column), batch.count) : batch.texts(column),
  )
  return { count: batch.count, rows, texts }
}

function bufferAt(header: Buffer, place: number, body: Uint8Array): Uint8Array {
  const [offset, length] = [Number(header.readBigInt64LE(place)), Number(header.readBigInt64LE(place + 8))]
  if (offset < 0 || length < 0 || offset + length > body.length) throw new RangeError(`${length} bytes at ${offset}`)
  return body.subarray(offset, offset + length)
}

/** A packed buffer begins with a length, which some writers get wrong: −1 where it is stored as it is. */
function unpacked(bytes: Uint8Array, unpack: Unpack | undefined, most: number): Uint8Array {
  if (!unpack || bytes.length < 8) return bytes
  const stored = Buffer.from(bytes.subarray(0, 8)).readBigInt64LE() === -1n
  return stored ? bytes.subarray(8) : unpack(bytes.subarray(8), most)
}

interface Values {
  number: Column['number']
  values: Uint8Array
  /** A bit for each value; undefined where none is missing. */
  validity: Uint8Array | undefined
}

/** Copies a column to column `i` of a piece [rows × width]. */
function copy({ number, values, validity }: Values, rows: Float64Array, i: number, width: number): void {
  const view = new DataView(values.buffer, values.byteOffset, values.byteLength)
  for (let n = 0, at = i; at < rows.length; n++, at += width) {
    if (validity && !isSet(validity, n)) rows[at] = Number.NaN
    else rows[at] = number === 'bits' ? isSet(values, n) : number!.get(view, n * number!.bytes)
  }
}

function numberTexts({ number, values, validity }: Values, count: number): Cell[] {
  const view = new DataView(values.buffer, values.byteOffset, values.byteLength)
  return Array.from({ length: count }, (_, n) => {
    if (validity && !isSet(validity, n)) return undefined
    return number === 'bits' ? String(isSet(values, n)) : number!.text(view, n * number!.bytes)
  })
}

function isSet(bits: Uint8Array, n: number): number {
  return (bits[n >> 3]! >> (n & 7)) & 1
}

/** What points out of the bytes is wrong in the file. */
function guarded<Result>(name: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw broken(name, (error as Error).message)
  }
}

function broken(name: string, what: string): InputError {
  return new InputError(`${name}: broken Arrow data (${what})`)
}
