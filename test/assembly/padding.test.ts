/** Growth and padding: what is added changes no bit, and what is padding stays zero, through training too. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { learning } from '../../bindings/binaries/learning.ts'
import type { Learner } from '../../bindings/engines/api.ts'
import { createEngine } from '../../bindings/engines/index.ts'
import { loadLearning } from '../../bindings/engines/learning.ts'
import { compile } from '../../bindings/engines/modules.ts'
import { SimdLearning } from '../../bindings/engines/simd-learning.ts'
import type { Activation } from '../../bindings/model/activations.ts'
import type { Network } from '../../bindings/model/network.ts'
import { firstDifference, randomNetwork, randomNumbers, seeded } from '../support.ts'

const STEPS = { first: 0, batch: 4, learningRate: 0.3, loss: 'squared' } as const

function train(resident: Learner, network: Network, seed: number): void {
  const random = seeded(seed)
  const count = 40
  const set = resident.trainingSet(count)
  const targets = new Float32Array(count * network.outputs.length).map(() => random.uniform())
  set.append(randomNumbers(random, count * network.inputs.length), targets, count)
  resident.train(set, { ...STEPS, count }, 0)
  set.release()
}

const module = await compile(learning)

/** An engine that tells where its latest network lies. */
class Watched extends SimdLearning {
  net = 0
  constructor() {
    super(module)
    const { create, expand } = this.kernels
    Object.defineProperty(this, 'kernels', {
      value: {
        ...this.kernels,
        create: (shape: number) => (this.net = create(shape)),
        expand: (net: number, k: number) => (this.net = expand(net, k)),
      },
    })
  }

  /** Every number of the padding of biases and weights. */
  padding(network: Pick<Network, 'layers'>): number[] {
    const { kernels, f32 } = this
    return network.layers.flatMap(({ weights, bias }, k) => {
      const outputs = bias.length
      const inputs = weights.length / outputs
      const stride = kernels.strideOf(this.net, k)
      const rows = Math.ceil(inputs / 4) * 4
      const biasAt = kernels.biasOf(this.net, k) / 4
      const weightsAt = kernels.weightsOf(this.net, k) / 4
      const found = [...f32.subarray(biasAt + outputs, biasAt + Math.ceil(outputs / 4) * 4)]
      for (let j = 0; j < rows; j++) {
        for (let i = 0; i < stride; i++) if (i >= outputs || j >= inputs) found.push(f32[weightsAt + j * stride + i]!)
      }
      return found
    })
  }
}

const test = suite('kernels: padding and growth')

const HIDDEN: Activation[] = [
  'sigmoid',
  'tanh',
  'rectified',
  'hard_sigmoid',
  'elu',
  'swish',
  'linear',
  'abs',
  'leakyrelu',
]

test('the padding is zero after training, for every width', () => {
  const engine = new Watched()
  const random = seeded(1)
  let checked = 0
  for (let width = 1; width <= 9; width++) {
    for (const activation of HIDDEN) {
      for (const widths of [
        [width, width, 1],
        [3, width, 10 - width, 2],
        [width, 1],
      ]) {
        const network = randomNetwork(random, { widths, activation, outputActivation: 'sigmoid' })
        const resident = engine.place(network)
        train(resident, network, width)
        const padding = engine.padding({ layers: resident.layers() })
        assert.ok(
          padding.every((value) => Object.is(value, 0)),
          `${widths.join('→')} ${activation}: ${padding}`,
        )
        checked += padding.length
        resident.release()
      }
    }
  }
  assert.ok(checked > 1000, 'there is padding to look at')
})

test('the padding is zero after training that overflows', () => {
  const engine = new Watched()
  let overflown = 0
  const random = seeded(5)
  for (const activation of ['linear', 'rectified', 'abs'] as const) {
    for (const widths of [
      [3, 5, 1],
      [5, 2],
      [2, 5, 6, 3],
      [6, 1],
    ]) {
      const network = randomNetwork(random, { widths, activation, size: 1e19 })
      const resident = engine.place(network)
      train(resident, network, 1)
      if (!resident.layers().every((layer) => layer.weights.every(Number.isFinite))) overflown++
      const padding = engine.padding({ layers: resident.layers() })
      assert.ok(
        padding.every((value) => Object.is(value, 0)),
        `${widths.join('→')} ${activation}: ${padding}`,
      )
      resident.release()
    }
  }
  assert.ok(overflown >= 6, `${overflown} of 12 did overflow`)
})

test('expand leaves the bits of the scores, across the padding of every layer', () => {
  const random = seeded(2)
  for (const engine of [new Watched(), createEngine({ engine: 'js' })]) {
    for (const widths of [
      [6, 1, 1],
      [3, 2, 3, 4],
      [2, 5, 1],
      [5, 3, 2, 1],
    ]) {
      const network = randomNetwork(random, { widths })
      const resident = engine.place(network)
      const events = randomNumbers(random, widths[0]! * 21)
      const score = () => {
        const scores = new Float32Array(21 * widths.at(-1)!)
        resident.predictBatch(events, 21, scores)
        return scores
      }
      const before = score()
      for (let growth = 0; growth < 36; growth++) {
        const layer = growth % (widths.length - 2)
        const inputs = resident.layers()[layer]!.weights.length / resident.layers()[layer]!.bias.length
        resident.expand(
          layer,
          new Float32Array(inputs).map(() => random.uniform()),
          random.uniform(),
        )
        const label = `${engine.name} ${widths.join('→')} after ${growth + 1} growths`
        assert.is(firstDifference(score(), before), -1, label)
        if (engine instanceof Watched)
          assert.ok(
            engine.padding({ layers: resident.layers() }).every((v) => v === 0),
            label,
          )
      }
      resident.release()
    }
  }
})

test('a network that grows while it trains is the same in both engines', async () => {
  const engines = [new SimdLearning(module), await loadLearning(createEngine({ engine: 'js' }))]
  const random = seeded(3)
  for (const widths of [
    [6, 2, 1],
    [4, 3, 3, 2],
  ]) {
    const network = randomNetwork(random, { widths })
    const results = engines.map((engine) => {
      const resident = engine.place(network)
      for (let growth = 0; growth < 14; growth++) {
        train(resident, network, growth)
        const layer = growth % (widths.length - 2)
        const inputs = resident.layers()[layer]!.weights.length / resident.layers()[layer]!.bias.length
        resident.expand(layer, new Float32Array(inputs), 0)
      }
      train(resident, network, 99)
      return resident.layers().flatMap((layer) => [...layer.weights, ...layer.bias])
    })
    assert.ok(results[0]!.length > 50)
    assert.is(firstDifference(results[0]!, results[1]!), -1, widths.join('→'))
  }
})

test('ten thousand networks, trained and grown and released, leave the memory flat', () => {
  const engine = new SimdLearning(module)
  const network = randomNetwork(seeded(4), { widths: [6, 4, 1] })
  const cycle = () => {
    const resident = engine.place(network)
    train(resident, network, 1)
    resident.expand(0, new Float32Array(6), 0)
    resident.predictBatch(new Float64Array(12), 2, new Float32Array(2))
    resident.release()
  }
  for (let i = 0; i < 10; i++) cycle()
  const bytes = engine.kernels.memory.buffer.byteLength
  for (let i = 0; i < 10000; i++) cycle()
  assert.is(engine.kernels.memory.buffer.byteLength, bytes)
})

test.run()
