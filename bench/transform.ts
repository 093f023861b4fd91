/**
 * What a stream costs for an event, in chunks of 1,000, beside a bare loop of `predictRecord`: `npm run bench:transform`,
 * after `npm run build`. The loop is the one of the version before kernels took values as arguments: `-- FILE` names the
 * dist/index.js of that version; without it a drone of a second engine is taken, which is scored by way of memory as it
 * was there. All is measured in turns in each round, so that a slow moment of the machine is nobody's alone.
 */
import { pathToFileURL } from 'node:url'
import { createEngine, Drone } from '../dist/index.js'
import { median } from './median.ts'
import { eventsOf, networkOf, rowsOf, type Sizes } from './peers/networks.ts'
import { markdown, publish } from './results.ts'

const CHUNK = 1000
/** So many that what a stream costs once does not count. */
const CHUNKS = 400
const ROUNDS = 31

const SIZES: Sizes = [6, 15, 1]
const network = networkOf(SIZES)
const rows = rowsOf(6, eventsOf(SIZES, CHUNK))
const names = network.inputs.map(({ name }) => name)
const records = rows.map((row, id) => {
  const values = Object.fromEntries(names.map((name, i) => [name, row[i]]))
  return JSON.parse(JSON.stringify({ id, run: 'a', ...values })) as Record<string, unknown>
})

const drone = Drone.from(network)
const file = process.argv[2]
const older: Drone = file
  ? (await import(pathToFileURL(file).href)).Drone.from(network)
  : Drone.from(network, { engine: createEngine({ engine: 'simd' }) })

/** A loop of its own for each drone: one that all shared would know the objects of none. */
function loop(name: string, one: Drone): () => number {
  const body = `/* ${name} */ let sum = 0; for (const record of records) sum += one.predictRecord(record); return sum`
  return new Function('one', 'records', body).bind(null, one, records)
}

const [before, now] = [loop('before', older), loop('now', drone)]

/** Scores CHUNKS chunks; as in a loop, what comes out is looked at and forgotten. */
async function stream(scorer: TransformStream<object, unknown>, chunk: object): Promise<void> {
  let left = CHUNKS
  const source = new ReadableStream<object>({
    pull(controller) {
      if (left-- > 0) controller.enqueue(chunk)
      else controller.close()
    },
  })
  const reader = source.pipeThrough(scorer).getReader()
  let events = 0
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    events += (next.value as ArrayLike<unknown>).length
  }
  if (events !== CHUNKS * CHUNK) throw new Error(`${events} events came out`)
}

function loops(call: () => number): void {
  let sum = 0
  for (let n = 0; n < CHUNKS; n++) sum += call()
  if (Number.isNaN(sum)) throw new Error('a score is missing')
}

const BARE = 'a bare loop of predictRecord, before'
const tasks: [string, () => unknown][] = [
  [BARE, () => loops(before)],
  ['a bare loop of predictRecord', () => loops(now)],
  ['records, scores alone', () => stream(drone.transform({ scores: true }), records)],
  ['rows, scores alone', () => stream(drone.transform({ scores: true }), rows)],
  ['rows', () => stream(drone.transform(), rows)],
  ['records', () => stream(drone.transform(), records)],
]

const times = tasks.map((): number[] => [])
// The first rounds only warm up.
for (let round = -5; round < ROUNDS; round++) {
  for (const [k, [, call]] of tasks.entries()) {
    const from = performance.now()
    await call()
    if (round >= 0) times[k]!.push(((performance.now() - from) * 1e6) / (CHUNKS * CHUNK))
  }
}

publish(
  'npm run bench:transform',
  `## Streams of events in chunks of ${CHUNK.toLocaleString('en')}

A drone of 6→15→1; records of eight keys. Nanoseconds an event, the median of ${ROUNDS} rounds and the least, and how many times
as fast as the bare loop before, which scored by way of memory${file ? ' (a build of that version)' : ''}, in the same round (median).

${markdown(
  ['', 'median', 'least', '× as fast'],
  tasks.map(([name], k) => [
    name,
    median(times[k]!).toFixed(1),
    Math.min(...times[k]!).toFixed(1),
    median(times[k]!.map((time, round) => times[0]![round]! / time)).toFixed(2),
  ]),
)}`,
)
