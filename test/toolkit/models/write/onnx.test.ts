/** Drones as ONNX graphs: run by onnxruntime-web, checked by the checker of ONNX itself, and read as a teacher again. */
import { spawnSync } from 'node:child_process'
import { Drone, type Network } from 'nndrone'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Model, readModel } from '../../../../toolkit/models/index.ts'
import { exportONNX, isDouble } from '../../../../toolkit/models/write/onnx.ts'
import { randomNumbers, seeded } from '../../../support.ts'
import { Folder } from '../../support.ts'
import { largestError } from '../support.ts'
import { CASES, HOSTILE, USUAL, wide } from './support.ts'

const test = suite('models: written as ONNX')

/** What is asked of the model, which then ends. */
async function asked<Answer>(drone: Drone, question: (model: Model) => Answer): Promise<Awaited<Answer>> {
  const model = await readModel({ path: 'drone.onnx', bytes: Buffer.from(exportONNX(drone)) })
  try {
    return await question(model)
  } finally {
    await model.close?.()
  }
}

/** The largest error, as a part of the largest answer where that is more than 1; NaN has to be where it is to be. */
async function errorOf(network: Network, events: Float64Array | Float32Array): Promise<number> {
  const drone = Drone.from(network)
  const expected = drone.predictBatch(events)
  const found = await asked(drone, (model) => model.predictBatch(events))
  const size = expected.reduce((most, score) => (Math.abs(score) > most ? Math.abs(score) : most), 1)
  return largestError(found, expected) / size
}

/** As float32, which an event has to be where the graph takes that. */
const single = (events: Float64Array) => new Float32Array(events)

test('every activation, one output and several, defaults and missing values: within 1e-6', async () => {
  for (const { name, network } of CASES) {
    const events = single(randomNumbers(seeded(5), 500 * network.inputs.length, 3))
    for (let i = 0; i < events.length; i += 7) events[i] = [Number.NaN, Infinity, -Infinity, 0][(i / 7) % 4]!
    const error = await errorOf(smaller(network), events)
    assert.ok(error < 1e-6, `${name}: ${error}`)
    // Larger weights make more of what the runtime's own tanh and sigmoid are off by.
    const large = await errorOf(network, events)
    assert.ok(large < 1e-5, `${name}: ${large}`)
  }
})

/** With weights as trained networks have them: the more inputs, the smaller. */
function smaller(network: Network): Network {
  const layers = network.layers.map((layer) => {
    const inputs = layer.weights.length / layer.bias.length
    return { ...layer, weights: layer.weights.map((w) => w / Math.sqrt(inputs)) }
  })
  return { ...network, layers }
}

/** With offsets far from zero: what is left of an event is its last digits. */
function far({ network }: (typeof CASES)[0], offset: number): Network {
  const inputs = network.inputs.map((input, i) => ({
    ...input,
    offset: (i % 2 === 0 ? -offset : offset) + input.offset,
    ...(input.default !== undefined && { default: (i % 2 === 0 ? offset : -offset) + input.default }),
  }))
  return { ...network, inputs }
}

test('offsets of a million: within 1e-6, for events in float64', async () => {
  for (const one of [...USUAL, CASES[2]!]) {
    const network = far(one, 1e6)
    assert.ok(isDouble(network))
    const width = network.inputs.length
    const events = randomNumbers(seeded(6), 500 * width, 3).map((x, i) => x + ((i % width) % 2 === 0 ? 1e6 : -1e6))
    for (let i = 0; i < events.length; i += 11) events[i] = Number.NaN
    const error = await errorOf(network, events)
    assert.ok(error < 1e-6, `${one.name}: ${error}`)
  }
})

test('usual offsets: float32, and what an offset loses in it is made up for', async () => {
  for (const one of USUAL) {
    const network = far(one, 9.123456789)
    assert.not(isDouble(network))
    const width = network.inputs.length
    const events = single(randomNumbers(seeded(6), 500 * width).map((x, i) => x + ((i % width) % 2 === 0 ? 9 : -9)))
    const error = await errorOf(network, events)
    assert.ok(error < 1e-6, `${one.name}: ${error}`)
  }
})

test('read as a teacher: the names of the drone, its defaults, and no scaling that would be asked for', async () => {
  const [first] = USUAL
  for (let at = 0; at < HOSTILE.length; at += 6) {
    const names = Array.from({ length: 6 }, (_, i) => HOSTILE[(at + i) % HOSTILE.length]!)
    const inputs = first!.network.inputs.map((input, i) => ({ ...input, name: names[i]! }))
    await asked(Drone.from({ ...first!.network, inputs, outputs: [names[2]!] }), (model) => {
      assert.equal(model.inputs, names)
      assert.equal(model.outputs, [names[2]])
      assert.equal([...model.optional], [names[1], names[4]])
      assert.is(model.unscaled, undefined)
    })
  }
})

test('two probabilities are two outputs', async () => {
  const network = { ...wide([3, 4, 2]), outputs: ['signal', 'background'] }
  const layers = network.layers.map((layer, k) => (k === 1 ? { ...layer, activation: 'softmax' as const } : layer))
  assert.equal(await asked(Drone.from({ ...network, layers }), ({ outputs }) => outputs), ['signal', 'background'])
})

test('10,000 inputs, and a million parameters', async () => {
  for (const widths of [
    [10_000, 3, 1],
    [1023, 1024, 1],
  ]) {
    const error = await errorOf(
      wide(widths),
      Float32Array.from({ length: 2 * widths[0]! }, (_, i) => Math.sin(i)),
    )
    assert.ok(error < 1e-6, `${widths}: ${error}`)
  }
})

/** A Python that has the package onnx. */
const python = ['/usr/bin/python3', 'python3'].find(
  (command) => spawnSync(command, ['-c', 'import onnx.checker']).status === 0,
)
const CHECKED = 'the checker of ONNX, with shapes and types inferred: nothing to say'
if (python === undefined) {
  console.log(`skipped: ${CHECKED} (no Python with the package onnx; on Debian: apt-get install python3-onnx)`)
  test.skip(CHECKED, () => {})
} else {
  test(CHECKED, () => {
    const folder = new Folder()
    const networks = [...CASES.map(({ network }) => network), far(USUAL[0]!, 1e6)]
    for (const [i, network] of networks.entries()) folder.write(`${i}.onnx`, exportONNX(Drone.from(network)))
    const program = `
import glob, onnx
from onnx import checker, shape_inference
for path in sorted(glob.glob('*.onnx')):
    model = onnx.load(path)
    checker.check_model(model, full_check=True)
    shape_inference.infer_shapes(model, check_type=True, strict_mode=True)
    print(path, model.opset_import[0].version, model.doc_string[:25])
`
    const { status, stdout, stderr } = spawnSync(python, ['-c', program], { cwd: folder.path, encoding: 'utf8' })
    folder.remove()
    assert.is(status, 0, stderr)
    const lines = stdout.trim().split('\n')
    assert.is(lines.length, networks.length)
    for (const line of lines) assert.match(line, /^\d+\.onnx 13 Made by nndrone export \d+\.$/)
  })
}

test('the same drone gives the same bytes', () => {
  const drone = Drone.from(USUAL[0]!.network)
  assert.equal(exportONNX(Drone.from(drone)), exportONNX(drone))
})

test.run()
