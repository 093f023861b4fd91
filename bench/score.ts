/**
 * What it costs to score an event with 6→15→1 and to learn from one, beside the same network in plain TypeScript and
 * the paper's teacher: `npm run bench`. tinybench times blocks of 1,024 events, since one call is shorter than its
 * clock can tell; single calls are timed one by one, with the clock's own cost beside them.
 */
import { Bench } from 'tinybench'
import { Random } from '../bindings/arithmetic/random.ts'
import type { EngineName } from '../bindings/engines/api.ts'
import { createEngine } from '../bindings/engines/index.ts'
import { loadLearning } from '../bindings/engines/learning.ts'
import { Drone, type Network } from '../bindings/index.ts'
import { KerasNetwork } from '../toolkit/models/keras/network.ts'
import { clockCost, quantile, timeSingle } from '../toolkit/models/timing.ts'
import { paperTeacher } from '../toolkit/teachers/paper.ts'
import { naive } from './naive.ts'
import { markdown, publish } from './results.ts'

const BLOCK = 1024
const BATCH = 20_000
const WIDTH = 6
const HIDDEN = 15

/** One event of one epoch of the authors' program, in nanoseconds (NumPy, on a machine of this kind). */
const AUTHORS = 122_000

const random = new Random(1)
const numbers = (count: number) => Float32Array.from({ length: count }, () => 2 * random.uniform() - 1)

const network: Network = {
  inputs: Array.from({ length: WIDTH }, (_, i) => ({ name: `x${i}`, offset: 0.5, scale: 2 })),
  layers: [
    { activation: 'sigmoid', alpha: 0, weights: numbers(WIDTH * HIDDEN), bias: numbers(HIDDEN) },
    { activation: 'sigmoid', alpha: 0, weights: numbers(HIDDEN), bias: numbers(1) },
  ],
  outputs: ['score'],
}

const rows = Array.from({ length: BLOCK }, () => Array.from(numbers(WIDTH)))
const events = Float64Array.from({ length: BATCH * WIDTH }, (_, i) => rows[Math.floor(i / WIDTH) % BLOCK]![i % WIDTH]!)
const scores = new Float32Array(BATCH)

/** Every task is measured in each round, so that a slow moment of the machine is nobody's alone. */
const ROUNDS = 5

/** What is measured, and how many events one call is about. */
const tasks = new Map<string, { size: number; call: () => void }>()

function add(name: string, size: number, call: () => void): void {
  tasks.set(name, { size, call })
}

function addOne(name: string, predict: (event: number[]) => number): void {
  add(`one event, ${name}`, BLOCK, () => {
    for (let n = 0; n < BLOCK; n++) scores[n] = predict(rows[n]!)
  })
}

const paper = paperTeacher(WIDTH, 1)
const teacher = KerasNetwork.sequential(paper.input, paper.layers)
const plain = naive(network)
addOne('the paper’s teacher, plain TypeScript', (event) => teacher.predict(event)[0]!)
addOne('drone, plain TypeScript', plain)
for (const engine of ['simd', 'js'] as const) await addDrone(engine)

async function addDrone(engine: EngineName): Promise<void> {
  const drone = Drone.from(network, { engine })
  const off = Math.max(...rows.map((row) => Math.abs(drone.predict(row) - plain(row))))
  if (off > 1e-6) throw new Error(`${engine} is ${off} away from the plain network`)
  addOne(`drone, ${engine}`, (event) => drone.predict(event))
  for (const size of [BLOCK, BATCH]) {
    const batch = events.subarray(0, size * WIDTH)
    const out = scores.subarray(0, size)
    add(`a batch of ${size.toLocaleString('en')}, ${engine}`, size, () => drone.predictBatch(batch, out))
  }
  for (const size of [1, 10, 64]) await addTraining(engine, size)
}

/** An epoch of as many events as whole mini-batches make of a block. */
async function addTraining(engine: EngineName, size: number): Promise<void> {
  const resident = (await loadLearning(createEngine({ engine }))).place(network)
  const set = resident.trainingSet(BLOCK)
  set.append(events.subarray(0, BLOCK * WIDTH), numbers(BLOCK).map(Math.abs), BLOCK)
  const count = BLOCK - (BLOCK % size)
  const steps = { first: 0, count, batch: size, learningRate: 0.01, loss: 'cross-entropy' } as const
  add(`learning, mini-batches of ${size}, ${engine}`, count, () => resident.train(set, steps, 0))
}

/** Nanoseconds an event: the medians of the rounds, the least first; the worst p99; the number of blocks. */
interface Figure {
  medians: number[]
  p99: number
  blocks: number
}

const figures = new Map<string, Figure>()
for (let round = 0; round < ROUNDS; round++) {
  const bench = new Bench({ time: 250, warmupTime: 50 })
  for (const [name, { call }] of tasks) bench.add(name, call)
  await bench.run()
  for (const { name, result } of bench.tasks) {
    if (!('latency' in result)) throw new Error(`${name}: ${result.state}`)
    const { p50, p99, samplesCount } = result.latency
    const nanoseconds = (milliseconds: number) => (milliseconds * 1e6) / tasks.get(name)!.size
    const { medians, p99: worst, blocks } = figures.get(name) ?? { medians: [], p99: 0, blocks: 0 }
    figures.set(name, {
      medians: [...medians, nanoseconds(p50)].sort((a, b) => a - b),
      p99: Math.max(worst, nanoseconds(p99)),
      blocks: blocks + samplesCount,
    })
  }
}

const medianOf = (name: string) => figures.get(name)!.medians[ROUNDS >> 1]!
const one = medianOf('one event, drone, simd')
const ratio = (nanoseconds: number) => nanoseconds.toPrecision(3)

const all = [...figures].map(([name, { medians, p99, blocks }]) => {
  const spread = `${medians[0]!.toFixed(1)} to ${medians.at(-1)!.toFixed(1)}`
  return [name, medianOf(name).toFixed(1), spread, p99.toFixed(1), (medianOf(name) / one).toFixed(2), blocks]
})
const ratios = [
  ['one event: plain TypeScript / drone', ratio(medianOf('one event, drone, plain TypeScript') / one)],
  ['one event: teacher / drone', ratio(medianOf('one event, the paper’s teacher, plain TypeScript') / one)],
  [
    'learning, mini-batches of 10: the authors’ program (122 µs) / ours',
    ratio(AUTHORS / medianOf('learning, mini-batches of 10, simd')),
  ],
  [
    'learning, mini-batches of 1: the authors’ program (122 µs) / ours',
    ratio(AUTHORS / medianOf('learning, mini-batches of 1, simd')),
  ],
]

const drone = Drone.from(network)
const single = [
  ['drone, simd', await timeSingle((n) => drone.predict(rows[n]!), 500_000, 5000)],
  ['drone, plain TypeScript', await timeSingle((n) => plain(rows[n]!), 500_000, 5000)],
  ['the paper’s teacher', await timeSingle((n) => teacher.predict(rows[n]!), 100_000, 5000)],
] as const
const calls = single.map(([name, sorted]) => {
  return [name, sorted.length, ...[0.5, 0.99, 0.999, 1].map((fraction) => quantile(sorted, fraction).toFixed(0))]
})

publish(
  'npm run bench',
  `## One event, batches, and learning

A drone of 6→15→1 and the paper's teacher (4,111 parameters), in nanoseconds an event: the median of
${ROUNDS} rounds, in which all take turns, their medians from least to most, and the worst p99 of blocks.

${markdown(['', 'median', 'rounds', 'p99', 'of one event', 'blocks'], all)}

${markdown(['times faster', ''], ratios)}

Single calls, in nanoseconds; each holds one look at the clock, which costs ${(await clockCost()).toFixed(0)}.

${markdown(['', 'calls', 'p50', 'p99', 'p99.9', 'largest'], calls)}`,
)
