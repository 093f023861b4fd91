/**
 * Lines from file to file through the command, against loops that one writes first: `npm run bench:lines [lines]
 * [folder]`. The rivals read chunks of 64 kB as text, and score with `predictRecord` or `predict`. With the folder of a
 * build of an earlier version, its command is measured too. Each run is a process of its own, start included; the rounds
 * are interleaved.
 */
import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Random } from '../bindings/arithmetic/random.ts'
import { median } from './median.ts'
import { markdown, publish } from './results.ts'

const ROUNDS = 5
const INPUTS = ['pt', 'eta', 'min_pt', 'max_pt', 'min_eta', 'max_eta']
const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Prints at the end how much processor time the process took, in seconds. */
const USAGE = `data:text/javascript,process.on('exit',()=>{const{user,system}=process.cpuUsage();process.stderr.write('\\n'+(user+system)/1e6)})`

/** Text that stands before all rivals: reads a file in chunks, and writes what they make of its lines. */
const LOOP = (make: string) => `
  import { openSync, readFileSync, readSync, writeSync } from 'node:fs'
  import { Drone } from ${JSON.stringify(join(ROOT, 'dist/index.js'))}
  const [drone, events, out] = process.argv.slice(-3)
  const { inputs, predict, predictRecord } = prepared(Drone.from(readFileSync(drone)))
  function prepared(drone) {
    return { inputs: drone.inputs, predict: (row) => drone.predict(row), predictRecord: (record) => drone.predictRecord(record) }
  }
  const [from, to] = [openSync(events), openSync(out, 'w')]
  const chunk = Buffer.alloc(1 << 16)
  let rest = ''
  for (let count = readSync(from, chunk); count > 0; count = readSync(from, chunk)) {
    const lines = (rest + chunk.latin1Slice(0, count)).split('\\n')
    rest = lines.pop()
    let text = ''
    for (const line of lines) text += ${make}
    writeSync(to, text)
  }`

const RECORDS = LOOP("'{\"signal\":' + String(predictRecord(JSON.parse(line))) + '}\\n'")
/** The header becomes a line of NaN, which costs nothing. */
const CELLS = LOOP("row(line.split(',')) + '\\n'").replace(
  'const chunk',
  'const places = [2, 3, 4, 6, 7, 8]\n  const row = (cells) => String(predict(places.map((i) => Number(cells[i]))))\n  const chunk',
)

interface Case {
  name: string
  ending: 'ndjson' | 'csv'
  rival: string
  head: string
  line(random: Random, n: number): string
}

const number = (random: Random) => random.uniform() * 40 - 10
const record = (random: Random, n: number, text: (value: number) => string) =>
  `{"run":${100_000 + (n % 97)},"event":${n},${INPUTS.map((name) => `"${name}":${text(number(random))}`).join()}}\n`

const CASES: Case[] = [
  {
    name: 'NDJSON, short numbers',
    ending: 'ndjson',
    rival: RECORDS,
    head: '',
    line: (random, n) => record(random, n, (value) => value.toFixed(4)),
  },
  {
    name: 'NDJSON, 17 digits',
    ending: 'ndjson',
    rival: RECORDS,
    head: '',
    line: (random, n) => record(random, n, String),
  },
  {
    name: 'CSV, 6 of 10 columns',
    ending: 'csv',
    rival: CELLS,
    head: 'run,event,pt,eta,min_pt,tag,max_pt,min_eta,max_eta,weight\n',
    line: (random, n) => {
      const [a, b, c, d, e, f] = Array.from(INPUTS, () => number(random).toFixed(5))
      return `${100_000 + (n % 97)},${n},${a},${b},${c},tag${n % 7},${d},${e},${f},1.5\n`
    },
  },
]

function make(file: string, { head, line }: Case, count: number): void {
  const random = new Random(1)
  const to = openSync(file, 'w')
  writeSync(to, head)
  for (let n = 0; n < count; ) {
    let text = ''
    for (const end = Math.min(count, n + 10_000); n < end; n++) text += line(random, n)
    writeSync(to, text)
  }
  closeSync(to)
}

/** A drone 6 → 15 → 1. */
function someDrone(): string {
  const random = new Random(2)
  const numbers = (count: number) => Array.from({ length: count }, () => random.uniform() * 2 - 1)
  const layers = [
    { architecture: 'dense', activation: 'tanh', weights: numbers(90), bias: numbers(15) },
    { architecture: 'dense', activation: 'sigmoid', weights: numbers(15), bias: numbers(1) },
  ]
  return JSON.stringify({
    inputs: INPUTS.map((name) => ({ name, offset: -2, scale: 0.2 })),
    layers,
    outputs: ['signal'],
  })
}

/** Seconds on the clock, and of processor time. */
function timed(...args: string[]): [seconds: number, processor: number] {
  const began = performance.now()
  const { status, stderr } = spawnSync(process.execPath, ['--import', USAGE, ...args], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return [(performance.now() - began) / 1000, Number(stderr.trim().split('\n').at(-1))]
}

const [lines = '3000000', before] = process.argv.slice(2)
const count = Number(lines)
const folder = mkdtempSync(join(tmpdir(), 'nndrone-lines-'))
const at = (name: string) => join(folder, name)
writeFileSync(at('drone.json'), someDrone())
const command = (root: string, events: string) => [
  ...[join(root, 'toolkit/bin/nndrone.js'), 'predict', at('drone.json')],
  ...['--events', events, '--out', at(`scores.${events.split('.').at(-1)}`)],
]
const rows: string[][] = []
try {
  for (const one of CASES) {
    const events = at(`events.${one.ending}`)
    make(events, one, count)
    writeFileSync(at('rival.mjs'), one.rival)
    const ways: Record<string, string[]> = {
      'a loop': [at('rival.mjs'), at('drone.json'), events, at('rival.txt')],
      ...(before && { 'the command before': command(before, events) }),
      'the command': command(ROOT, events),
    }
    const times = new Map(Object.keys(ways).map((way) => [way, [] as [number, number][]]))
    for (let round = 0; round < ROUNDS; round++) {
      for (const [way, args] of Object.entries(ways)) times.get(way)!.push(timed(...args))
    }
    const rival = readFileSync(at('rival.txt'), 'utf8').slice(0, 1e6)
    const scores = readFileSync(at(`scores.${one.ending}`), 'utf8').slice(0, 1e6)
    // Without the header of CSV. The command writes the shortest decimals of the same f32 numbers.
    const told = (text: string) =>
      text
        .split('\n', 10_000)
        .slice(1)
        .map((line) => Math.fround(Number(line.replace(/[{}":a-df-z]/g, ''))))
        .join()
    if (told(rival) !== told(scores)) throw new Error(`${one.name}: the scores differ`)
    const [wall, processor] = [0, 1].map((i) => (way: string) => median(times.get(way)!.map((pair) => pair[i]!)))
    for (const way of Object.keys(ways)) {
      const cells = [
        wall!(way),
        count / wall!(way) / 1e6,
        wall!(way) / wall!('the command'),
        processor!(way) / processor!('the command'),
      ]
      const bytes = (statSync(events).size / count).toFixed(0)
      rows.push([`${one.name}, ${bytes} bytes a line: ${way}`, ...cells.map((cell) => cell.toFixed(2))])
    }
    rmSync(events)
  }
} finally {
  rmSync(folder, { recursive: true })
}
const head = ['', 'seconds', 'million lines/s', '× the command, clock', '× the command, processor']
publish(
  'npm run bench:lines',
  `## Lines from file to file\n\n${count.toLocaleString('en')} lines, a drone 6 → 15 → 1, medians of ${ROUNDS} interleaved runs, each a process with its start.\n\n${markdown(head, rows)}`,
)
