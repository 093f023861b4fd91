/** The paper's teacher: its parameters, its gradients against differences, its training. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { auc } from '../../../bindings/index.ts'
import { SIGMOID } from '../../../toolkit/models/keras/activation.ts'
import type { TrainableLayer } from '../../../toolkit/models/keras/layer.ts'
import { Dense } from '../../../toolkit/models/keras/layers/dense.ts'
import { LocallyConnected1D } from '../../../toolkit/models/keras/layers/locally-connected.ts'
import { GlobalMaxPooling } from '../../../toolkit/models/keras/layers/pooling.ts'
import { KerasNetwork } from '../../../toolkit/models/keras/network.ts'
import type { Shape } from '../../../toolkit/models/keras/shape.ts'
import { type ActivationName, denseTeacher } from '../../../toolkit/teachers/dense.ts'
import { CATEGORICAL, type Loss, SQUARES } from '../../../toolkit/teachers/losses.ts'
import { paperTeacher } from '../../../toolkit/teachers/paper.ts'
import { Gradient, type Training, train } from '../../../toolkit/teachers/train.ts'
import { randomNumbers, seeded } from '../../support.ts'

const test = suite("the paper's teacher")

test('4,111 parameters for 6 inputs, 7,081 for 17', () => {
  for (const [inputs, parameters] of [
    [6, 4111],
    [17, 7081],
  ] as const) {
    const { input, layers } = paperTeacher(inputs, 1)
    assert.is(KerasNetwork.sequential(input, layers).parameters, parameters)
  }
})

test('its start: biases 0, kernels within the limit of Glorot and of its variance, another one for another seed', () => {
  const kernels = (seed: number) => paperTeacher(6, seed).layers.flatMap(({ parameters }) => parameters)
  const [local, localBias, hidden, hiddenBias, last] = kernels(1)
  for (const bias of [localBias!, hiddenBias!]) assert.ok(bias.every((value) => value === 0))
  // Limits √(6 / (fan in + fan out)): 5 × 2 in and 5 × 90 out; 90 and 30; 30 and 1.
  for (const [kernel, limit] of [
    [local!, Math.sqrt(6 / 460)],
    [hidden!, Math.sqrt(6 / 120)],
    [last!, Math.sqrt(6 / 31)],
  ] as const) {
    assert.ok(kernel.every((value) => Math.abs(value) <= limit))
    const variance = kernel.reduce((sum, value) => sum + value * value, 0) / kernel.length
    assert.ok(Math.abs(variance / (limit * limit) - 1 / 3) < 3 / Math.sqrt(kernel.length), `variance ${variance}`)
  }
  assert.equal(kernels(1), kernels(1))
  assert.not.equal(kernels(1)[0], kernels(2)[0])
})

/** The paper's chain in small: 5 inputs of 2 channels, 3 filters of kernel 2 and stride 2, 4 hidden units. */
function small(seed: number): { input: Shape; layers: TrainableLayer[] } {
  const random = seeded(seed)
  const layers = [
    new LocallyConnected1D([2, 3], 4, randomNumbers(random, 24, 1), randomNumbers(random, 6, 1), SIGMOID),
    new GlobalMaxPooling(3),
    new Dense([], randomNumbers(random, 12, 2), randomNumbers(random, 4, 1), SIGMOID),
    new Dense([], randomNumbers(random, 4, 2), randomNumbers(random, 1, 1), SIGMOID),
  ]
  return { input: [5, 2], layers }
}

/** A dense net of two layers, whose loss is written once more beside it. */
const DENSE: readonly [name: string, last: ActivationName, loss: Loss, of: (y: number[], t: number[]) => number][] = [
  ['squares', 'linear', SQUARES, (y, t) => y.reduce((sum, value, i) => sum + (value - t[i]!) ** 2, 0) / y.length],
  ['classes', 'softmax', CATEGORICAL, (y, t) => -Math.log(y[t.indexOf(1)]!)],
]

for (const [name, last, loss, of] of DENSE) {
  test(`every gradient of a dense teacher is what differences say: ${name}`, () => {
    const { input, layers } = denseTeacher([4, 5, 3], ['tanh', last], 3)
    const network = KerasNetwork.sequential(input, layers)
    const random = seeded(8)
    const events = randomNumbers(random, 28, 1)
    const targets = Array.from({ length: 7 }, (_, n) => [0, 1, 2].map((i) => Number(n % 3 === i))).flat()
    const chosen = [0, 2, 3, 5, 6]
    const total = () => {
      return chosen.reduce((sum, n) => {
        return sum + of([...network.predict(events.subarray(n * 4, (n + 1) * 4))], targets.slice(n * 3, (n + 1) * 3))
      }, 0)
    }
    const gradient = new Gradient(input, layers)
    for (let i = 0; i < 2; i++) {
      assert.ok(Math.abs(gradient.of({ events, targets, loss }, chosen) - total()) < 1e-12)
    }
    const step = 1e-5
    for (const [k, { parameters }] of layers.entries()) {
      for (const [p, values] of parameters.entries()) {
        for (const [i, value] of values.entries()) {
          const [above, below] = [value + step, value - step].map((moved) => {
            values[i] = moved
            return total()
          })
          values[i] = value
          const slope = (above! - below!) / (2 * step)
          const found = gradient.sums[k]![p]![i]!
          assert.ok(Math.abs(found - slope) < 1e-8, `layer ${k}, parameter ${p}[${i}]: ${found}, ${slope}`)
        }
      }
    }
  })
}

test('every gradient is what differences of the loss say', () => {
  const { input, layers } = small(5)
  const network = KerasNetwork.sequential(input, layers)
  const random = seeded(6)
  const training = { events: randomNumbers(random, 70, 2), targets: [1, 0, 0, 1, 1, 0, 1] }
  const chosen = [0, 1, 2, 3, 4, 6]
  // Cross-entropy, written once more.
  const loss = () => {
    return chosen.reduce((sum, n) => {
      const answer = network.predict(training.events.subarray(n * 10, (n + 1) * 10))[0]!
      return sum - Math.log(training.targets[n] === 1 ? answer : 1 - answer)
    }, 0)
  }
  const gradient = new Gradient(input, layers)
  const step = 1e-5
  // Twice: sums begin anew.
  for (let i = 0; i < 2; i++) assert.ok(Math.abs(gradient.of(training, chosen) - loss()) < 1e-12)
  let checked = 0
  for (const [k, { parameters }] of layers.entries()) {
    for (const [p, values] of parameters.entries()) {
      for (let i = 0; i < values.length; i++) {
        const value = values[i]!
        const at = (to: number) => {
          values[i] = value + to
          return loss()
        }
        const difference = (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step)
        values[i] = value
        const given = gradient.sums[k]![p]![i]!
        const error = Math.abs(given - difference) / Math.max(Math.abs(difference), 1e-3)
        assert.ok(error < 1e-6, `layer ${k}, parameter ${p}[${i}]: ${given}, difference ${difference}`)
        checked++
      }
    }
  }
  assert.is(checked, 24 + 6 + 12 + 4 + 4 + 1)
})

/** Events of 4 inputs; the label is whether the product of the first two is positive: no straight cut tells. */
function toy(count: number, seed: number): Pick<Training, 'events' | 'targets'> {
  const events = randomNumbers(seeded(seed), count * 4, 2)
  const targets = Float64Array.from({ length: count }, (_, n) => (events[n * 4]! * events[n * 4 + 1]! > 0 ? 1 : 0))
  return { events, targets }
}

const options = { epochs: 12, batch: 16, learningRate: 0.01, seed: 3 }

async function trained(given: Partial<Training> = {}) {
  const teacher = paperTeacher(4, 8)
  const losses: number[] = []
  await train(teacher.input, teacher.layers, {
    ...toy(600, 1),
    ...options,
    onEpoch: (_, loss) => losses.push(loss),
    ...given,
  })
  return { teacher, losses, parameters: teacher.layers.flatMap((layer) => layer.parameters) }
}

test('learns what no straight cut tells, and the loss that is told is the mean of an epoch', async () => {
  const { teacher, losses } = await trained({ epochs: 40 })
  const { events, targets } = toy(1000, 2)
  const answers = KerasNetwork.sequential(teacher.input, teacher.layers).predictBatch(events as Float64Array)
  assert.ok(auc(answers, targets) > 0.97, `AUC ${auc(answers, targets)}`)
  assert.is(losses.length, 40)
  assert.ok(Math.abs(losses[0]! - Math.log(2)) < 0.1, `first loss ${losses[0]}`)
  assert.ok(losses.at(-1)! < 0.3, `last loss ${losses.at(-1)}`)
})

test('the same seed trains the same teacher, another one another; weights end as f32', async () => {
  const [one, two, other] = [await trained(), await trained(), await trained({ seed: 4 })]
  assert.equal(one.losses, two.losses)
  assert.equal(one.parameters, two.parameters)
  assert.not.equal(one.losses, other.losses)
  for (const values of one.parameters) assert.equal(values, Float64Array.from(Float32Array.from(values)))
})

test("one step is Adam's first: the learning rate against the sign of each gradient", async () => {
  const teacher = paperTeacher(4, 8)
  const before = teacher.layers.flatMap((layer) => layer.parameters.map((values) => values.slice()))
  const data = toy(5, 1)
  const gradient = new Gradient(teacher.input, teacher.layers)
  gradient.of(data, [0, 1, 2, 3, 4])
  await train(teacher.input, teacher.layers, { ...data, epochs: 1, batch: 10, learningRate: 0.01, seed: 1 })
  for (const [k, values] of teacher.layers.flatMap((layer) => layer.parameters).entries()) {
    for (const [i, value] of values.entries()) {
      const slope = gradient.sums.flat()[k]![i]! / 5
      // Keras divides by √v + ε with the corrections of both moments in the rate.
      const step = 0.01 * Math.sqrt(1 - 0.999) * (slope / (Math.sqrt(0.001) * Math.abs(slope) + 1e-7))
      assert.ok(Math.abs(before[k]![i]! - step - value) < 1e-7, `parameter ${k}[${i}]`)
    }
  }
})

test('a signal stops it', async () => {
  const aborted = new AbortController()
  const run = trained({ signal: aborted.signal, onEpoch: () => aborted.abort(new Error('enough')) })
  await run.then(
    () => assert.unreachable(),
    (error) => assert.is(error.message, 'enough'),
  )
})

test('NaN among the events ends as well', async () => {
  const { events, targets } = toy(20, 1)
  events.fill(Number.NaN, 0, 4)
  await trained({ events, targets, epochs: 1 })
})

test.run()
