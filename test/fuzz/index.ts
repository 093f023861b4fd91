/**
 * Damages valid files of every format and reads them: `npm run fuzz [-- --runs 10000 --seed 1 --format csv --publish]`.
 * Allowed are answers and refusals in one line. Not allowed are other errors, more than 5 s, more than 1 GiB and the death
 * of the process: these are printed, and the command fails.
 */
import { parseArgs } from 'node:util'
import { markdown, publish } from '../../bench/results.ts'
import { FORMATS } from './formats.ts'
import { fuzz } from './run.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    format: { type: 'string', multiple: true, default: Object.keys(FORMATS) },
    publish: { type: 'boolean', default: false },
  },
})
const [count, seed] = [Number(values.runs), Number(values.seed)]
const rows: (string | number)[][] = []
let faults = 0
for (const format of values.format) {
  if (FORMATS[format]!.files().length === 0) {
    console.error(`skipped: ${format} (no file of it in NNDRONE_DATA)`)
    continue
  }
  const began = performance.now()
  const runs = await fuzz(format, seed, count)
  const rate = Math.round(count / ((performance.now() - began) / 1000))
  console.error(`${format}, seed ${seed}: ${runs.read} read, ${runs.refused} refused, ${runs.faults.length} faults`)
  for (const fault of runs.faults) console.error(`  ${fault}`)
  faults += runs.faults.length
  rows.push([format, count, runs.read, runs.refused, runs.faults.length, rate])
}
const table = markdown(['format', 'files', 'read', 'refused', 'faults', 'files/s'], rows)
const body = `## Damaged files\n\nSeed ${seed}. A fault is another error than a refusal, more than 5 s, more than 1 GiB, or the death of the process.\n\n${table}`
if (values.publish) publish('npm run fuzz', body)
else console.log(table)
process.exitCode = faults > 0 ? 1 : 0
