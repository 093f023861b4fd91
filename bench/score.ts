/**
 * What it costs to score an event with 6→15→1, and to learn from one: `npm run bench:score`. Blocks of 1,024 events,
 * since a single call is shorter than the clock can tell; nanoseconds an event, beside the same network written in
 * TypeScript as one writes it first.
 */
import { Bench } from 'tinybench'
import { createEngine, type EngineName } from '../bindings/engine.ts'
import { Drone, type Network } from '../bindings/index.ts'
import { Random } from '../bindings/random.ts'

const BLOCK = 1024
const WIDTH = 6
const HIDDEN = 15
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

/** What one would write first: loops over arrays of numbers, and Math.exp. */
function naive({ inputs, layers }: Network) {
  const matrices = layers.map(({ weights, bias }) => {
    const width = weights.length / bias.length
    return { rows: Array.from(bias, (_, i) => [...weights.subarray(i * width, (i + 1) * width)]), bias: [...bias] }
  })
  return (event: number[]): number => {
    let x = event.map((value, i) => (value + inputs[i]!.offset) * inputs[i]!.scale)
    for (const { rows, bias } of matrices) {
      const y: number[] = []
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i]!
        let sum = bias[i]!
        for (let j = 0; j < row.length; j++) sum += row[j]! * x[j]!
        y.push(1 / (1 + Math.exp(-sum)))
      }
      x = y
    }
    return x[0]!
  }
}

const rows = Array.from({ length: BLOCK }, () => Array.from(numbers(WIDTH)))
const batch = Float64Array.from(rows.flat())
const scores = new Float32Array(BLOCK)
const bench = new Bench({ time: 500, warmupTime: 200 })

const plain = naive(network)
bench.add('one event, naive TypeScript', () => {
  for (let n = 0; n < BLOCK; n++) scores[n] = plain(rows[n]!)
})
for (const engine of ['simd', 'js'] as const) {
  const drone = Drone.from(network, { engine })
  const off = Math.max(...rows.map((row) => Math.abs(drone.predict(row) - plain(row))))
  if (off > 1e-6) throw new Error(`${engine} is ${off} away from the naive network`)
  bench.add(`one event, ${engine}`, () => {
    for (let n = 0; n < BLOCK; n++) scores[n] = drone.predict(rows[n]!)
  })
  bench.add(`a batch, ${engine}`, () => {
    drone.predictBatch(batch, scores)
  })
  addTraining(engine, 1)
  addTraining(engine, 16)
}

function addTraining(engine: EngineName, size: number): void {
  const resident = createEngine({ engine }).place(network)
  const set = resident.trainingSet(BLOCK)
  set.append(batch, numbers(BLOCK).map(Math.abs), BLOCK)
  const steps = { first: 0, count: BLOCK, batch: size, learningRate: 0.01, loss: 'cross-entropy' } as const
  bench.add(`learning, mini-batches of ${size}, ${engine}`, () => {
    resident.train(set, steps, 0)
  })
}

await bench.run()
console.log('| | ns an event (median) | p99 | samples |\n|:--|--:|--:|--:|')
for (const { name, result } of bench.tasks) {
  if (!('latency' in result)) throw new Error(`${name}: ${result.state}`)
  const nanoseconds = (milliseconds: number) => ((milliseconds * 1e6) / BLOCK).toFixed(1)
  const { p50, p99, samplesCount } = result.latency
  console.log(`| ${name} | ${nanoseconds(p50)} | ${nanoseconds(p99)} | ${samplesCount} |`)
}
