/**
 * One event at a time, and batches, beside hand-written C++ with AVX2 and fused multiply-add: `npm run bench:one-event`,
 * after `npm run build`. Everything is measured in turns in each round, C++ too, so that a slow moment of the machine is
 * nobody's alone. Each sum is kept in a local variable: to add to one of a module would make an object of every score.
 */
import { Drone, type Network } from '../dist/index.js'
import { compile, Native } from './peers/native.ts'
import { eventsOf, networkOf, rowsOf, type Sizes } from './peers/networks.ts'
import { median } from './peers/task.ts'
import { markdown, publish } from './results.ts'

const EVENTS = 256
const ROUNDS = 41
/** Calls between two looks at the clock. */
const PASS = 8
/** A measurement, in ms. */
const MILLISECONDS = 5

/** What is measured: `call` scores EVENTS events of each drone, or a batch of so many. */
interface Task {
  name: string
  sizes: Sizes
  drones: number
  batch?: number
  call(): number
}

/** A loop of its own for each task, by its name: one that all shared would know the objects of none. */
function loopOf(name: string, body: string, ...values: unknown[]): () => number {
  const names = values.map((_, i) => `v${i}`)
  return new Function(
    ...names,
    `/* ${name} */ let sum = 0; for (let n = 0; n < ${EVENTS}; n++) { ${body} } return sum`,
  ).bind(null, ...values)
}

function networkWith(sizes: Sizes, activation: Network['layers'][0]['activation'], mark = ''): Network {
  const { inputs, layers, outputs } = networkOf(sizes)
  return {
    inputs: inputs.map((input) => ({ ...input, name: input.name + mark })),
    layers: layers.map((layer, k) => (k < layers.length - 1 ? { ...layer, activation, alpha: 1 } : layer)),
    outputs,
  }
}

const rows = (sizes: Sizes) => rowsOf(sizes[0]!, eventsOf(sizes, EVENTS))

/** Records of four shapes: with other keys before the inputs, which do not matter. */
function records({ inputs }: Network, values: readonly number[][]): object[] {
  return values.map((row, n) => {
    const record: Record<string, number | string> = {}
    if (n & 1) record.id = n
    if (n & 2) record.run = 'a'
    for (const [i, { name }] of inputs.entries()) record[name] = row[i]!
    return record
  })
}

const SIX: Sizes = [6, 15, 1]
const tasks: Task[] = []

for (const [sizes, activation] of [
  [SIX, 'sigmoid'],
  [SIX, 'tanh'],
  [SIX, 'swish'],
  [SIX, 'rectified'],
  [[3, 5, 1], 'sigmoid'],
  [[6, 32, 1], 'sigmoid'],
  [[17, 15, 1], 'sigmoid'],
] as const) {
  const name = `${sizes.join('→')} ${activation}, array`
  const call = loopOf(name, 'sum += v0.predict(v1[n])', Drone.from(networkWith(sizes, activation)), rows(sizes))
  tasks.push({ name, sizes, drones: 1, call })
}

const kinds: [Sizes, Network['layers'][0]['activation']][] = [
  [SIX, 'sigmoid'],
  [[3, 5, 1], 'tanh'],
  [[4, 8, 1], 'rectified'],
  [[8, 20, 1], 'sigmoid'],
  [[2, 6, 1], 'swish'],
  [[5, 12, 1], 'tanh'],
]
tasks.push({
  name: 'six drones of other shapes and activations in turn, arrays',
  sizes: SIX,
  drones: 6,
  call: loopOf(
    'six drones',
    'for (let k = 0; k < 6; k++) sum += v0[k].predict(v1[k][n])',
    kinds.map(([sizes, activation]) => Drone.from(networkWith(sizes, activation))),
    kinds.map(([sizes]) => rows(sizes)),
  ),
})

const one = networkWith(SIX, 'sigmoid')
const six = Array.from({ length: 6 }, (_, k) => networkWith(SIX, 'sigmoid', `of${k}`))
tasks.push(
  {
    name: '6→15→1 sigmoid, records of four shapes',
    sizes: SIX,
    drones: 1,
    call: loopOf('records', 'sum += v0.predictRecord(v1[n])', Drone.from(one), records(one, rows(SIX))),
  },
  {
    name: 'six drones of other names in turn, records of four shapes',
    sizes: SIX,
    drones: 6,
    call: loopOf(
      'six drones, records',
      'for (let k = 0; k < 6; k++) sum += v0[k].predictRecord(v1[k][n])',
      six.map((network) => Drone.from(network)),
      six.map((network) => records(network, rows(SIX))),
    ),
  },
)

const BATCH = 20_000
for (const activation of ['sigmoid', 'tanh'] as const) {
  for (const Numbers of [Float32Array, Float64Array]) {
    const drone = Drone.from(networkWith(SIX, activation))
    const [events, scores] = [Numbers.from(eventsOf(SIX, BATCH)), new Float32Array(BATCH)]
    const name = `6→15→1 ${activation}, a batch of ${BATCH.toLocaleString('en')}, ${Numbers.name}`
    tasks.push({ name, sizes: SIX, drones: 1, batch: BATCH, call: () => drone.predictBatch(events, scores)[0]! })
  }
}

/** The median of short passes: others use the machine too, and a long one would hold their time as well. */
function nanoseconds({ call, drones, batch }: Task): number {
  const passes: number[] = []
  const calls = batch ? 1 : PASS
  for (const began = performance.now(); performance.now() - began < MILLISECONDS; ) {
    const from = performance.now()
    for (let n = 0; n < calls; n++) call()
    passes.push(((performance.now() - from) * 1e6) / (calls * (batch ?? EVENTS) * drones))
  }
  return median(passes)
}

const noCompiler = compile()
const native = new Native()
const avx2 = native.contestant('avx2', 'C++')

async function nativeTime({ sizes, batch = 0 }: Task): Promise<number> {
  if (noCompiler) return Number.NaN
  const answer = await avx2.time({ sizes, batch, milliseconds: MILLISECONDS })
  if ('nanoseconds' in answer) return answer.nanoseconds
  throw new Error(JSON.stringify(answer))
}

const times = tasks.map((): number[] => [])
const ratios = tasks.map((): number[] => [])
try {
  // The first rounds only warm up.
  for (let round = -10; round < ROUNDS; round++) {
    const limits = new Map<string, number>()
    for (const [k, task] of tasks.entries()) {
      const key = `${task.sizes} ${task.batch}`
      limits.set(key, limits.get(key) ?? (await nativeTime(task)))
      const time = nanoseconds(task)
      if (round < 0) continue
      times[k]!.push(time)
      ratios[k]!.push(time / limits.get(key)!)
    }
  }
} finally {
  native.remove()
}

const digits = (values: number[], places: number) => (values.some(Number.isNaN) ? '–' : median(values).toFixed(places))
publish(
  'npm run bench:one-event',
  `## One event at a time

Nanoseconds a score, the median of ${ROUNDS} rounds, and the ratio to C++ with AVX2 and fused multiply-add in the same round
(median), whose layers are of sigmoids and whose batches of f32; that of six drones in turn is to 6→15→1. ${noCompiler ? `Not in this run: C++ (${noCompiler}).` : ''}

${markdown(
  ['', 'median', 'least', '× C++'],
  tasks.map(({ name }, k) => [name, digits(times[k]!, 1), Math.min(...times[k]!).toFixed(1), digits(ratios[k]!, 2)]),
)}`,
)
