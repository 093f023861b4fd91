/**
 * Tables of binary numbers. A strip holds some of the columns, event after event, so a file is one strip, or one for
 * each column, or a few side by side.
 */
import { shortest } from 'nndrone'
import { InputError } from '../../errors.ts'
import type { Cell, CellType, Kept, Piece } from '../pieces.ts'
import { ByteReader } from './bytes.ts'

export interface Strip {
  /** Bytes of an event. */
  stride: number
  /** From the first event on. */
  bytes(): AsyncIterable<Uint8Array>
}

/** A column of numbers of a strip. */
export interface Field extends TextField {
  number: NumberType
}

/** A column of a strip of which the text can be told. */
export interface TextField {
  strip: Strip
  /** Bytes from an event's beginning. */
  offset: number
  text(view: DataView, at: number): Cell
}

/** How a number lies in memory. */
export interface NumberType {
  bytes: number
  holds: CellType
  get(view: DataView, at: number): number
  /** All its digits. */
  text(view: DataView, at: number): string
}

/** The types of NumPy's names: a kind, and the bytes. */
const TYPES: Readonly<Record<string, (view: DataView, at: number, little: boolean) => number>> = {
  b1: (view, at) => Number(view.getUint8(at) !== 0),
  i1: (view, at) => view.getInt8(at),
  u1: (view, at) => view.getUint8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  u2: (view, at, little) => view.getUint16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  i8: (view, at, little) =>
    view.getInt32(at + (little ? 4 : 0), little) * 2 ** 32 + view.getUint32(at + (little ? 0 : 4), little),
  u8: (view, at, little) =>
    view.getUint32(at + (little ? 4 : 0), little) * 2 ** 32 + view.getUint32(at + (little ? 0 : 4), little),
  f2: (view, at, little) => half(view.getUint16(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
}

/** The number of sixteen bits, as IEEE 754 has it. */
export function half(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023]
  const sign = bits & 0x8000 ? -1 : 1
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25))
}

/** The type of a name such as `<f8`, undefined where it is not known. */
export function numberType(name: string): NumberType | undefined {
  const get = /^[<>|=]/.test(name) ? TYPES[name.slice(1)] : undefined
  if (!get) return undefined
  const little = name[0] !== '>'
  const [kind, bytes] = [name[1], Number(name[2])]
  const holds = kind !== 'f' ? 'integer' : bytes < 8 ? 'float32' : 'float64'
  return { bytes, holds, get: (view, at) => get(view, at, little), text: textOf(name.slice(1), get, little) }
}

function textOf(type: string, get: (view: DataView, at: number, little: boolean) => number, little: boolean) {
  if (type === 'i8') return (view: DataView, at: number) => String(view.getBigInt64(at, little))
  if (type === 'u8') return (view: DataView, at: number) => String(view.getBigUint64(at, little))
  if (type === 'f2' || type === 'f4') return (view: DataView, at: number) => numberText(shortest(get(view, at, little)))
  return (view: DataView, at: number) => numberText(get(view, at, little))
}

/** A number as CSV has it. */
export function numberText(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value)
  return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'
}

/** What columns hold, by their names. */
export function cellTypes(columns: readonly { name: string; number?: NumberType }[]): Map<string, CellType> {
  return new Map(columns.flatMap(({ name, number }) => (number ? [[name, number.holds] as const] : [])))
}

/**
 * The chosen columns of all events, in pieces as they arrive.
 * @param keep columns that go along as text
 * @throws InputError where a strip ends before its last event
 */
export async function* readStrips(
  file: string,
  count: number,
  chosen: readonly Field[],
  keep: readonly TextField[] | undefined,
): AsyncGenerator<Piece> {
  const strips = new Set([...chosen, ...(keep ?? [])].map((field) => field.strip))
  const cursors = new Map([...strips].map((strip) => [strip, new Cursor(strip)]))
  let buffer = new Float64Array()
  try {
    for (let done = 0; done < count; ) {
      for (const cursor of cursors.values()) await cursor.advance()
      const rows = Math.min(count - done, ...[...cursors.values()].map((cursor) => cursor.rows))
      if (rows === 0) throw new InputError(`${file}: ends after ${done} events of ${count}; is the file whole?`)
      if (rows * chosen.length > buffer.length) buffer = new Float64Array(rows * chosen.length)
      const piece = buffer.subarray(0, rows * chosen.length)
      for (const [i, field] of chosen.entries()) copy(cursors.get(field.strip)!, field, rows, piece, i, chosen.length)
      const kept = keep && keptRows(keep, cursors, done, rows)
      for (const cursor of cursors.values()) cursor.rows -= rows
      yield { rows: piece, kept }
      done += rows
    }
  } finally {
    for (const cursor of cursors.values()) await cursor.close()
  }
}

function keptRows(keep: readonly TextField[], cursors: ReadonlyMap<Strip, Cursor>, first: number, rows: number) {
  const columns = keep.map(({ strip, offset, text }) => {
    const { view, stride, at } = cursors.get(strip)!
    return Array.from({ length: rows }, (_, n) => text(view, at + n * stride + offset))
  })
  return keptColumns(columns, first, rows)
}

/** Columns of text [rows each] as what goes along with each event. @param first the number of the first */
export function keptColumns(columns: readonly (readonly Cell[])[], first: number, rows: number): Kept[] {
  return Array.from({ length: rows }, (_, n) => {
    return { row: first + n, cells: columns.map((column) => column[n]), json: false }
  })
}

/** Where the reading of a strip stands. */
class Cursor {
  readonly stride: number
  readonly #reader: ByteReader
  #view: DataView = new DataView(new ArrayBuffer(0))
  /** Events that have come and are not copied yet. */
  rows = 0

  constructor({ stride, bytes }: Strip) {
    this.stride = stride
    this.#reader = new ByteReader(bytes())
  }

  /** Where the next event begins. */
  get at(): number {
    return this.#view.byteLength - this.rows * this.stride
  }

  get view(): DataView {
    return this.#view
  }

  async advance(): Promise<void> {
    if (this.rows > 0) return
    const { buffer, byteOffset, byteLength } = await this.#reader.takeMultiple(this.stride)
    this.#view = new DataView(buffer, byteOffset, byteLength)
    this.rows = byteLength / this.stride
  }

  async close(): Promise<void> {
    await this.#reader.close()
  }
}

/** Copies a column of `rows` events to column `i` of a piece [rows × width]. */
function copy(from: Cursor, { offset, number }: Field, rows: number, piece: Float64Array, i: number, width: number) {
  const { view, stride } = from
  let at = from.at + offset
  for (let to = i; to < rows * width; to += width, at += stride) piece[to] = number.get(view, at)
}
