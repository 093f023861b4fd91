/** The formats of events, told by what files begin with. */
import { InputError } from '../errors.ts'
import { unknown } from '../files/beginning.ts'
import { checkForeign } from './foreign.ts'
import { isolated } from './isolated.ts'
import { arrow } from './read/arrow.ts'
import { csv } from './read/csv.ts'
import { ndjson } from './read/ndjson.ts'
import { npy } from './read/npy.ts'
import { npz } from './read/npz.ts'
import type { Opened } from './read/opened.ts'
import { checkPacked } from './read/packed.ts'
import { parquet } from './read/parquet.ts'
import { root } from './read/root/index.ts'
import type { Format } from './source.ts'

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

/** @throws InputError where none knows the file, or it is packed by another program than gzip */
export function formatOf(opened: Opened): Format {
  checkPacked(opened)
  checkForeign(opened)
  const format = FORMATS.find((format) => format.matches(opened.head))
  if (format) return format
  throw new InputError(`${opened.name}: ${unknown(opened.head, 'events')}`)
}
