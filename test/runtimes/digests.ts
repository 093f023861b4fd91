/** What every runtime must compute alike, to the bit: scores and trained drones, as SHA-256. */
import {
  ACTIVATIONS,
  type DistillOptions,
  Drone,
  type DroneOptions,
  distill,
  type EngineName,
  type Network,
  Random,
} from 'nndrone'
import { type NetworkShape, randomNetwork, randomNumbers } from '../networks.ts'

/** Sizes with tails and without, deep and wide ones, and every activation, with one output and with several. */
const SHAPES: readonly (NetworkShape & { events?: number })[] = [
  ...[
    [6, 15, 1],
    [17, 15, 1],
    [1, 1],
    [13, 1, 4],
    [2, 4, 8, 16, 1],
    [28, 32, 32, 1],
  ].map((widths) => ({ widths })),
  { widths: [140, 72, 1], events: 500 },
  ...ACTIVATIONS.filter((activation) => activation !== 'softmax').map((activation) => ({
    widths: [5, 9, 3],
    activation,
  })),
  { widths: [7, 6, 5], activation: 'tanh', outputActivation: 'softmax' },
  { widths: [11, 7, 13, 2], activation: 'rectified', outputActivation: 'linear', size: 4 },
]

/** Short trainings that grow or shrink: the paper's events are not here, so a polynomial of four inputs has to be learnt. */
const RUNS: Readonly<Record<string, Partial<DistillOptions>>> = {
  best: { preset: 'best', epochs: 20 },
  paper: { preset: 'paper', epochs: 60 },
  'leakyrelu to linear, mini-batches of 10, a part held out': {
    epochs: 12,
    batchSize: 10,
    holdout: 0.2,
    activation: 'leakyrelu',
    outputActivation: 'linear',
  },
  'two layers of tanh to softmax, mini-batches of 7': {
    epochs: 9,
    batchSize: 7,
    hidden: [4, 3],
    activation: 'tanh',
    outputActivation: 'softmax',
  },
  'best, with steps of second order and prunings': { epochs: 90, maxHidden: 5, growth: {} },
  'best, squares, two layers of swish to softmax': {
    epochs: 40,
    hidden: [4, 3],
    maxHidden: 3,
    loss: 'squared',
    activation: 'swish',
    outputActivation: 'softmax',
    growth: {},
  },
}

export interface Digests {
  /** The engine that was chosen. */
  engine: EngineName
  /** SHA-256 by what was computed. */
  digests: Record<string, string>
}

/** Takes the engine that the host has, unless one is given. */
export async function digests({ engine }: DroneOptions): Promise<Digests> {
  const found: Record<string, string> = {}
  for (const [seed, shape] of SHAPES.entries()) {
    const network = randomNetwork(new Random(seed), shape)
    const { length: width } = network.inputs
    const events = randomNumbers(new Random(seed), (shape.events ?? 2000) * width, 3, 0.3 / width)
    found[`scores: ${described(network)}`] = await sha256(scores(await Drone.load(network, { engine }), events))
  }
  for (const [name, run] of Object.entries(RUNS)) {
    const { drone } = await distill({ ...lesson(run), growth: { kappa: 0.2 }, ...run, engine })
    found[`trained: ${name}`] = await sha256(new TextEncoder().encode(JSON.stringify(firstFormat(drone))))
  }
  return { engine: (await Drone.load(randomNetwork(new Random(1), SHAPES[0]!), { engine })).engine, digests: found }
}

/** The document of a drone as version 1 of the format has it: digests tell of the training, not of the format. */
function firstFormat(drone: Drone): unknown {
  const { nndrone, ...document } = drone.toJSON()
  const { quantiles, training, fidelity, version, ...part } = nndrone as Record<string, Record<string, unknown>>
  const { mseError, inSample, ...measured } = fidelity!
  const renamed = Object.entries(training!).map(([key, value]) => [key === 'batchSize' ? 'batch' : key, value])
  const { arithmetic, ...rest } = part
  return {
    ...document,
    nndrone: { ...rest, training: Object.fromEntries(renamed), fidelity: measured, version: 1, arithmetic },
  }
}

function described({ inputs, layers }: Network): string {
  return `${inputs.length}${layers.map(({ activation, bias }) => `→${bias.length} ${activation}`).join('')}`
}

/** One by one and in batches of every size from 1 to 17, of 64, 512 and the rest; then once more as f32. */
function scores(drone: Drone, events: Float64Array): Uint32Array<ArrayBuffer> {
  const [width, outputs] = [drone.inputs.length, drone.outputs.length]
  const count = events.length / width
  const one = new Float32Array(count * outputs)
  const many = new Float32Array(count * outputs)
  for (let n = 0; n < count; n++) {
    drone.predictInto([...events.subarray(n * width, (n + 1) * width)], one.subarray(n * outputs, (n + 1) * outputs))
  }
  const sizes = [...Array.from({ length: 17 }, (_, i) => i + 1), 64, 512, count]
  for (let n = 0; n < count; ) {
    const end = Math.min(count, n + sizes.shift()!)
    drone.predictBatch(events.subarray(n * width, end * width), many.subarray(n * outputs, end * outputs))
    n = end
  }
  const [expected, bits] = [bitsOf(one), bitsOf(many)]
  const off = bits.findIndex((word, i) => word !== expected[i])
  if (off >= 0) throw new Error(`score ${off} of ${width} inputs: ${one[off]}, in a batch ${many[off]}`)
  const rounded = bitsOf(drone.predictBatch(Float32Array.from(events)))
  drone.dispose()
  return Uint32Array.of(...bits, ...rounded)
}

/** Hosts may give a NaN any of its bits; here it has those of 7fc00000. */
function bitsOf(numbers: Float32Array): Uint32Array {
  const bits = new Uint32Array(numbers.buffer.slice(0) as ArrayBuffer)
  for (let i = 0; i < bits.length; i++) if (Number.isNaN(numbers[i])) bits[i] = 0x7fc00000
  return bits
}

/** 500 events of four inputs, some of them missing, with answers by operations that round alike everywhere. */
function lesson({ outputActivation }: Partial<DistillOptions>) {
  const random = new Random(5)
  const events = randomNumbers(random, 4 * 500, 2)
  const outputs = outputActivation === 'softmax' ? ['signal', 'background'] : ['signal']
  const targets = new Float32Array(500 * outputs.length)
  for (let n = 0; n < 500; n++) {
    const [a, b, c, d] = events.subarray(4 * n, 4 * n + 4) as unknown as [number, number, number, number]
    const z = 3 * a * b + c * c - d
    const answer = 0.5 + (0.45 * z) / (1 + Math.abs(z))
    targets.set([answer, 1 - answer].slice(0, outputs.length), n * outputs.length)
    if (random.below(10) === 0) events[4 * n + random.below(4)] = Number.NaN
  }
  return { events, targets, inputs: ['a', 'b', 'c', 'd'], outputs }
}

async function sha256(bytes: BufferSource): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
