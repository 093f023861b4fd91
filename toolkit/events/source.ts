/** What every format of events looks like to the commands. */
import { InputError } from '../errors.ts'

/** An opened file or stream: a table of named columns, read once from front to back. */
export interface EventSource {
  /** As messages name it. */
  readonly name: string
  readonly format: string
  /** Bytes in all, where that is known. */
  readonly size: number | undefined
  /** The columns' names; an unnamed one is ''. Undefined where rows carry no names and columns go by position. */
  readonly columns: readonly string[] | undefined
  /**
   * The chosen columns of every event, in pieces as they arrive: whatever has arrived is not held back.
   * Columns that are not there are refused at once, not when the first piece is asked for.
   * @param optional columns that an event may lack, in formats that leave each event to name its own
   * @throws InputError that names the file, the line and the column
   */
  read(columns: readonly string[], optional?: ReadonlySet<string>): AsyncIterable<Piece>
}

export interface Piece {
  /** [events × columns]; a missing value is NaN. */
  rows: Float64Array
  /** Bytes that were read for it. */
  bytes: number
}

/** A format: one file in this folder, and one line in index.ts. */
export interface Format {
  /** Whether a file that begins so is of this format. */
  matches(head: Uint8Array): boolean
  open(opened: Opened): Promise<EventSource>
}

/** Bytes from a file or from standard input. */
export interface Opened {
  name: string
  size: number | undefined
  bytes: AsyncIterable<Uint8Array>
}

/**
 * A piece of what `parse` pushes. Where it fails the events before come first, and then the error.
 * @param parse calls `whole` after the last number of each event
 */
export function* pieceOf(bytes: number, parse: (rows: Growing, whole: () => void) => void): Generator<Piece> {
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
  if (length > 0) yield { rows: rows.first(length), bytes }
  if (failure) throw failure
}

/** Where the wanted columns stand. */
export function positions(file: string, columns: readonly string[], wanted: readonly string[]) {
  return wanted.map((name) => {
    const at = columns.indexOf(name)
    if (at >= 0) return at
    const there = columns.filter((column) => column !== '').join(', ')
    throw new InputError(`${file}: no column ${JSON.stringify(name)}; there are ${there}`)
  })
}

/** A value as a message shows it: in quotes, and short. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
}

/** Numbers whose count is not known before the end. */
export class Growing {
  #values = new Float64Array(1024)
  #length = 0

  get length(): number {
    return this.#length
  }

  push(value: number): void {
    if (this.#length === this.#values.length) this.#double()
    this.#values[this.#length++] = value
  }

  /** What came first, up to `length` numbers; a view. */
  first(length: number): Float64Array {
    return this.#values.subarray(0, length)
  }

  #double(): void {
    const larger = new Float64Array(2 * this.#values.length)
    larger.set(this.#values)
    this.#values = larger
  }
}
