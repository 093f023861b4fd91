/** Opens events of any known format. */
import { InputError } from '../errors.ts'
import { arrow } from './arrow.ts'
import { csv } from './csv.ts'
import { ndjson } from './ndjson.ts'
import { npy } from './npy.ts'
import { npz } from './npz.ts'
import { Opened } from './opened.ts'
import { parquet } from './parquet.ts'
import { root } from './root.ts'
import { type EventSource, type Format, quoted } from './source.ts'

export { type Loaded, load } from './load.ts'
export type { EventSource } from './source.ts'

/** Each asked in turn whether the bytes are its own; any text may be CSV, so that comes last. */
const FORMATS: readonly Format[] = [npy, npz, parquet, arrow, root, ndjson, csv]

/**
 * Opens a file, or standard input by the name `-`; either may be packed by gzip.
 * @throws InputError where there is no such file, or nothing in it that is known
 */
export async function openEvents(path: string): Promise<EventSource> {
  const opened = await Opened.open(path)
  const format = FORMATS.find((format) => format.matches(opened.head))
  if (!format)
    throw new InputError(
      `${opened.name}: not a format that is known, expected CSV, NDJSON, NPY, NPZ, Parquet, Arrow or ROOT`,
    )
  if (opened.part !== undefined && !format.hasParts) {
    throw new InputError(`${opened.name}: holds one table, none of the name ${quoted(opened.part)}`)
  }
  const table = await format.open(opened)
  const { name, size } = opened
  return { ...table, name, size, bytesRead: () => opened.bytesRead(), close: () => opened.close() }
}
