/** Events as they come from a file: numbers, and what goes along with them. */
import { InputError } from '../errors.ts'
import { grouped } from '../text.ts'

export interface Piece {
  /** The columns that were asked for, [events × columns]. A missing value is NaN. */
  rows: Float64Array
  /** What goes along with each event; undefined where nothing was asked for, and where no record is bad. */
  kept: Kept[] | undefined
}

/** What goes along with an event. */
export interface Kept {
  /** Its number in the input, from 0; bad records are counted too. */
  row: number
  /** The text of the kept columns; undefined where the event lacks one, or where it cannot be known. */
  cells: readonly Cell[]
  /** Whether the cells are JSON, else plain text. */
  json: boolean
  /** The whole event as a JSON object or array, where that was asked for instead of cells. */
  event?: string
  /** What is wrong with it; its numbers are then NaN. */
  fault?: Fault
}

export type Cell = string | undefined

/** A record that cannot be read. */
export interface Fault {
  file: string
  line: number
  reason: string
  /** The record as it came. */
  text: string
}

/** The numbers of a kept column, where the file tells what they are. */
export type CellType = 'integer' | 'float32' | 'float64'

/** What goes along with an event of which nothing is kept. @param row its number, where that matters */
export function bare(row = -1): Kept {
  return { row, cells: [], json: false }
}

/** Collects the events of a piece. */
export class Gathering {
  /** Takes the numbers of each event, and is then told that the event is whole. */
  readonly rows = new Growing()
  /** All events, where they came at once. */
  #all: Float64Array | undefined
  readonly #kept: Kept[] = []
  /** Numbers of the whole events, and how many events there are. */
  #length = 0
  #events = 0

  whole(kept: Kept | undefined): void {
    this.#length = this.rows.length
    if (kept) this.#kept[this.#events] = kept
    this.#events++
  }

  /**
   * Takes whole events.
   * @param last whether these are the last ones: they are then taken as they are, and not copied
   */
  add(rows: Float64Array, count: number, last: boolean, kept: readonly Kept[] = []): void {
    if (last && this.#events === 0) this.#all = rows
    else this.rows.set(this.#length, rows)
    for (const [n, one] of kept.entries()) this.#kept[this.#events + n] = one
    this.#length += rows.length
    this.#events += count
  }

  /** Makes an event of missing values of a bad record. */
  spoil(width: number, kept: Kept): void {
    this.rows.cut(this.#length)
    for (let i = 0; i < width; i++) this.rows.push(Number.NaN)
    this.whole(kept)
  }

  get piece(): Piece | undefined {
    if (this.#events === 0) return undefined
    const rows = this.#all ?? this.rows.first(this.#length)
    if (this.#kept.length === 0) return { rows, kept: undefined }
    return { rows, kept: Array.from({ length: this.#events }, (_, n) => this.#kept[n] ?? bare()) }
  }
}

/** The events that `parse` gathers. Where it fails the events before come first, and then the error. */
export function* pieceOf(parse: (events: Gathering) => void): Generator<Piece> {
  const events = new Gathering()
  let failure: unknown
  try {
    parse(events)
  } catch (error) {
    failure = error
  }
  if (events.piece) yield events.piece
  if (failure) throw failure
}

export function faultError({ file, line, reason }: Fault): InputError {
  return new InputError(`${file}:${line}: ${reason}`)
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

  /** Forgets all but the first numbers. */
  cut(length: number): void {
    this.#length = length
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
    const larger = (known && allocated(expected)) || allocated(2 * least)
    if (!larger) {
      const count = grouped(least)
      throw new InputError(`no memory for more than ${count} numbers; read fewer events, by \`limit\` or \`sample\``)
    }
    larger.set(this.#values)
    this.#values = larger
  }
}

/** Undefined where there is no memory for them. */
function allocated(length: number): Float64Array<ArrayBuffer> | undefined {
  try {
    return new Float64Array(length)
  } catch {
    return undefined
  }
}

/** So many numbers tell how many there will be. */
const MANY = 1 << 22

/** More numbers than this, 32 GB, are not believed before they are there. */
const MOST = 2 ** 32
