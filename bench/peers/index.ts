/**
 * Every rival in one run: `npm run bench:peers`, or with `-- --quick` to see that all work. All hold the same weights,
 * must give the same answers, and take turns in each round.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { markdown, publish } from '../results.ts'
import { boundRows } from './bounds.ts'
import { type Contestant, contestant } from './contestant.ts'
import { Figures, named, type Question, spreadOf } from './figures.ts'
import { NATIVE, SIMD } from './names.ts'
import { compile, Native } from './native.ts'
import { plot } from './plots.ts'
import { rivals } from './rivals/index.ts'

const QUICK = process.argv.includes('--quick')
const ROUNDS = QUICK ? 1 : 5
/** For one measurement; each rival takes many. */
const MILLISECONDS = QUICK ? 5 : 40

const SIZES = [
  [6, 15, 1],
  [17, 15, 1],
  [28, 32, 32, 1],
  [140, 72, 1],
]
/** 0 is one event. */
const BATCHES = [0, 1024, 20_000]
const WIDTHS = [4, 8, 16, 32, 64, 128, 256]
const BATCH_SIZES = [1, 4, 16, 64, 256, 1024, 4096, 20_000]

const table = SIZES.flatMap((sizes) => BATCHES.map((batch): Question => ({ sizes, batch })))
const byWidth = WIDTHS.map((width): Question => ({ sizes: [6, width, 1], batch: 0 }))
const byBatch = BATCH_SIZES.map((batch): Question => ({ sizes: [6, 15, 1], batch }))
const questions = [...new Map([...table, ...byWidth, ...byBatch].map((q) => [`${q.sizes} ${q.batch}`, q])).values()]

const missing = new Map<string, string>()
const figures = new Figures()
const peaks: number[] = []

const noCompiler = compile()
const native = new Native()
if (noCompiler) missing.set('C++', noCompiler)
const modes = noCompiler ? [] : (['plain', 'sse', 'avx2', 'chain'] as const)
const contestants = [...rivals.map(contestant), ...modes.map((mode) => native.contestant(mode, NATIVE[mode]))]

async function measure(question: Question, { name, time }: Contestant): Promise<void> {
  if (missing.has(name)) return
  const answer = await time({ ...question, milliseconds: MILLISECONDS })
  if ('error' in answer) throw new Error(`${name}: ${answer.error}`)
  if ('lacking' in answer) missing.set(name, answer.lacking)
  else figures.add(question, name, answer.nanoseconds)
}

try {
  for (let round = 0; round < ROUNDS; round++) {
    console.error(`round ${round + 1} of ${ROUNDS}, ${(performance.now() / 1000).toFixed(0)} s`)
    if (!noCompiler) peaks.push(await native.peak(MILLISECONDS))
    for (const question of questions) for (const each of contestants) await measure(question, each)
  }
} finally {
  for (const { leave } of contestants) leave()
  native.remove()
}

const names = contestants.map(({ name }) => name).filter((name) => !missing.has(name))
const digits = (value: number) => value.toLocaleString('en', { maximumSignificantDigits: 3 })

/** Median, from least to most, and ratio to ours. */
function cells(question: Question, name: string): string[] {
  const { median, least, most } = spreadOf(figures.rounds(question, name))
  if (Number.isNaN(median)) return ['–', '', '']
  const ratio = spreadOf(figures.ratios(question, name, SIMD)).median
  return [`**${digits(median)}**`, `${digits(least)} to ${digits(most)}`, digits(ratio)]
}

function tableOf(sizes: readonly number[]): string {
  const head = [sizes.join('→'), ...BATCHES.flatMap((batch) => [named(batch), 'rounds', '×'])]
  const rows = names.map((name) => [name, ...BATCHES.flatMap((batch) => cells({ sizes, batch }, name))])
  return markdown(head, rows)
}

function pointsOf(asked: readonly Question[], along: (question: Question) => number) {
  return asked.flatMap((question) =>
    names.flatMap((name) => {
      const { median } = spreadOf(figures.rounds(question, name))
      return Number.isNaN(median) ? [] : [{ name, x: along(question), nanoseconds: median }]
    }),
  )
}

const plots = {
  width: await plot(
    'One event, 6→h→1',
    'hidden units h',
    WIDTHS,
    pointsOf(byWidth, ({ sizes }) => sizes[1]!),
  ),
  batch: await plot(
    '6→15→1 in batches',
    'events in a batch',
    BATCH_SIZES,
    pointsOf(byBatch, ({ batch }) => batch),
  ),
}

const lacking = [...missing].map(([name, reason]) => `- not in this run: ${name} (${reason})`)
const peak = peaks.length > 0 ? `${spreadOf(peaks).median.toFixed(0)} billion operations a second` : 'not measured'
const body = `## Rivals

Nanoseconds an event: the median of ${ROUNDS} rounds in which all take turns, each in a process of its own, the rounds
from least to most, and the ratio to \`simd\` in the same round (median). All hold the same weights, scored the same
events alike (to 1e-5) before they were timed, and use one thread. One event is a call from JavaScript with an array;
where it is asynchronous it is awaited. Offsets and scales are applied by the drones, plain TypeScript and C++, and are
folded into the weights of the others. The machine's peak of fused multiply-add on 8 lanes: ${peak}.

${lacking.join('\n')}

${SIZES.map(tableOf).join('\n\n')}

### What must hold

${markdown(['', 'bound', 'measured', 'rounds', ''], boundRows(figures, peaks))}

![Time of one event against the number of hidden units](plots/width.svg)

![Time an event against the size of a batch](plots/batch.svg)`

if (QUICK) console.log(body)
else {
  const folder = new URL('../plots/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  for (const [name, svg] of Object.entries(plots)) writeFileSync(new URL(`${name}.svg`, folder), svg)
  publish('npm run bench:peers', body)
}
