/** Opens events of any known format. */
import { InputError, OptionError } from '../errors.ts'
import { derived } from './derived.ts'
import { filesOf, several } from './files.ts'
import { formatOf } from './formats.ts'
import { csv } from './read/csv.ts'
import { ndjson } from './read/ndjson.ts'
import { Opened } from './read/opened.ts'
import { type Selection, select } from './select.ts'
import { type EventSource, type Format, type Opening, quoted, type Table } from './source.ts'
import { Where } from './where.ts'

export { toNumber } from 'nndrone/lines'
export { type Loaded, load } from './load.ts'
export { openPart, openParts, type Part, type PartOptions, type Parts } from './parts.ts'
export type { Cell, CellType, Fault, Kept, Piece } from './pieces.ts'
export { numbered, type Selection, select } from './select.ts'
export { EVENT_FORMATS, type EventFormat, type EventSource, quoted, type Reading } from './source.ts'
export { WHERE_FUNCTIONS, Where } from './where.ts'

/** How files are opened, and which of their events are read. */
export interface OpenOptions extends Opening, Omit<Selection, 'where'> {
  /** Only events of this kind: a condition such as `pt > 2 && abs(eta) < 4.5`. */
  where?: string | Where
}

/**
 * Opens files, patterns such as `run*.csv`, or standard input by the name `-`; any of them may be packed by gzip. The
 * events can be read once.
 * @throws InputError where there is no such file, or nothing in it that is known; OptionError where the condition is none
 * @example
 * const events = await openEvents(['run1.csv', 'run2.parquet'], { where: 'pt > 2', missing: [-999], limit: 10_000 })
 */
export async function openEvents(paths: string | readonly string[], options: OpenOptions = {}): Promise<EventSource> {
  const { tolerant = options.onFault !== undefined, decimal, ...selection } = options
  const where = typeof options.where === 'string' ? new Where(options.where) : options.where
  const files = await filesOf([paths].flat())
  const open = (file: string) => openOne(file, { tolerant, decimal })
  const source = files.length === 1 ? await open(files[0]!) : await several(files, open)
  return select(derived(source), { ...selection, where })
}

/** Formats of which what has arrived can be answered. */
const STREAMED: readonly Format[] = [ndjson, csv]

/**
 * Opens events that arrive as NDJSON or CSV.
 * @param name as messages have it
 * @throws InputError where there is nothing, or nothing of these formats
 */
export async function openStream(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  { onFault }: Pick<OpenOptions, 'onFault'> = {},
): Promise<EventSource> {
  const opened = await Opened.stream(name, chunks)
  const format = STREAMED.find((format) => format.matches(opened.head))
  if (!format) throw new InputError(`${name}: neither NDJSON nor CSV`)
  const table = await format.open(opened, { tolerant: onFault !== undefined })
  const source = { name, size: undefined, bytesRead: () => opened.bytesRead(), close: () => opened.close() }
  return select({ ...table, ...source }, { onFault })
}

async function openOne(path: string, opening: Opening): Promise<EventSource> {
  const opened = await Opened.open(path)
  try {
    const table = await tableOf(opened, opening)
    const { name, size } = opened
    return { ...table, name, size, bytesRead: () => opened.bytesRead(), close: () => opened.close() }
  } catch (error) {
    await opened.close()
    throw error
  }
}

async function tableOf(opened: Opened, opening: Opening): Promise<Table> {
  const format = formatOf(opened)
  if (opened.part !== undefined && !format.hasParts) {
    throw new InputError(`${opened.name}: holds one table, and none is named ${quoted(opened.part)}`)
  }
  const table = await format.open(opened, opening)
  if (opening.decimal === ',' && table.format !== 'csv') {
    throw new OptionError('decimal', `${opened.name} is no CSV, and only there decimals may stand behind a comma`)
  }
  return table
}
