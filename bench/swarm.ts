/**
 * What a swarm of 600 drones of 6→15→1 costs an event, beside one drone alone and 600 of them one by one, and what a
 * pool of workers makes of it: `npm run bench:swarm`, after `npm run build`. All is measured in turns in each round, so
 * that a slow moment of the machine is nobody's alone.
 */

import { Drone, type Network, Random } from '../bindings/index.ts'
import { Swarm } from '../bindings/swarm.ts'
import { Pool } from '../pool/index.ts'
import { median } from './median.ts'
import { markdown, publish } from './results.ts'

const DRONES = 600
const WIDTH = 6
const HIDDEN = 15
const EVENTS = 1024
const ROUNDS = 41
/** A measurement lasts at least this long, in ms. */
const LONG_ENOUGH = 5
/** Of a pool: the events of the swarm, and of one drone. */
const [SWARM_BATCH, DRONE_BATCH] = [2000, 400_000]

const random = new Random(1)
const numbers = (count: number) => Float32Array.from({ length: count }, () => 2 * random.uniform() - 1)

function network(): Network {
  return {
    inputs: Array.from({ length: WIDTH }, (_, i) => ({ name: `x${i}`, offset: random.uniform(), scale: 2 })),
    layers: [
      { activation: 'sigmoid', alpha: 0, weights: numbers(WIDTH * HIDDEN), bias: numbers(HIDDEN) },
      { activation: 'sigmoid', alpha: 0, weights: numbers(HIDDEN), bias: numbers(1) },
    ],
    outputs: ['score'],
  }
}

const rows = Array.from({ length: EVENTS }, () => [...numbers(WIDTH)])
const events = (count: number) =>
  Float64Array.from({ length: count * WIDTH }, (_, i) => rows[Math.floor(i / WIDTH) % EVENTS]![i % WIDTH]!)
const scores = new Float32Array(DRONES)
let sum = 0

/** What is measured: how many scores a call makes. */
interface Task {
  name: string
  size: number
  call(): unknown
}

async function nanoseconds({ size, call }: Task): Promise<number> {
  const began = performance.now()
  let calls = 0
  do {
    const result = call()
    if (result instanceof Promise) await result
    calls++
  } while (performance.now() - began < LONG_ENOUGH)
  return ((performance.now() - began) * 1e6) / (calls * size)
}

/** Nanoseconds a score in each round, the first of which only warms up. */
async function rounds(tasks: readonly Task[]): Promise<Map<string, number[]>> {
  const all = new Map<string, number[]>(tasks.map(({ name }) => [name, []]))
  for (let round = 0; round <= ROUNDS; round++) {
    for (const task of tasks) {
      const time = await nanoseconds(task)
      if (round > 0) all.get(task.name)!.push(time)
    }
  }
  return all
}

/** A row a task: ns a score, and the ratio to another task of the same round. */
function table(times: Map<string, number[]>, beside: (name: string) => string, unit: string): string {
  const lines = [...times].map(([name, values]) => {
    const ratios = values.map((value, round) => value / times.get(beside(name))![round]!)
    const spread = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`
    return [name, median(values).toFixed(1), Math.min(...values).toFixed(1), median(ratios).toFixed(2), spread]
  })
  return markdown([unit, 'median', 'least', 'ratio (median)', 'ratio (spread)'], lines)
}

const networks = Array.from({ length: DRONES }, network)
const swarm = new Swarm()
for (const [i, one] of networks.entries()) swarm.add(`d${i}`, one)
const drones = networks.map((one) => Drone.from(one))
const first = drones[0]!
for (const row of rows) {
  swarm.predictInto(row, scores)
  const other = drones.findIndex((drone, i) => !Object.is(drone.predict(row), scores[i]))
  if (other >= 0) throw new Error(`drone ${other} says something else in the swarm`)
}

const ONE = 'one drone, event by event'
const few = rows.slice(0, 16)
const batch = events(EVENTS)
const batchScores = new Float32Array(EVENTS * DRONES)
const single = await rounds([
  {
    name: ONE,
    size: EVENTS,
    call: () => {
      for (const row of rows) sum += first.predict(row)
    },
  },
  {
    name: `${DRONES} drones, one by one`,
    size: few.length * DRONES,
    call: () => {
      for (const row of few) for (const drone of drones) sum += drone.predict(row)
    },
  },
  {
    name: `a swarm of ${DRONES}, event by event`,
    size: few.length * DRONES,
    call: () => {
      for (const row of few) sum += swarm.predictInto(row, scores)[0]!
    },
  },
  {
    name: `a swarm of ${DRONES}, a batch of ${EVENTS}`,
    size: EVENTS * DRONES,
    call: () => swarm.predictBatch(batch, batchScores),
  },
])

const pooled: Task[] = []
const pools: Pool[] = []
const reference = new Map<string, string>()
for (const [name, scorer, count] of [
  [`a swarm of ${DRONES}, batches of ${SWARM_BATCH.toLocaleString('en')}`, swarm, SWARM_BATCH],
  [`one drone, batches of ${DRONE_BATCH.toLocaleString('en')}`, first, DRONE_BATCH],
] as const) {
  const input = events(count)
  const out = new Float32Array(count * scorer.outputs.length)
  const size = out.length
  const alone = `${name}, no pool`
  pooled.push({ name: alone, size, call: () => scorer.predictBatch(input, out) })
  reference.set(alone, alone)
  for (const workers of [1, 2]) {
    const pool = await Pool.start(scorer, { workers })
    pools.push(pool)
    const called = `${name}, workers: ${workers}`
    pooled.push({ name: called, size, call: () => pool.predictBatch(input, out) })
    reference.set(called, alone)
  }
}
const parallel = await rounds(pooled)
await Promise.all(pools.map((pool) => pool.dispose()))
if (Number.isNaN(sum)) throw new Error('a score is missing')

publish(
  'npm run bench:swarm',
  `Drones of ${WIDTH}→${HIDDEN}→1, called from JavaScript; ratios within a round, to one drone's time for one event (at most
0.8 is the bound of a swarm).

${table(single, () => ONE, 'ns a score')}

Workers over shared memory; ratios to the same without a pool. Two workers and the caller share the machine's cores.

${table(parallel, (name) => reference.get(name)!, 'ns a score')}`,
)
