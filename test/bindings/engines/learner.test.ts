/** A network that learns: its parameters and its gradient as vectors. The gradient's values are tested with the kernels. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { LearningEngine, Resident } from '../../../bindings/engines/api.ts'
import { createEngine } from '../../../bindings/engines/index.ts'
import { loadLearning } from '../../../bindings/engines/learning.ts'
import type { Activation } from '../../../bindings/model/activations.ts'
import { firstDifference, randomNetwork, randomNumbers, seeded, vectorOf } from '../../support.ts'

const SHAPES = [
  [3, 1],
  [2, 5],
  [1, 1, 1],
  [4, 4, 4],
  [6, 15, 1],
  [5, 9, 6, 3],
]
const COUNT = 13

/** A learner of each shape with a set of events, in an order of its own. */
function placed(engine: LearningEngine, widths: number[], last: Activation) {
  const random = seeded(5)
  const network = randomNetwork(random, { widths, outputActivation: last, size: 0.8 })
  const learner = engine.place(network)
  const set = learner.trainingSet(COUNT)
  const targets = new Float32Array(COUNT * widths.at(-1)!).map(() => random.uniform())
  set.append(randomNumbers(random, COUNT * widths[0]!), targets, COUNT)
  random.shuffle(set.order)
  return { network, learner, set, read: () => filled(learner.parameters, (out) => learner.read(out)) }
}

function filled(length: number, fill: (out: Float32Array) => void): Float32Array {
  const out = new Float32Array(length).fill(Number.NaN)
  fill(out)
  return out
}

// Not `relaxed`, whose step rounds a product and its difference once.
const engines = await Promise.all((['simd', 'js'] as const).map((engine) => loadLearning(createEngine({ engine }))))

const test = suite('engines: learners')

for (const engine of engines) {
  test(`${engine.name}: parameters are read in their order, and what is written is read back to the bit`, () => {
    for (const widths of SHAPES) {
      const { network, learner, read } = placed(engine, widths, 'sigmoid')
      assert.equal(read(), vectorOf(network.layers), widths.join('→'))
      const other = randomNetwork(seeded(8), { widths, outputActivation: 'sigmoid' })
      const values = vectorOf(other.layers).map((value, i) => (i % 5 === 2 ? [-0, 1e-45, -3e38][i % 3]! : value))
      learner.write(values)
      assert.is(firstDifference(read(), values), -1, widths.join('→'))
      assert.equal(vectorOf(learner.layers()), values)
      // Nothing but the parameters is changed: the scores are those of a network that was made so.
      learner.write(vectorOf(other.layers))
      const events = randomNumbers(seeded(9), 3 * widths[0]!)
      const scores = (resident: Resident) => filled(3 * widths.at(-1)!, (out) => resident.predictBatch(events, 3, out))
      const fresh = engine.place({ ...network, layers: other.layers })
      assert.is(firstDifference(scores(learner), scores(fresh)), -1, widths.join('→'))
    }
  })

  test(`${engine.name}: reading and writing after growth`, () => {
    const { learner, set, read } = placed(engine, [3, 4, 4, 2], 'sigmoid')
    const steps = { first: 0, count: COUNT, batch: 5, learningRate: 0.1, loss: 'squared' } as const
    learner.train(set, steps, 0)
    for (const [layer, inputs] of [
      [0, 3],
      [1, 5],
      [0, 3],
    ] as const) {
      learner.expand(layer, new Float32Array(inputs).fill(0.25), 0.5)
      assert.equal(read(), vectorOf(learner.layers()))
    }
    learner.train(set, steps, 0)
    learner.write(read().map((value) => value / 2))
    assert.equal(read(), vectorOf(learner.layers()))
  })

  test(`${engine.name}: the gradient is that of a step, to the bit, and changes no parameter`, () => {
    for (const widths of SHAPES) {
      for (const loss of ['squared', 'cross-entropy'] as const) {
        const { learner, set, read } = placed(engine, widths, 'sigmoid')
        const before = read()
        const range = { first: 2, count: 7, loss }
        let error = 0
        const gradient = filled(before.length, (out) => {
          error = learner.gradient(set, range, out)
        })
        assert.is(firstDifference(read(), before), -1)
        // The same events, as a mini-batch of their own.
        const { order } = set
        order.set(order.slice(2, 9))
        assert.is(learner.train(set, { first: 0, count: 7, batch: 7, learningRate: 0.7, loss }, 0), error)
        const rate = Math.fround(0.7 / 7)
        const stepped = before.map((value, i) => value - Math.fround(rate * gradient[i]!))
        assert.is(firstDifference(read(), stepped), -1, `${widths.join('→')} ${loss}`)
      }
    }
  })
}

test('the gradient has the same bits in both engines', () => {
  for (const widths of SHAPES) {
    for (const [last, loss] of [
      ['sigmoid', 'cross-entropy'],
      ['tanh', 'squared'],
      ['linear', 'squared'],
    ] as const) {
      const [a, b] = engines.map((engine) => {
        const { learner, set } = placed(engine, widths, last)
        return filled(learner.parameters, (out) => learner.gradient(set, { first: 1, count: 11, loss }, out))
      })
      assert.is(firstDifference(a!, b!), -1, `${widths.join('→')} ${last}`)
    }
  }
})

/** The same events twice: once each with a weight, and once as often as the weight says. */
function weighed(engine: LearningEngine, widths: number[], last: Activation, weights: Float32Array) {
  const random = seeded(5)
  const learner = engine.place(randomNetwork(random, { widths, outputActivation: last, size: 0.8 }))
  const events = randomNumbers(random, COUNT * widths[0]!)
  const targets = new Float32Array(COUNT * widths.at(-1)!).map(() => random.uniform())
  const set = learner.trainingSet(COUNT)
  // In two calls, of which the first gives no weights: those are 1.
  set.append(events.subarray(0, 2 * widths[0]!), targets.subarray(0, 2 * widths.at(-1)!), 2)
  set.append(events.subarray(2 * widths[0]!), targets.subarray(2 * widths.at(-1)!), COUNT - 2, weights.subarray(2))
  const numbers = [...weights].flatMap((weight, n) => new Array<number>(weight).fill(n))
  const repeated = learner.trainingSet(numbers.length)
  for (const n of numbers) {
    const row = (values: Float32Array | Float64Array, width: number) => values.subarray(n * width, (n + 1) * width)
    repeated.append(row(events, widths[0]!), row(targets, widths.at(-1)!) as Float32Array, 1)
  }
  return { learner, set, repeated }
}

for (const engine of engines) {
  test(`${engine.name}: an event of weight w counts as w events do`, () => {
    const weights = Float32Array.from({ length: COUNT }, (_, n) => [1, 1, 3, 0, 2][n % 5]!)
    weights.fill(1, 0, 2)
    for (const widths of SHAPES) {
      for (const [last, loss] of [
        ['sigmoid', 'cross-entropy'],
        ['softmax', 'cross-entropy'],
        ['softmax', 'squared'],
        ['tanh', 'squared'],
      ] as const) {
        const { learner, set, repeated } = weighed(engine, widths, last, weights)
        const measures = [set, repeated].map((all) => {
          const range = { first: 0, count: all.size, loss }
          const gradient = new Float32Array(learner.parameters)
          const squares = learner.gradient(all, range, gradient)
          const sums = learner.curvature()
          sums.add(all, { ...range, least: 0 })
          const curvature = new Float64Array(learner.parameters ** 2)
          sums.read(curvature)
          sums.release()
          return [
            squares,
            learner.objective(all, range),
            ...gradient,
            ...curvature.map((x, at) => lower(x, at, learner)),
          ]
        })
        const largest = Math.max(...measures[1]!.map(Math.abs))
        for (const [i, value] of measures[1]!.entries()) {
          assert.ok(Math.abs(measures[0]![i]! - value) < 2e-6 * largest, `${widths.join('→')} ${last} ${loss}, ${i}`)
        }
      }
    }
  })
}

/** Nothing above the diagonal, which has no meaning. */
function lower(value: number, at: number, { parameters }: { parameters: number }): number {
  return at % parameters > Math.floor(at / parameters) ? 0 : value
}

test('with weights, steps, gradient, loss and curvature have the same bits in both engines', () => {
  const weights = Float32Array.from({ length: COUNT }, (_, n) => [0.3, 1, 2.7, 1e-3, 12.5][n % 5]!)
  for (const widths of SHAPES) {
    for (const last of ['sigmoid', 'softmax'] as const) {
      const [a, b] = engines.map((engine) => {
        const { learner } = placed(engine, widths, last)
        const random = seeded(6)
        const set = learner.trainingSet(COUNT)
        const targets = new Float32Array(COUNT * widths.at(-1)!).map(() => random.uniform())
        set.append(randomNumbers(random, COUNT * widths[0]!), targets, COUNT, weights)
        const range = { first: 0, count: COUNT, loss: 'cross-entropy' } as const
        const loss = learner.train(set, { ...range, batch: 3, learningRate: 0.3 }, 0)
        const gradient = filled(learner.parameters, (out) => learner.gradient(set, range, out))
        const sums = learner.curvature()
        sums.add(set, { ...range, least: 0 })
        const curvature = new Float64Array(learner.parameters ** 2)
        sums.read(curvature)
        sums.release()
        const matrix = curvature.map((value, at) => lower(value, at, learner))
        return Float64Array.of(loss, learner.objective(set, range), ...gradient, ...matrix)
      })
      assert.is(firstDifference(a!, b!), -1, `${widths.join('→')} ${last}`)
    }
  }
})

test.run()
