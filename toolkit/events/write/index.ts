/** Picks the format that scores are written in. */
import { extname } from 'node:path'
import type { EventFormat } from '../index.ts'
import { csv } from './csv.ts'
import type { ScoreFormat } from './format.ts'
import { ndjson } from './ndjson.ts'
import { npy } from './npy.ts'
import { parquet } from './parquet.ts'

export { cellJSON } from './cells.ts'
export type { KeptColumn, Layout, ScoreFormat, ScoreWriter } from './format.ts'

const FORMATS: readonly ScoreFormat[] = [csv, ndjson, npy, parquet]

/** By the name of the file; where that tells nothing, NDJSON is answered with NDJSON, and all else with CSV. */
export function scoreFormat(path: string | undefined, events: EventFormat): ScoreFormat {
  const ending = extname(path ?? '')
    .slice(1)
    .toLowerCase()
  return FORMATS.find(({ endings }) => endings.includes(ending)) ?? (events === 'ndjson' ? ndjson : csv)
}
