/**
 * What drones do for physics, a table a question: `npm run bench:physics [-- NAME…] [--seeds N]`. Each part is published
 * by itself, so that one can be measured anew.
 */
import { parseArgs } from 'node:util'
import { trigger } from '../peers/trigger/index.ts'
import { publish } from '../results.ts'
import { anomalies } from './anomalies.ts'
import { flavours } from './flavours.ts'
import { masses } from './masses.ts'
import { paper } from './paper.ts'

type Part = (seeds: readonly number[]) => string | Promise<string>

const PARTS: Readonly<Record<string, Part>> = { paper, masses, anomalies, flavours, trigger }

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: 'string', default: '5' } },
})
const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => i + 1)
const unknown = positionals.find((name) => !Object.hasOwn(PARTS, name))
if (unknown !== undefined) throw new Error(`there is no part ${unknown}; parts are ${Object.keys(PARTS).join(', ')}`)

for (const [name, part] of Object.entries(PARTS)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  publish(`npm run bench:physics -- ${name}`, `## Physics: ${name}\n\n${await part(seeds)}`)
}
