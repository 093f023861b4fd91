/** Options that do not exist are refused by name, and a wrong type names its option, whatever they are passed to. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ConfigurationError, createEngine, Drone, distill, paperRule } from '../../bindings/index.ts'
import { Swarm } from '../../bindings/swarm.ts'
import { Pool } from '../../pool/index.ts'
import { randomNetwork, seeded } from '../support.ts'

const network = randomNetwork(seeded(1), { widths: [2, 3, 1] })
const drone = Drone.from(network)
const run = { events: new Float64Array(20), inputs: ['a', 'b'], targets: new Float32Array(10), epochs: 1 }

/** Every call that takes options. */
const CALLS: Record<string, (options: any) => unknown> = {
  'Drone.from': (options) => Drone.from(network, options),
  'Drone.load': (options) => Drone.load(network, options),
  Swarm: (options) => new Swarm(options),
  'Swarm.from': (options) => Swarm.from(new Swarm(), options),
  createEngine: (options) => createEngine(options),
  'Pool.start': (options) => Pool.start(drone, options),
  transform: (options) => drone.transform(options),
  'swarm.transform': (options) => new Swarm().transform(options),
  distill: (options) => distill({ ...run, ...options }),
  growth: (options) => paperRule(options),
}

async function refused(call: string, options: unknown, message: string): Promise<void> {
  try {
    await CALLS[call]!(options)
  } catch (error) {
    assert.is((error as Error).message, message)
    assert.instance(error, ConfigurationError)
    return
  }
  assert.unreachable(`not refused: ${message}`)
}

const test = suite('options')

test('an option that does not exist is refused by name, with the one that was meant', async () => {
  await refused('distill', { epoch: 3 }, 'distill: there is no option "epoch"; did you mean epochs?')
  await refused(
    'distill',
    { learning_rate: 3 },
    'distill: there is no option "learning_rate"; did you mean learningRate?',
  )
  await refused('distill', { onepoch: 3 }, 'distill: there is no option "onepoch"; did you mean onEpoch?')
  await refused(
    'distill',
    { verbose: true },
    'distill: there is no option "verbose"; options are events, inputs, targets, teacher, labels, outputs, preset, hidden, activation, outputActivation',
  )
  await refused('Drone.from', { engin: 'js' }, 'Drone: there is no option "engin"; did you mean engine?')
  await refused('Drone.load', { module: 7 }, 'Drone: there is no option "module"; options are engine, warn')
  await refused('Swarm', { input: [] }, 'Swarm: there is no option "input"; did you mean inputs?')
  await refused('Swarm.from', { modul: 1 }, 'Swarm: there is no option "modul"; did you mean module?')
  await refused('createEngine', { modules: 1 }, 'createEngine: there is no option "modules"; did you mean module?')
  await refused('Pool.start', { worker: 2 }, 'Pool.start: there is no option "worker"; did you mean workers?')
  await refused('transform', { onerror() {} }, 'transform: there is no option "onerror"; did you mean onError?')
  await refused('swarm.transform', { prefx: '' }, 'transform: there is no option "prefx"; did you mean prefix?')
  await refused('growth', { kapa: 0.1 }, 'growth: there is no option "kapa"; did you mean kappa?')
  await refused('Drone.from', { constructor: 1 }, 'Drone: there is no option "constructor"; options are engine, warn')
})

test('an option that is undefined or null is one that is not given', async () => {
  for (const [name, call] of Object.entries(CALLS)) {
    if (name === 'Pool.start') continue
    await call({ nothing: undefined, none: null })
    if (name !== 'Swarm.from' && name !== 'Swarm') await call(undefined)
  }
})

test('a wrong type names the option', async () => {
  await refused('Drone.from', 'js', 'Drone: options: "js", expected an object')
  await refused('Drone.from', { engine: {} }, 'engine: an object, expected a name, or what createEngine returns')
  await refused('Drone.load', { engine: 7 }, 'engine: 7, expected "simd", "relaxed" or "js"')
  await refused('Drone.load', { warn: 'no' }, 'warn: "no", expected a boolean')
  await refused('transform', { onError: true }, 'onError: true, expected a function')
  await refused('transform', { prefix: 3 }, 'prefix: 3, expected a string')
  await refused('transform', { scores: 1 }, 'scores: 1, expected a boolean')
  await refused('Pool.start', { workers: '2' }, 'workers: "2", expected a whole number from 1')
  await refused('createEngine', { module: {} }, 'module: an object, expected a WebAssembly.Module')
  for (const name of ['onEpoch', 'onAsk']) await refused('distill', { [name]: 1 }, `${name}: 1, expected a function`)
  for (const name of ['record', 'signal', 'growth']) {
    await refused('distill', { [name]: 1 }, `${name}: 1, expected an object`)
  }
  await refused('distill', { targets: '0.5' }, 'targets: "0.5", expected an object')
  await refused('distill', { epochs: '3' }, 'epochs: "3", expected a whole number from 1')
  await refused('distill', { preset: 3 }, 'preset: 3, expected a string')
  await refused('distill', { engine: {} }, 'engine: an object, expected a name, or what createEngine returns')
  await refused('distill', { signal: {} }, 'signal: an object, expected an AbortSignal')
  await refused('distill', { labels: [1] }, 'labels: 1 number, expected 10 (one for each event)')
  const labels = new Array(10).fill(1)
  await refused(
    'distill',
    { labels: labels.with(3, 2) },
    'labels[3]: 2, expected 1 (signal), 0 (background) or NaN (unknown)',
  )
})

test('batchSize is the name, and batch the earlier one', async () => {
  const sizeOf = async (options: object) => {
    const { drone: learnt } = await distill({ ...run, ...options })
    return (learnt.network.nndrone as any).training.batchSize
  }
  assert.is(await sizeOf({ batchSize: 4 }), 4)
  assert.is(await sizeOf({ batch: 4 }), 4)
  assert.is(await sizeOf({ batch: undefined, batchSize: 3 }), 3)
  await refused(
    'distill',
    { batch: 4, batchSize: 4 },
    'batch: cannot be combined with batchSize, which is its new name',
  )
  await refused('distill', { batch: 11 }, 'batchSize: 11, expected a whole number from 1 to 10 (events to train with)')
})

test.run()
