/** Files of lines in parts that stand for themselves, for several workers. */
import { OptionError } from '../errors.ts'
import { derived } from './derived.ts'
import { filesOf } from './files.ts'
import { formatOf } from './formats.ts'
import type { Piece } from './pieces.ts'
import { csv, headed } from './read/csv.ts'
import { isArray, ndjson } from './read/ndjson.ts'
import { Opened } from './read/opened.ts'
import { wholeLines } from './read/text.ts'
import { type Selection, select } from './select.ts'
import type { EventSource, Opening } from './source.ts'

/** Some lines of a file, in memory of their own. */
export interface Part {
  format: 'csv' | 'ndjson'
  /** Of the file. */
  name: string
  /** Behind the header of CSV. */
  bytes: Uint8Array<ArrayBuffer>
  /** Where the lines begin in the file. */
  line: number
}

/** Files of lines in parts, as they arrive. */
export interface Parts extends AsyncIterable<Part> {
  /** Bytes of all files, where that is known. */
  readonly size: number | undefined
  bytesRead(): number
}

/**
 * Opens files of lines to be read in parts, each of which stands for itself.
 * @throws InputError as `openEvents` does, and where a file holds no lines
 */
export async function openParts(
  paths: readonly string[],
  opening: Pick<Opening, 'decimal' | 'tolerant'>,
): Promise<Parts> {
  const all: Opened[] = []
  for (const file of await filesOf(paths)) all.push(await Opened.open(file))
  const formats = all.map((opened) => lineFormat(opened))
  async function* parts(): AsyncGenerator<Part> {
    for (const [i, opened] of all.entries()) yield* partsOf(opened, formats[i]!, opening)
  }
  const sizes = all.map(({ size }) => size)
  const size = sizes.includes(undefined) ? undefined : sizes.reduce((sum, size) => sum! + size!, 0)
  return {
    size,
    bytesRead: () => all.reduce((sum, opened) => sum + opened.bytesRead(), 0),
    [Symbol.asyncIterator]: parts,
  }
}

function lineFormat(opened: Opened): Part['format'] {
  const format = formatOf(opened)
  if (format === csv) return 'csv'
  if (format === ndjson && !isArray(opened)) return 'ndjson'
  throw new OptionError('workers', `${opened.name} is read by one; several take lines of CSV and NDJSON`)
}

async function* partsOf(opened: Opened, format: Part['format'], opening: Opening): AsyncGenerator<Part> {
  const { name } = opened
  const begin = format === 'csv' ? await headed(opened, opening) : undefined
  const header = Buffer.from(begin ? `${begin.header}\n` : '')
  let line = begin ? begin.line + 1 : 1
  let any = false
  for await (const lines of begin?.lines ?? wholeLines(opened)) {
    any = true
    yield { format, name, bytes: new Uint8Array(Buffer.concat([header, lines])), line }
    for (let at = lines.indexOf(10); at >= 0; at = lines.indexOf(10, at + 1)) line++
  }
  if (!any) yield { format, name, bytes: new Uint8Array(header), line }
}

/** Which events of a part are read: whatever does not need those before it. */
export type PartOptions = Pick<Selection, 'missing' | 'where' | 'onFault'> & Pick<Opening, 'decimal'>

export interface OpenedPart {
  events: EventSource
  columns: readonly string[] | undefined
  /** Records that have been read by now, bad ones among them. */
  rows(): number
}

/** Opens a part of a file. @param columns those of the file, where its events name their own */
export async function openPart(
  { format, name, bytes, line }: Part,
  { onFault, missing, where, decimal }: PartOptions,
  columns?: readonly string[],
): Promise<OpenedPart> {
  const tolerant = onFault !== undefined
  const opened = Opened.part(name, bytes, line)
  const table = await { csv, ndjson }[format].open(opened, { tolerant, decimal })
  let rows = 0
  async function* counted(pieces: AsyncIterable<Piece>, width: number) {
    for await (const piece of pieces) {
      rows += piece.rows.length / width
      yield piece
    }
  }
  const source: EventSource = {
    ...{ ...table, columns: columns ?? table.columns },
    ...{ name, size: bytes.length, bytesRead: () => bytes.length, close: () => opened.close() },
    read: (wanted, reading) => counted(table.read(wanted, reading), wanted.length),
  }
  const events = select(derived(source), { onFault, missing, where })
  return { events, columns: source.columns, rows: () => rows }
}
