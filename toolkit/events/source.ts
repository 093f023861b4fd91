/** What every format of events looks like to the commands. */
import { InputError } from '../errors.ts'
import type { Opened } from './opened.ts'

/** An opened file or stream: a table of named columns, read once from front to back. */
export interface EventSource extends Table {
  /** As messages name it. */
  readonly name: string
  /** Bytes of the file, where that is known. */
  readonly size: number | undefined
  /** How many of them have been read by now. */
  bytesRead(): number
  /** Ends the reading of what is not read to its end. */
  close(): Promise<void>
}

/** What a format makes of a file. */
export interface Table {
  readonly format: string
  /** The columns' names; an unnamed one is ''. Undefined where rows carry no names and columns go by position. */
  readonly columns: readonly string[] | undefined
  /** What is said of the columns that hold no numbers, by their names, where the format leaves that to who asks. */
  readonly unreadable?: ReadonlyMap<string, string>
  /**
   * The chosen columns of every event, [events × columns], in pieces as they arrive: whatever has arrived is not held
   * back. A piece is good until the next is asked for, and belongs to whoever asked. A missing value is NaN. Columns that are not there are refused at once, not when the first piece is asked for.
   * @param optional columns that an event may lack, in formats that leave each event to name its own
   * @throws InputError that names the file, the line and the column
   */
  read(columns: readonly string[], optional?: ReadonlySet<string>): AsyncIterable<Float64Array>
}

/** A format: one file in this folder, and one line in index.ts. */
export interface Format {
  /** Whether a file that begins so is of this format. */
  matches(head: Uint8Array): boolean
  /** Whether a file holds several tables, each with a name, as in `file.root:tree`. */
  hasParts?: boolean
  open(opened: Opened): Promise<Table>
}

/**
 * The events that `parse` pushes. Where it fails the events before come first, and then the error.
 * @param parse calls `whole` after the last number of each event
 */
export function* pieceOf(parse: (rows: Growing, whole: () => void) => void): Generator<Float64Array> {
  const rows = new Growing()
  let length = 0
  let failure: unknown
  try {
    parse(rows, () => {
      length = rows.length
    })
  } catch (error) {
    failure = error
  }
  if (length > 0) yield rows.first(length)
  if (failure) throw failure
}

/** Where the wanted columns stand. */
export function positions(file: string, columns: readonly string[], wanted: readonly string[]): number[] {
  const at = new Map(columns.map((name, i) => [name, i]))
  return wanted.map((name) => {
    const position = at.get(name)
    if (position !== undefined) return position
    const there = columns.filter((column) => column !== '').join(', ')
    throw new InputError(`${file}: no column ${JSON.stringify(name)}; there are ${there}`)
  })
}

/** As `positions`, where columns may be numbered for want of names: other names then go to those that are left. */
export function numberedPositions(file: string, columns: readonly string[], wanted: readonly string[]): number[] {
  const unknown = wanted.filter((name) => !columns.includes(name))
  const left = columns.filter((column) => /^\d+$/.test(column) && !wanted.includes(column))
  if (unknown.length === 0 || left.length === 0) return positions(file, columns, wanted)
  if (unknown.length !== left.length) {
    const sides = `${left.length} for ${unknown.length} (${unknown.join(', ')})`
    throw new InputError(`${file}: columns without names, ${sides}; choose by number, as in --features 0,1,2`)
  }
  return positions(
    file,
    columns,
    wanted.map((name) => left[unknown.indexOf(name)] ?? name),
  )
}

/** The beginning of a text, as much as a message has room for. */
export function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}

/** A value as a message shows it: in quotes, and short. */
export function quoted(text: string): string {
  return JSON.stringify(short(text))
}

/** Numbers whose count is not known before the end. */
export class Growing {
  #values = new Float64Array(1024)
  #length = 0
  readonly #expected: ((length: number) => number) | undefined

  /** @param expected how many there will be, as far as can be told from how many there are */
  constructor(expected?: (length: number) => number) {
    this.#expected = expected
  }

  get length(): number {
    return this.#length
  }

  push(value: number): void {
    if (this.#length === this.#values.length) this.#grow(1)
    this.#values[this.#length++] = value
  }

  /** Puts numbers in a place, at the end or before it. */
  set(at: number, values: ArrayLike<number>): void {
    const length = Math.max(this.#length, at + values.length)
    if (length > this.#values.length) this.#grow(length - this.#length)
    this.#values.set(values, at)
    this.#length = length
  }

  all(): Float64Array {
    return this.first(this.#length)
  }

  /** What came first, up to `length` numbers; a view. */
  first(length: number): Float64Array {
    return this.#values.subarray(0, length)
  }

  /**
   * Doubles, unless many numbers tell how many more there will be: then what is made has room for all. Memory that is
   * never written to is none that is taken.
   */
  #grow(count: number): void {
    const least = this.#length + count
    const expected = least < MANY ? 0 : Math.ceil(this.#expected?.(this.#length) ?? 0)
    const known = expected > 1.1 * least && expected < MOST
    const larger = new Float64Array(known ? expected : 2 * least)
    larger.set(this.#values)
    this.#values = larger
  }
}

/** So many numbers tell how many there will be. */
const MANY = 1 << 22

/** More numbers than this, 32 GB, are not believed before they are there. */
const MOST = 2 ** 32
