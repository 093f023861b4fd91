/** Picks the format that scores are written in. */
import { extname } from 'node:path'
import { OptionError } from '../../errors.ts'
import type { EventFormat } from '../index.ts'
import { csv } from './csv.ts'
import type { ScoreFormat } from './format.ts'
import { ndjson } from './ndjson.ts'
import { npy } from './npy.ts'
import { parquet } from './parquet.ts'

export { cellJSON } from './cells.ts'
export type { KeptColumn, Layout, ScoreFormat, ScoreWriter } from './format.ts'
export { asText } from './lines.ts'

const FORMATS: readonly ScoreFormat[] = [csv, ndjson, npy, parquet]

/** How the names of files end that can be written, with the dot. */
export const SCORE_ENDINGS = FORMATS.flatMap(({ endings }) => endings.map((ending) => `.${ending}`))

/** By the ending of the file; where it has none, NDJSON is answered with NDJSON, and all else with CSV. */
export function scoreFormat(path: string | undefined, events: EventFormat): ScoreFormat {
  return (path === undefined ? undefined : formatOf(path)) ?? (events === 'ndjson' ? ndjson : csv)
}

/** @throws OptionError where a file has an ending that no format has */
export function checkEnding(path: string | undefined): void {
  const ending = extname(path ?? '')
  if (path === undefined || ending === '' || formatOf(path)) return
  throw new OptionError(
    'out',
    `no format is known by the ending ${ending}; known are ${SCORE_ENDINGS.join(', ')}`,
    path,
  )
}

function formatOf(path: string): ScoreFormat | undefined {
  const ending = extname(path).slice(1).toLowerCase()
  return FORMATS.find(({ endings }) => endings.includes(ending))
}
