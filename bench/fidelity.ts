/**
 * How faithful a drone is for its size, and what that costs: `npm run bench:fidelity`. All rows take an hour or more, so
 * each can be run by itself, and one that was stopped goes on where it was:
 *
 *     npm run bench:fidelity -- --row recorded-121 --splits 3
 *
 * What was measured is kept in build/fidelity.json, from which the section of RESULTS.md is written each time; `--anew`
 * measures a row again. Teachers are those of NNDRONE_DATA, and of bench/forest.py and bench/higgs.py.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Measured, middle, mses, ROWS, type Row, ratios } from './fidelity/rows.ts'
import { markdown, publish } from './results.ts'

const KEPT = join(dirname(fileURLToPath(import.meta.url)), '../build/fidelity.json')

/** Of each row, what was measured with the seeds 1, 2, … */
type Kept = Record<string, Measured[]>

const { values } = parseArgs({
  options: { row: { type: 'string', multiple: true }, splits: { type: 'string' }, anew: { type: 'boolean' } },
})
const unknown = values.row?.find((name) => !ROWS.some((row) => row.name === name))
if (unknown !== undefined) {
  throw new Error(`--row ${unknown}: there are ${ROWS.map(({ name }) => name).join(', ')}`)
}
const kept: Kept = existsSync(KEPT) ? JSON.parse(readFileSync(KEPT, 'utf8')) : {}
for (const row of ROWS.filter(({ name }) => !values.row || values.row.includes(name))) await measure(row)
publish('npm run bench:fidelity', report())

async function measure(row: Row): Promise<void> {
  const seeds = values.splits === undefined ? row.seeds : Number(values.splits)
  const all = (!values.anew && kept[row.name]) || []
  kept[row.name] = all
  for (let seed = all.length + 1; seed <= seeds; seed++) {
    const measured = await row.measure(seed)
    all.push(measured)
    console.log(row.name, seed, JSON.stringify(measured))
    mkdirSync(dirname(KEPT), { recursive: true })
    writeFileSync(KEPT, JSON.stringify(kept))
  }
}

function short(value: number): string {
  return value.toExponential(2)
}

function seconds(all: readonly Measured[]): string {
  return middle(all.map((one) => one.seconds)).toFixed(1)
}

function rivals(all: readonly Measured[]) {
  return all.flatMap(({ rival }) => rival ?? [])
}

/** The cells of a row: its own, those of its rival, and the ratio. */
function compared({ title }: Row, all: readonly Measured[]): string[] {
  const before = rivals(all)
  const own = [short(middle(mses(all))), short(Math.min(...mses(all))), short(Math.max(...mses(all)))]
  const theirs = before.length > 0 ? short(middle(before.map(({ mse }) => mse))) : ''
  const sizes = [all[0]!, ...before.slice(0, 1)].map(({ parameters }) => parameters)
  const times = [seconds(all), ...(before.length > 0 ? [middle(before.map((one) => one.seconds)).toFixed(1)] : [])]
  const ratio = before.length > 0 ? middle(ratios(all)).toFixed(2) : ''
  return [title, [...new Set(sizes)].join(' / '), String(all.length), ...own, theirs, ratio, times.join(' / ')]
}

function tableOf(part: Row['part'], head: readonly string[], cells: (row: Row, all: readonly Measured[]) => string[]) {
  const known = ROWS.filter((row) => row.part === part && kept[row.name]?.length)
  return markdown(
    head,
    known.map((row) => cells(row, kept[row.name]!)),
  )
}

function report(): string {
  const held = (row: Row, all: readonly Measured[]) =>
    row.bound ? [row.bound.text, row.bound.holds(all) ? 'held' : '**not held**'] : ['', '']
  const sides = ['parameters', 'seeds', 'MSE', 'least', 'largest']
  const missing = ROWS.filter(({ name }) => !kept[name]?.length).map(({ name }) => name)
  const notRun = missing.length > 0 ? `\n\nNot measured: ${missing.join(', ')}.` : ''
  return `## How faithful a drone is for its size

Of the 20,000 B decays a random half is learnt from and the other measured on, if nothing else is said: of each seed
another half. MSE is the median over the seeds. \`before\` is what \`best\` was before it pruned, growth by gradient
descent, on the same events; the ratio is the median of those in pairs, and \`at most\` what it, or else the MSE, is to
be. Seconds are of one core, now / before.

${tableOf('size', ['learnt from', ...sides, 'before', 'ratio', 'seconds', 'at most', ''], (row, all) => [...compared(row, all), ...held(row, all)])}

What 200,000 questions give: \`without\` is \`best\` that learns from the events alone.

${tableOf('questions', ['teacher', ...sides, 'without', 'ratio', 'seconds'], compared)}

Size against held-out MSE, recorded teacher, no questions:

${tableOf('frontier', ['hidden units', 'parameters', 'seeds', 'MSE', 'largest'], ({ title }, all) => [title, String(all[0]!.parameters), String(all.length), short(middle(mses(all))), short(Math.max(...mses(all)))])}

What it costs. Peak is of the whole process, in MB. Beyond 1,000 parameters a drone grows, as \`best\` did before.

${tableOf('cost', ['events', 'parameters', 'MSE', 'epochs', 'seconds', 'peak'], ({ title }, [one]) => [title, String(one!.parameters), short(one!.mse), String(one!.epochs), one!.seconds.toFixed(1), one!.peak.toFixed(0)])}${notRun}`
}
