/** --version: the release, and what decides on scores and files. */
import { ARITHMETIC_VERSION, createEngine, JSON_VERSION } from 'nndrone'
import { EVENT_FORMATS } from '../events/index.ts'
import { SCORE_ENDINGS } from '../events/write/index.ts'
import { FORMATS } from '../models/formats.ts'
import manifest from '../package.json' with { type: 'json' }

/** The release stands alone on the first line. */
export function versionText(): string {
  return `${manifest.version}
engine: ${createEngine().name}, arithmetic ${ARITHMETIC_VERSION}
drones: JSON version ${JSON_VERSION}
models: ${Object.keys(FORMATS).join(', ')}
events: ${EVENT_FORMATS.join(', ')}
scores: ${SCORE_ENDINGS.join(', ')}
`
}
