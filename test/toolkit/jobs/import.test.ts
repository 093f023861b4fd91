/** Models that are small dense nets become drones: against what their own programs answered. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, parse } from 'node:path'
import { Drone } from 'nndrone'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { importDrone } from '../../../toolkit/jobs/import.ts'
import { networkOfChain } from '../../../toolkit/models/chain.ts'
import { type Model, openModel, readModel } from '../../../toolkit/models/index.ts'
import { chainOf } from '../../../toolkit/models/read/keras/chain.ts'
import { graphOf } from '../../../toolkit/models/read/keras/config.ts'
import { exportKeras } from '../../../toolkit/models/write/keras/index.ts'
import { exportONNX } from '../../../toolkit/models/write/onnx.ts'
import { root } from '../../support.ts'
import { fail, networkFrom, type SmallModel } from '../models/read/keras/support.ts'
import { fixture, largestError, read } from '../models/support.ts'
import { USUAL, wide } from '../models/write/support.ts'

const test = suite('jobs: import')

/** What an attempt comes to: a drone, or why there is none. */
function attempt(body: () => Drone): Drone | string {
  try {
    return body()
  } catch (error) {
    assert.ok(['InputError', 'ConfigurationError', 'OptionError'].includes((error as Error).name), String(error))
    return (error as Error).message
  }
}

const single = (rows: readonly (readonly number[])[]) => Float32Array.from(rows.flat())

/** Largest difference, as a part of the largest answer where that is more than 1. */
function errorOf(drone: Drone, events: readonly (readonly number[])[], answers: readonly number[]): number {
  const size = answers.reduce((most, answer) => Math.max(most, Math.abs(answer)), 1)
  return largestError(drone.predictBatch(Float64Array.from(events.flat())), single([answers])) / size
}

interface Golden {
  inputs: number[][]
  answers: number[][]
}

test('Keras 1 to 3: layers that a drone can be answer as Keras does, the others are named', () => {
  const folder = join(root, 'test/toolkit/models/read/keras')
  const cases: (SmallModel & Golden & { name: string })[] = ['golden.json', 'layers.json'].flatMap((name) =>
    JSON.parse(readFileSync(join(folder, name), 'utf8')),
  )
  const made: string[] = []
  for (const one of cases) {
    const graph = graphOf(one.config, fail)
    const names = one.inputs[0]!.map((_, i) => `x${i}`)
    const outputs = one.answers[0]!.map((_, i) => `y${i}`)
    const drone = attempt(() => {
      const chain = chainOf('model', graph, networkFrom(one), Number.parseInt(one.keras, 10))
      return Drone.from(networkOfChain('model', chain, names, outputs))
    })
    if (typeof drone === 'string') {
      assert.match(drone, /^model: |^layers\[/, one.name)
      continue
    }
    const error = errorOf(drone, one.inputs, one.answers.flat())
    assert.ok(error < 3e-6, `Keras ${one.keras}, ${one.name}: ${error}`)
    made.push(one.name)
  }
  assert.ok(made.length >= 10, made.join(', '))
})

test('files of Keras: a chain is imported, a graph of two outputs refused', async () => {
  const folder = join(root, 'test/toolkit/models/read/keras/files')
  const answered: Record<string, Golden> = JSON.parse(readFileSync(join(folder, 'golden.json'), 'utf8'))
  const results = await Promise.all(
    readdirSync(folder)
      .filter((name) => name !== 'golden.json')
      .map(async (name): Promise<[string, Drone | string]> => {
        const model = await openModel(join(folder, name))
        return [name, attempt(() => importDrone({ model }))]
      }),
  )
  for (const [name, drone] of results) {
    if (typeof drone === 'string') assert.match(drone, /(distil a drone from this model|no dense layer)/, name)
    else {
      const { inputs, answers } = answered[parse(name).name]!
      assert.ok(errorOf(drone, inputs, answers.flat()) < 3e-6, name)
    }
  }
})

test('TMVA: perceptrons and linear discriminants, normalised and decorrelated; others are named', async () => {
  const golden = JSON.parse(fixture('tmva', 'golden.json').toString())
  const made: string[] = []
  for (const [name, expected] of Object.entries(golden.answers as Record<string, number[] | number[][]>)) {
    const model = await read(fixture('tmva', `${name}.weights.xml`).toString())
    const drone = attempt(() => importDrone({ model }))
    if (typeof drone === 'string') continue
    assert.equal(drone.inputs, golden.names)
    const error = errorOf(drone, golden.events, expected.flat())
    assert.ok(error < 3e-6, `${name}: ${error}`)
    made.push(name)
  }
  assert.equal(made.sort(), ['fisher', 'ld', 'mlp', 'mlp-relu'])
  const said = async (name: string) => {
    const model = await read(fixture('tmva', `${name}.weights.xml`).toString())
    return attempt(() => importDrone({ model }))
  }
  assert.match(
    String(await said('mlp-tanh')),
    /NeuronType tanh is none that a drone has: that of TMVA is an approximation/,
  )
  assert.match(String(await said('adaboost')), /is no network; distil a drone from it instead/)
})

test('ONNX: chains answer as numpy says, the rest is named', async () => {
  const golden = JSON.parse(fixture('onnx', 'golden.json').toString())
  const made: string[] = []
  for (const [name, expected] of Object.entries(golden.answers as Record<string, number[]>)) {
    const path = join(root, `test/toolkit/models/fixtures/onnx/${name}.onnx`)
    const model = await read(fixture('onnx', `${name}.onnx`), path, { columns: 3 })
    const drone = attempt(() => importDrone({ model }))
    await model.close?.()
    if (typeof drone === 'string') continue
    const error = errorOf(drone, golden.events, expected)
    assert.ok(error < 3e-6, `${name}: ${error}`)
    made.push(name)
  }
  assert.equal(made, ['open', 'one', 'four', 'columns', 'steps', 'external'])
})

test('lwtnn: chains answer as lwtnn does, the rest is named', async () => {
  const cases = JSON.parse(fixture('lwtnn', 'golden.json').toString())
  for (const { name, network, events, answers } of cases) {
    const model = await read(network)
    const made = attempt(() => importDrone({ model }))
    if (typeof made === 'string') continue
    const rows = events.map((event: (number | string)[]) => event.map(Number))
    const found = made.predictBatch(Float64Array.from(rows.flat()))
    for (const [i, answer] of answers.flat().map(Number).entries()) {
      const close = Number.isNaN(answer)
        ? Number.isNaN(found[i])
        : Math.abs(found[i]! - answer) <= 1e-5 * Math.max(1, Math.abs(answer))
      assert.ok(close, `${name}, answer ${i}: ${found[i]}, lwtnn says ${answer}`)
    }
  }
})

test('a drone comes back from Keras as it went', async () => {
  const { network } = USUAL[1]!
  const inputs = network.inputs.map(({ name, offset, scale }) => ({ name, offset, scale }))
  const drone = Drone.from({ ...network, inputs })
  for (const format of ['h5', 'keras'] as const) {
    const bytes = Buffer.from(await exportKeras(drone, { format }))
    const back = importDrone({ model: await readModel({ path: `drone.${format}`, bytes }), features: drone.inputs })
    const events = Float64Array.from({ length: 600 }, (_, i) => Math.sin(i) * 3)
    assert.ok(largestError(back.predictBatch(events), drone.predictBatch(events)) < 2e-6)
    assert.equal(back.inputs, drone.inputs)
  }
})

test('mean and scale become part of the drone; names and sizes that do not fit are refused', async () => {
  const { network } = USUAL[0]!
  const drone = Drone.from({ ...network, inputs: network.inputs.map(({ name }) => ({ name, offset: 0, scale: 1 })) })
  const model = await readModel({ path: 'model.h5', bytes: Buffer.from(await exportKeras(drone)) })
  const scales = drone.inputs.map((_, i) => ({ offset: i, scale: 0.5 }))
  const made = importDrone({ model, features: drone.inputs, scaleFrom: { file: 'scale.json', scales } })
  assert.equal(
    made.network.inputs.map(({ offset, scale }) => [offset, scale]),
    scales.map(({ offset, scale }) => [offset, scale]),
  )
  const refusal = (options: object) => attempt(() => importDrone({ model, ...options }))
  assert.is(refusal({ features: ['a'] }), 'features: 1 name, but model.h5 has 6 inputs (x0, x1, x2, x3, x4, x5)')
  const bare = { file: { path: 'trees' }, inputs: ['x'], outputs: ['y'] } as unknown as Model
  assert.is(refusal({ model: bare }), 'trees: is no dense network; distil a drone from it instead')
  const onnx = await readModel({ path: 'drone.onnx', bytes: Buffer.from(exportONNX(drone)) })
  assert.is(refusal({ model: onnx }), 'drone.onnx: was exported from a drone; take that drone')
  await onnx.close?.()
  const large = await readModel({
    path: 'l.h5',
    bytes: Buffer.from(await exportKeras(Drone.from(wide([1024, 1024, 1])))),
  })
  assert.is(refusal({ model: large }), 'l.h5: 1,050,625 parameters, at most 1,048,576 are imported')
})

test.run()
