/**
 * Damages valid files of every format and reads them: `npm run fuzz [-- --runs 10000 --seed 1 --format csv]`. What came
 * of it is added to build/fuzz.ndjson, so that many runs may be made in pieces; `--publish` writes the sums.
 * Allowed are answers and refusals in one line. Not allowed are other errors, more than 5 s, more than 1 GiB and the death
 * of the process: these are printed, and the command fails.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
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

/** Of all runs so far. */
const RECORD = 'build/fuzz.ndjson'

interface Sum {
  format: string
  files: number
  read: number
  refused: number
  faults: number
  seconds: number
}

if (values.publish) publish('npm run fuzz', body())
else process.exitCode = (await fuzzAll()) > 0 ? 1 : 0

/** Returns how many faults there were. */
async function fuzzAll(): Promise<number> {
  let faults = 0
  for (const format of values.format) {
    if (FORMATS[format]!.files().length === 0) {
      console.error(`skipped: ${format} (no file of it in NNDRONE_DATA)`)
      continue
    }
    const began = performance.now()
    const runs = await fuzz(format, seed, count)
    const seconds = (performance.now() - began) / 1000
    const [read, refused] = [runs.read, runs.refused]
    console.log(`${format}, seed ${seed}: ${read} read, ${refused} refused, ${runs.faults.length} faults`)
    for (const fault of runs.faults) console.log(`  ${fault}`)
    const sum: Sum & { seed: number } = {
      format,
      seed,
      files: count,
      read,
      refused,
      faults: runs.faults.length,
      seconds,
    }
    appendFileSync(RECORD, `${JSON.stringify(sum)}\n`)
    faults += runs.faults.length
  }
  return faults
}

function body(): string {
  const lines = existsSync(RECORD) ? readFileSync(RECORD, 'utf8').trim().split('\n') : []
  const all = lines.map((line) => JSON.parse(line) as Sum)
  const rows = Object.keys(FORMATS).map((format) => {
    const some = all.filter((each) => each.format === format)
    const sum = (key: 'files' | 'read' | 'refused' | 'faults' | 'seconds') => some.reduce((n, each) => n + each[key], 0)
    const [files, read, refused, faults] = [sum('files'), sum('read'), sum('refused'), sum('faults')]
    return [format, files, read, refused, faults, Math.round(files / (sum('seconds') || 1))]
  })
  return `## Damaged files

A fault is another error than a refusal, more than 5 s, more than 1 GiB, or the death of the process.

${markdown(['format', 'files', 'read', 'refused', 'faults', 'files/s'], rows)}`
}
