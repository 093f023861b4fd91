/** The kernels against their definition in plain JavaScript: the same bits, one event and batches, inference and training. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Random } from '../../bindings/arithmetic/random.ts'
import type { Learner, Loss, Resident } from '../../bindings/engines/api.ts'
import { createEngine, loadEngine } from '../../bindings/engines/index.ts'
import { loadLearning } from '../../bindings/engines/learning.ts'
import { ACTIVATIONS, type Activation } from '../../bindings/model/activations.ts'
import type { Network } from '../../bindings/model/network.ts'
import { ENGINES, firstDifference, randomNetwork, randomNumbers, SPECIAL, seeded } from '../support.ts'

const simd = createEngine({ engine: 'simd' })
const js = createEngine({ engine: 'js' })
const learning = { simd: await loadLearning(simd), js: await loadLearning(js) }

function one(resident: Resident, events: Float64Array, width: number, outputs: number): Float32Array {
  const scores = new Float32Array((events.length / width) * outputs)
  for (let n = 0; n * width < events.length; n++) {
    resident.input.set(events.subarray(n * width, (n + 1) * width), resident.inputAt)
    resident.predict()
    scores.set(resident.output.subarray(resident.outputAt, resident.outputAt + outputs), n * outputs)
  }
  return scores
}

function batch(resident: Resident, events: Float64Array | Float32Array, count: number, outputs: number): Float32Array {
  const scores = new Float32Array(count * outputs)
  resident.predictBatch(events, count, scores)
  return scores
}

/** All ways to score the events, in both engines, give the bits of the definition. */
function agree(network: Network, events: Float64Array, label: string): void {
  const width = network.inputs.length
  const outputs = network.outputs.length
  const count = events.length / width
  const [fast, plain] = [simd.place(network), js.place(network)]
  const expected = one(plain, events, width, outputs)
  const same = (scores: Float32Array, how: string) => {
    const i = firstDifference(scores, expected)
    assert.is(i, -1, `${label}, ${how}: score ${i} is ${scores[i]}, expected ${expected[i]}`)
  }
  same(batch(plain, events, count, outputs), 'js batch')
  same(one(fast, events, width, outputs), 'simd, one event')
  same(batch(fast, events, count, outputs), 'simd batch')
  const rounded = Float32Array.from(events)
  const single = batch(plain, rounded, count, outputs)
  assert.is(firstDifference(batch(fast, rounded, count, outputs), single), -1, `${label}, simd batch of f32`)
  fast.release()
  plain.release()
}

function shapes(random: Random, size: number, depth: number): number[] {
  const widths = [size]
  for (let k = 1; k <= depth; k++) widths.push(1 + random.below(17))
  if (random.uniform() < 0.5) widths[depth] = 1
  return widths
}

/** Softmax is possible in the last layer only. */
function hiddenOf(activation: Activation): Activation {
  return activation === 'softmax' ? 'tanh' : activation
}

const inference = suite('kernels: inference')

inference('sizes 1 to 17, depths 1 to 4, every activation, special values', () => {
  const random = seeded(1)
  for (let size = 1; size <= 17; size++) {
    for (let depth = 1; depth <= 4; depth++) {
      for (const activation of ACTIVATIONS) {
        const widths = shapes(random, size, depth)
        const alpha = random.uniform() < 0.2 ? -0.5 : 0.3
        const scale = random.uniform() < 0.2 ? 50 : 1
        const network = randomNetwork(random, {
          widths,
          activation: hiddenOf(activation),
          outputActivation: activation,
          alpha,
          size: scale,
        })
        agree(network, randomNumbers(random, size * 11, 3, 0.03), `${widths.join('→')} ${activation}`)
      }
    }
  }
})

inference('every width of a hidden and of a last layer, 1 to 17', () => {
  const random = seeded(2)
  for (let hidden = 1; hidden <= 17; hidden++) {
    for (let outputs = 1; outputs <= 17; outputs++) {
      const network = randomNetwork(random, { widths: [3, hidden, outputs] })
      agree(network, randomNumbers(random, 3 * 9, 3, 0.02), `3→${hidden}→${outputs}`)
    }
  }
})

inference('batches of 1 to 33 events, and of many', () => {
  const random = seeded(3)
  for (const activation of ['sigmoid', 'softmax', 'elu'] as const) {
    const network = randomNetwork(random, {
      widths: [6, 15, activation === 'softmax' ? 3 : 1],
      outputActivation: activation,
    })
    for (const count of [...Array.from({ length: 33 }, (_, i) => i + 1), 511, 512, 513, 1500]) {
      agree(network, randomNumbers(random, count * 6, 3, 0.01), `${count} events, ${activation}`)
    }
  }
})

inference('large layers', () => {
  const random = seeded(4)
  for (const widths of [
    [140, 72, 1],
    [28, 32, 32, 1],
    [66, 100, 100, 100, 4],
    [1, 257, 1],
    [300, 1],
    [3, 9000],
  ]) {
    agree(randomNetwork(random, { widths, size: 0.3 }), randomNumbers(random, widths[0]! * 19), widths.join('→'))
  }
})

inference('every special value at every input, with and without a default', () => {
  const random = seeded(5)
  for (const activation of ACTIVATIONS) {
    const network = randomNetwork(random, {
      widths: [4, 6, 2],
      activation: hiddenOf(activation),
      outputActivation: activation,
    })
    const rows = SPECIAL.flatMap((special) => [0, 1, 2, 3].flatMap((i) => [0.1, 0.2, 0.3, 0.4].with(i, special)))
    agree(network, Float64Array.from(rows), activation)
  }
})

inference('what is not finite makes every output NaN, or becomes the default', () => {
  const random = seeded(6)
  for (const activation of ACTIVATIONS) {
    const network = randomNetwork(random, {
      widths: [3, 5, 3],
      activation: hiddenOf(activation),
      outputActivation: activation,
    })
    const resident = simd.place(network)
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const lost = one(resident, Float64Array.of(value, 1, 1), 3, 3)
      assert.ok(lost.every(Number.isNaN), `${activation}: ${value} without a default gives ${lost}`)
      const kept = one(resident, Float64Array.of(1, value, 1), 3, 3)
      const meant = one(resident, Float64Array.of(1, network.inputs[1]!.default!, 1), 3, 3)
      assert.is(firstDifference(kept, meant), -1, `${activation}: ${value} with a default`)
    }
    resident.release()
  }
})

inference('parameters that overflow the sums', () => {
  const random = seeded(7)
  for (const activation of ACTIVATIONS) {
    const network = randomNetwork(random, {
      widths: [5, 6, 7, 2],
      activation: hiddenOf(activation),
      outputActivation: activation,
      size: 1e38,
    })
    agree(network, randomNumbers(random, 5 * 20, 1e3), activation)
  }
})

inference.run()

const training = suite('kernels: training')

interface Job {
  network: Network
  events: Float64Array
  targets: Float32Array
  batch: number
  loss: Loss
}

/** Trains for two epochs in pieces of `stride` events; returns the loss and every parameter. */
function trained(resident: Learner, job: Job, stride: number): { loss: number; parameters: number[] } {
  const { events, targets, batch, loss } = job
  const count = events.length / job.network.inputs.length
  const set = resident.trainingSet(count)
  const third = Math.floor(count / 3)
  const width = job.network.inputs.length
  const outputs = job.network.outputs.length
  set.append(events.subarray(0, third * width), targets.subarray(0, third * outputs), third)
  set.append(events.subarray(third * width), targets.subarray(third * outputs), count - third)
  set.order.reverse()
  const whole = count - (count % batch)
  let sum = 0
  for (let epoch = 0; epoch < 2; epoch++) {
    for (let first = 0; first < whole; first += stride) {
      const piece = Math.min(stride, whole - first)
      sum = resident.train(set, { first, count: piece, batch, learningRate: 0.1, loss }, sum)
    }
  }
  set.release()
  const parameters = resident.layers().flatMap((layer) => [...layer.weights, ...layer.bias])
  return { loss: sum, parameters }
}

function sameTraining(job: Job, label: string): void {
  const expected = trained(learning.js.place(job.network), job, 1000)
  const pieces = [
    { engine: learning.js, stride: 7 },
    { engine: learning.simd, stride: 1 },
    { engine: learning.simd, stride: 7 },
    { engine: learning.simd, stride: 1000 },
  ]
  for (const { engine, stride } of pieces) {
    const resident = engine.place(job.network)
    const { loss, parameters } = trained(resident, job, stride)
    assert.ok(
      Object.is(loss, expected.loss),
      `${label}, ${engine.name}, stride ${stride}: loss ${loss}, expected ${expected.loss}`,
    )
    assert.is(
      firstDifference(parameters, expected.parameters),
      -1,
      `${label}, ${engine.name}, stride ${stride}: parameters`,
    )
    resident.release()
  }
}

training('sizes 1 to 17, depths 1 to 4, every activation, both losses', () => {
  const random = seeded(8)
  for (let size = 1; size <= 17; size++) {
    for (let depth = 1; depth <= 4; depth++) {
      for (const activation of ACTIVATIONS) {
        const widths = shapes(random, size, depth)
        const outputs = widths.at(-1)!
        const network = randomNetwork(random, {
          widths,
          activation: hiddenOf(activation),
          outputActivation: activation,
        })
        const loss = random.uniform() < 0.5 ? 'squared' : 'cross-entropy'
        const events = randomNumbers(random, size * 23)
        const targets = new Float32Array(23 * outputs).map(() => random.uniform())
        const batch = [1, 2, 5, 10][random.below(4)]!
        sameTraining({ network, events, targets, batch, loss }, `${widths.join('→')} ${activation} ${loss} ${batch}`)
      }
    }
  }
})

training('events that are not finite, and parameters that diverge', () => {
  const random = seeded(9)
  for (const activation of ACTIVATIONS) {
    const shape = { widths: [5, 6, 3], activation: hiddenOf(activation), outputActivation: activation, size: 20 }
    const network = randomNetwork(random, shape)
    const events = randomNumbers(random, 5 * 40, 100, 0.01)
    const targets = new Float32Array(40 * 3).map(() => random.uniform())
    sameTraining({ network, events, targets, batch: 4, loss: 'squared' }, activation)
  }
})

training('sums and gradients that overflow', () => {
  const random = seeded(10)
  for (const activation of ['linear', 'rectified', 'leakyrelu', 'swish', 'abs', 'elu'] as const) {
    for (const widths of [
      [3, 1],
      [5, 2],
      [3, 5, 1],
      [6, 7, 3],
      [4, 5, 6, 1],
    ]) {
      for (const size of [1e10, 1e19, 1e38]) {
        const network = randomNetwork(random, { widths, activation, size })
        const events = randomNumbers(random, widths[0]! * 12, 1e5)
        events[2] = 1e300
        const targets = new Float32Array(12 * widths.at(-1)!).map(() => random.uniform())
        for (const batch of [1, 3]) {
          sameTraining(
            { network, events, targets, batch, loss: 'squared' },
            `${widths.join('→')} ${activation} ${size}`,
          )
        }
      }
    }
  }
})

training.run()

const relaxed = suite('kernels: relaxed')

/** Outside the promise of equal bits: as near as the rounding of each operation lets it be. */
function near(fast: ArrayLike<number>, exact: ArrayLike<number>, tolerance: number, label: string): void {
  assert.is(fast.length, exact.length)
  for (let i = 0; i < fast.length; i++) {
    const [a, b] = [fast[i]!, exact[i]!]
    const fits = Number.isNaN(b) ? Number.isNaN(a) : Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b))
    assert.ok(fits, `${label}: number ${i} is ${a}, expected ${b}`)
  }
}

function scoresNearly(network: Network, events: Float64Array, label: string): void {
  const width = network.inputs.length
  const outputs = network.outputs.length
  const fast = createEngine({ engine: 'relaxed' }).place(network)
  const expected = one(js.place(network), events, width, outputs)
  near(one(fast, events, width, outputs), expected, 2e-5, `${label}, one event`)
  near(batch(fast, events, events.length / width, outputs), expected, 2e-5, `${label}, batch`)
}

function everyShape(
  random: Random,
  activations: readonly Activation[],
  work: (network: Network, label: string, size: number) => void,
): void {
  for (let size = 1; size <= 17; size++) {
    for (const activation of activations) {
      const widths = shapes(random, size, 1 + (size % 4))
      const shape = { widths, activation: hiddenOf(activation), outputActivation: activation, size: 0.5 }
      work(randomNetwork(random, shape), `${widths.join('→')} ${activation}`, size)
    }
  }
}

const ifRelaxed = ENGINES.includes('relaxed') ? relaxed : relaxed.skip
if (ifRelaxed !== relaxed) console.log('skipped: kernels: relaxed (this host has no relaxed SIMD)')

ifRelaxed('scores are those of the definition within 2e-5, one event and batches', () => {
  const random = seeded(12)
  everyShape(random, ACTIVATIONS, (network, label, size) => {
    const events = randomNumbers(random, size * 19)
    events[size] = Number.NaN
    scoresNearly(network, events, label)
  })
  for (const widths of [
    [140, 72, 1],
    [28, 32, 32, 1],
  ]) {
    scoresNearly(randomNetwork(random, { widths, size: 0.3 }), randomNumbers(random, widths[0]! * 19), widths.join('→'))
  }
})

ifRelaxed('training leads to the parameters of the definition within 1e-4', async () => {
  const fast = await loadLearning(createEngine({ engine: 'relaxed' }))
  const random = seeded(13)
  // The others may diverge, and then any difference grows.
  everyShape(random, ['sigmoid', 'tanh', 'softmax'], (network, label, size) => {
    const events = randomNumbers(random, size * 23, 1)
    const targets = new Float32Array(23 * network.outputs.length).map(() => random.uniform())
    for (const size of [1, 5]) {
      const job: Job = { network, events, targets, batch: size, loss: 'squared' }
      const expected = trained(learning.js.place(network), job, 1000)
      const got = trained(fast.place(network), job, 7)
      near(got.parameters, expected.parameters, 1e-4, label)
      near([got.loss], [expected.loss], 1e-4, `${label}, loss`)
    }
  })
})

relaxed('where it was not loaded or is not to be had, the error says so', async () => {
  if (ENGINES.includes('relaxed')) {
    assert.is(createEngine({ engine: 'relaxed' }).name, 'relaxed')
    return
  }
  assert.throws(() => createEngine({ engine: 'relaxed' }), /engine: "relaxed" is not loaded; await Drone.load/)
  try {
    await loadEngine('relaxed')
    assert.unreachable()
  } catch (error) {
    assert.match(
      (error as Error).message,
      'engine: "relaxed", but this host does not run WebAssembly with relaxed SIMD',
    )
  }
})

relaxed.run()
