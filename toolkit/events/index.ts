/** Opens events of any known format. */
import { InputError } from '../errors.ts'
import { filesOf, several } from './files.ts'
import { isolated } from './isolated.ts'
import { arrow } from './read/arrow.ts'
import { csv } from './read/csv.ts'
import { ndjson } from './read/ndjson.ts'
import { npy } from './read/npy.ts'
import { npz } from './read/npz.ts'
import { Opened } from './read/opened.ts'
import { checkPacked } from './read/packed.ts'
import { parquet } from './read/parquet.ts'
import { root } from './read/root/index.ts'
import { type EventSource, type Format, type Opening, quoted } from './source.ts'

export { type Loaded, load } from './load.ts'
export type { Cell, CellType, Fault, Kept, Piece } from './pieces.ts'
export { toNumber } from './read/cells.ts'
export { type Selection, select } from './select.ts'
export { type EventFormat, type EventSource, quoted, type Reading } from './source.ts'
export { WHERE_FUNCTIONS, Where } from './where.ts'

/** Each asked in turn whether the bytes are its own; any text may be CSV, so that comes last. */
const FORMATS: readonly Format[] = [
  npy,
  npz,
  isolated(parquet, 'parquet', 'Parquet'),
  arrow,
  isolated(root, 'root', 'ROOT'),
  ndjson,
  csv,
]

/**
 * Opens files, patterns such as `run*.csv`, or standard input by the name `-`; any of them may be packed by gzip.
 * @throws InputError where there is no such file, or nothing in it that is known
 */
export async function openEvents(patterns: readonly string[], opening: Opening = {}): Promise<EventSource> {
  const files = await filesOf(patterns)
  const open = (file: string) => openOne(file, opening)
  return files.length === 1 ? open(files[0]!) : several(files, open)
}

async function openOne(path: string, opening: Opening): Promise<EventSource> {
  const opened = await Opened.open(path)
  checkPacked(opened)
  const format = FORMATS.find((format) => format.matches(opened.head))
  if (!format)
    throw new InputError(
      `${opened.name}: not a format that is known, expected CSV, NDJSON, NPY, NPZ, Parquet, Arrow or ROOT`,
    )
  if (opened.part !== undefined && !format.hasParts) {
    throw new InputError(`${opened.name}: holds one table, none of the name ${quoted(opened.part)}`)
  }
  const table = await format.open(opened, opening)
  const { name, size } = opened
  return { ...table, name, size, bytesRead: () => opened.bytesRead(), close: () => opened.close() }
}
