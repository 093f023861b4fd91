/** Drones as Keras models, read again by our reader; real Keras and hls4ml are for hand (docs/export.md). */
import { Drone, type Network } from 'nndrone'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readModel } from '../../../../toolkit/models/index.ts'
import { exportKeras } from '../../../../toolkit/models/write/keras/index.ts'
import { randomNumbers, seeded } from '../../../support.ts'
import { largestError } from '../support.ts'
import { CASES, USUAL, wide } from './support.ts'

const test = suite('models: written as Keras, drones')

const FORMATS = ['h5', 'keras'] as const

/** Without what Keras has no layer for. */
function plain(network: Network): Network {
  return {
    ...network,
    inputs: network.inputs.map(({ name, offset, scale }) => ({ name, offset, scale })),
    layers: network.layers.map((layer) => ({
      ...layer,
      alpha: layer.activation === 'swish' ? 1 : Math.abs(layer.alpha),
      weights: layer.weights.map((w) => w / Math.sqrt(layer.weights.length / layer.bias.length)),
    })),
  }
}

async function errorOf(network: Network, format: 'h5' | 'keras', events: Float32Array): Promise<number> {
  const drone = Drone.from(network)
  const model = await readModel({ path: `drone.${format}`, bytes: Buffer.from(await exportKeras(drone, { format })) })
  return largestError(await model.predictBatch(events), drone.predictBatch(events))
}

test('every activation that Keras has, one output and several: as the drone answers', async () => {
  let read = 0
  for (const { name, network } of CASES) {
    const names = network.layers.map(({ activation }) => activation)
    if (names.includes('abs')) continue
    for (const format of FORMATS) {
      if (format === 'h5' && names.includes('hard_sigmoid')) continue
      const events = new Float32Array(randomNumbers(seeded(5), 200 * network.inputs.length, 3))
      const error = await errorOf(plain(network), format, events)
      assert.ok(error < 2e-6, `${name}, ${format}: ${error}`)
      read++
    }
  }
  assert.ok(read > 35, String(read))
})

test('10,000 inputs, and a million parameters', async () => {
  for (const widths of [
    [10_000, 3, 1],
    [1023, 1024, 1],
  ]) {
    for (const format of FORMATS) {
      const events = Float32Array.from({ length: widths[0]! }, (_, i) => Math.sin(i))
      const error = await errorOf(wide(widths), format, events)
      assert.ok(error < 2e-6, `${widths}, ${format}: ${error}`)
    }
  }
})

async function refusal(network: Network, format: 'h5' | 'keras' = 'h5'): Promise<string> {
  return exportKeras(Drone.from(network), { format }).then(
    () => 'written',
    (error) => error.message,
  )
}

test('what Keras has no layer for is refused by name', async () => {
  const network = plain(USUAL[0]!.network)
  const layer = (activation: Network['layers'][0]['activation'], alpha = 1) => ({
    ...network,
    layers: network.layers.map((one, k) => (k === 0 ? { ...one, activation, alpha } : one)),
  })
  const input = (change: object) => ({
    ...network,
    inputs: network.inputs.map((one, i) => (i === 2 ? { ...one, ...change } : one)),
  })
  const others = 'take .onnx, .c, .mjs or .wasm'
  assert.is(await refusal(layer('abs')), `layers[0].activation: abs is not known to Keras; ${others}`)
  assert.is(
    await refusal(layer('swish', 2)),
    `layers[0].activation: swish with alpha 2 is not known to Keras; ${others}`,
  )
  assert.is(
    await refusal(layer('leakyrelu', -0.5)),
    `layers[0].activation: leakyrelu with the slope -0.5 is refused by Keras; ${others}`,
  )
  assert.is(
    await refusal(layer('hard_sigmoid')),
    `layers[0].activation: hard_sigmoid is not the same in Keras 2 and Keras 3, which both read .h5; take .keras; ${others}`,
  )
  assert.is(await refusal(layer('hard_sigmoid'), 'keras'), 'written')
  assert.is(
    await refusal(input({ default: 2 })),
    'inputs[2]: "x2" has a default for missing values, which Keras has no layer for; take .onnx, which keeps it, or remove it from the drone\'s JSON where no event lacks a value',
  )
  assert.is(
    await refusal(input({ offset: -1e6, scale: 1 })),
    'inputs[2]: "x2" has the offset -1000000, more than 1000 times what the net sees as 1: folded into float32, too few of its digits are left; take .onnx, which keeps them',
  )
})

test('the file says how it was made, and another second gives the same bytes', async () => {
  const drone = Drone.from(plain(USUAL[1]!.network))
  for (const format of FORMATS) {
    const bytes = Buffer.from(await exportKeras(drone, { format }))
    const made = /Made by nndrone export \d+\.\d+\.\d+ from the drone with sha256 [0-9a-f]{64}, arithmetic 1\./
    assert.match(bytes.toString('latin1'), made)
    await new Promise((resolve) => setTimeout(resolve, 1100))
    assert.ok(bytes.equals(await exportKeras(drone, { format })), format)
  }
})

test.run()
