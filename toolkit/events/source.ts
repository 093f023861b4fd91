/** What every format of events looks like to the commands. */
import { InputError } from '../errors.ts'
import { listed, quoted, suggested } from '../text.ts'
import type { CellType, Piece } from './pieces.ts'
import type { Opened } from './read/opened.ts'

export { excerpt, listed, quoted, short } from '../text.ts'

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

/** The formats, by the names of their files. */
export const EVENT_FORMATS = ['csv', 'ndjson', 'npy', 'npz', 'parquet', 'arrow', 'root'] as const
export type EventFormat = (typeof EVENT_FORMATS)[number]

/** What a format makes of a file. */
export interface Table {
  readonly format: EventFormat
  /** The columns' names; an unnamed one is ''. Undefined where rows carry no names and columns go by position. */
  readonly columns: readonly string[] | undefined
  /** What the columns of numbers hold, where the file tells. */
  readonly cellTypes?: ReadonlyMap<string, CellType>
  /**
   * Checks that the column at a place can be read, or kept as text, as `read` does at once.
   * @throws InputError
   */
  check?(at: number, kept: boolean): void
  /**
   * The chosen columns of every event in pieces as they arrive: whatever has arrived is not held back. A piece is good
   * until the next is asked for, and belongs to whoever asked. Columns that are not there are refused at once, not when
   * the first piece is asked for.
   * @throws InputError that names the file, the line and the column
   */
  read(columns: readonly string[], reading?: Reading): AsyncIterable<Piece>
}

/** How events are read. */
export interface Reading {
  /** Columns that an event may lack, in formats that leave each event to name its own. */
  optional?: ReadonlySet<string> | 'all'
  /** Columns that go along as text, of any type; an empty list asks for the numbers of the rows alone. */
  keep?: readonly string[]
  /** NDJSON: whole events go along instead of those columns. None may have a key that is taken. */
  whole?: { taken: readonly string[] }
}

/** How files are opened. */
export interface Opening {
  /** A bad record of a text is an event with a fault and does not end the reading. */
  tolerant?: boolean
  /** What stands before the decimals of numbers in CSV; a point unless given. With a comma, cells are not separated by it. */
  decimal?: '.' | ','
}

/** A format: one file in this folder, and one line in index.ts. */
export interface Format {
  /** Whether a file that begins so is of this format. */
  matches(head: Uint8Array): boolean
  /** Whether a file holds several tables, each with a name, as in `file.root:tree`. */
  hasParts?: boolean
  open(opened: Opened, opening: Opening): Promise<Table>
}

/**
 * Where the wanted columns stand.
 * @throws InputError where one is not there, or stands twice
 */
export function positions(file: string, columns: readonly string[], wanted: readonly string[]): number[] {
  const at = new Map(columns.map((name, i) => [name, i]))
  const twice = new Set(columns.filter((name, i) => at.get(name) !== i))
  return wanted.map((name) => {
    const position = at.get(name)
    if (twice.has(name)) throw new InputError(`${file}: two columns are named ${quoted(name)}`)
    if (position !== undefined) return position
    const others = columns.filter((column) => column !== '')
    throw new InputError(`${file}: no column ${quoted(name)}${suggested(name, others)}; there are ${listed(others)}`)
  })
}

/** As `positions`, where columns may be numbered for want of names: other names then go to those that are left. */
export function numberedPositions(file: string, columns: readonly string[], wanted: readonly string[]): number[] {
  const unknown = wanted.filter((name) => !columns.includes(name))
  const left = columns.filter((column) => /^\d+$/.test(column) && !wanted.includes(column))
  if (unknown.length === 0 || left.length === 0) return positions(file, columns, wanted)
  if (unknown.length !== left.length) {
    const sides = `${left.length} for ${unknown.length} (${listed(unknown)})`
    throw new InputError(`${file}: columns without names, ${sides}; choose by number, as in \`features\` 0,1,2`)
  }
  return positions(
    file,
    columns,
    wanted.map((name) => left[unknown.indexOf(name)] ?? name),
  )
}
