/** The loss of many events and how it bends, against an oracle in f64 and its central differences. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { CurvedRange, LearningEngine, Loss } from '../../bindings/engines/api.ts'
import { createEngine } from '../../bindings/engines/index.ts'
import { loadLearning } from '../../bindings/engines/learning.ts'
import type { Activation } from '../../bindings/model/activations.ts'
import { ENGINES, firstDifference, randomNetwork, randomNumbers, seeded, vectorOf } from '../support.ts'
import { answer, type Oracle } from './oracle.ts'

/** Tails of every kind, one layer to three, one output and several. */
const SHAPES = [
  [3, 1],
  [4, 3],
  [1, 1, 1],
  [2, 4, 1],
  [5, 7, 3],
  [6, 15, 1],
  [3, 5, 6, 2],
  [3, 4, 2, 1],
]
/** More than a chunk of eight rows, and a tail. */
const COUNT = 21

const KINDS: readonly [last: Activation, loss: Loss][] = [
  ['sigmoid', 'cross-entropy'],
  ['softmax', 'cross-entropy'],
  ['linear', 'cross-entropy'],
  ['tanh', 'cross-entropy'],
  ['sigmoid', 'squared'],
  ['softmax', 'squared'],
  ['linear', 'squared'],
  ['swish', 'squared'],
]

interface Case {
  widths: number[]
  hidden?: Activation
  last: Activation
  loss: Loss
}

function placed(engine: LearningEngine, { widths, hidden = 'tanh', last }: Case) {
  const random = seeded(11)
  const network = randomNetwork(random, { widths, activation: hidden, outputActivation: last, size: 0.9 })
  const learner = engine.place(network)
  const set = learner.trainingSet(COUNT)
  const events = randomNumbers(random, COUNT * widths[0]!, 2)
  const outputs = widths.at(-1)!
  const targets = new Float32Array(COUNT * outputs).map(() => random.uniform())
  if (last === 'softmax') normalise(targets, outputs)
  set.append(events, targets, COUNT)
  random.shuffle(set.order)
  return { network, learner, set, events, targets }
}

function normalise(targets: Float32Array, outputs: number): void {
  for (let from = 0; from < targets.length; from += outputs) {
    const row = targets.subarray(from, from + outputs)
    const sum = row.reduce((total, target) => total + target, 0)
    row.set(row.map((target) => target / sum))
  }
}

function curvatureOf(engine: LearningEngine, one: Case, range: Omit<CurvedRange, 'loss'>): Float64Array {
  const { learner, set } = placed(engine, one)
  const sums = learner.curvature()
  sums.add(set, { ...range, loss: one.loss })
  const out = new Float64Array(learner.parameters ** 2)
  sums.read(out)
  sums.release()
  for (let i = 0; i < learner.parameters; i++) out.fill(0, i * learner.parameters + i + 1, (i + 1) * learner.parameters)
  return out
}

const entropic = ({ last, loss }: Case) => loss === 'cross-entropy' && (last === 'sigmoid' || last === 'softmax')

/** The loss of an event by its textbook formula. */
function lossOf(one: Case, scores: number[], targets: number[]): number {
  if (!entropic(one)) return scores.reduce((sum, g, i) => sum + (g - targets[i]!) ** 2 / 2, 0)
  return scores.reduce((sum, g, i) => {
    const f = targets[i]!
    return sum - f * Math.log(g) - (one.last === 'sigmoid' ? (1 - f) * Math.log(1 - g) : 0)
  }, 0)
}

/** JᵀWJ of an event, J by central differences of the answers G and W = ∂²loss/∂G² where the target is the answer. */
function bend(one: Case, layers: Oracle[], x: number[]): number[][] {
  const h = 1e-5
  const rows: number[][] = []
  const scores = answer(layers, x)
  for (const { weights, bias } of layers) {
    const inputs = weights.length / bias.length
    const columns = Array.from({ length: inputs }, (_, j) => bias.map((_, i) => [weights, i * inputs + j] as const))
    for (const [values, at] of [...bias.map((_, i) => [bias, i] as const), ...columns.flat()]) {
      const value = values[at]!
      values[at] = value + h
      const above = answer(layers, x)
      values[at] = value - h
      const below = answer(layers, x)
      values[at] = value
      rows.push(above.map((g, i) => (g - below[i]!) / (2 * h)))
    }
  }
  const weight = (g: number) => (entropic(one) ? 1 / g + (one.last === 'sigmoid' ? 1 / (1 - g) : 0) : 1)
  return rows.map((a) => rows.map((b) => scores.reduce((sum, g, k) => sum + a[k]! * b[k]! * weight(g), 0)))
}

const test = suite('kernels: curvature')

for (const name of ENGINES) {
  const engine = await loadLearning(createEngine({ engine: name }))
  const oracle = (one: Case) => {
    const { network, learner, set, events, targets } = placed(engine, one)
    const layers = network.layers.map((layer) => ({ ...layer, weights: [...layer.weights], bias: [...layer.bias] }))
    const width = one.widths[0]!
    const outputs = one.widths.at(-1)!
    const chosen = Array.from(set.order.subarray(2, 19), (n) => ({
      x: network.inputs.map(({ offset, scale }, i) => Math.fround((events[n * width + i]! + offset) * scale)),
      target: [...targets.subarray(n * outputs, (n + 1) * outputs)],
    }))
    return { learner, set, layers, chosen }
  }

  test(`${name}: the loss of events is that of the formula`, () => {
    for (const widths of SHAPES) {
      for (const [last, loss] of KINDS) {
        const one = { widths, last, loss }
        const { learner, set, layers, chosen } = oracle(one)
        const expected = chosen.reduce((sum, { x, target }) => sum + lossOf(one, answer(layers, x), target), 0)
        const found = learner.objective(set, { first: 2, count: 17, loss })
        assert.ok(
          Math.abs(found - expected) < 2e-6 * (1 + expected),
          `${widths.join('→')} ${last} ${loss}: ${found}, ${expected}`,
        )
      }
    }
  })

  test(`${name}: the curvature is JᵀWJ`, () => {
    for (const widths of SHAPES) {
      for (const [last, loss] of KINDS) {
        for (const hidden of ['tanh', 'sigmoid', 'swish', 'elu'] as const) {
          const one = { widths, hidden, last, loss }
          const { layers, chosen } = oracle(one)
          const bends = chosen.map(({ x }) => bend(one, layers, x))
          const found = curvatureOf(engine, one, { first: 2, count: 17, least: 0 })
          const size = bends[0]!.length
          const expected = (i: number, j: number) => bends.reduce((sum, event) => sum + event[i]![j]!, 0)
          for (let i = 0; i < size; i++) {
            for (let j = 0; j <= i; j++) {
              const scale = Math.sqrt(expected(i, i) * expected(j, j)) + 1e-9
              const error = Math.abs(found[i * size + j]! - expected(i, j)) / scale
              assert.ok(error < 2e-5, `${widths.join('→')} ${hidden} ${last} ${loss}, ${i}, ${j}: off by ${error}`)
            }
          }
        }
      }
    }
  })
}

// Not `relaxed`, which rounds a product and its sum once.
const [simd, js] = await Promise.all((['simd', 'js'] as const).map((engine) => loadLearning(createEngine({ engine }))))

test('loss and curvature have the same bits in both engines, of any number of events', () => {
  for (const widths of SHAPES) {
    for (const [last, loss] of KINDS) {
      const one = { widths, last, loss }
      for (const count of [1, 7, 8, 9, 16, 17]) {
        for (const least of [0, 0.2]) {
          const [a, b] = [simd!, js!].map((engine) => curvatureOf(engine, one, { first: 3, count, least }))
          assert.is(firstDifference(a!, b!), -1, `${widths.join('→')} ${last} ${loss}, ${count} events`)
        }
        const losses = [simd!, js!].map((engine) => {
          const { learner, set } = placed(engine, one)
          return learner.objective(set, { first: 3, count, loss })
        })
        assert.is(losses[0], losses[1], `${widths.join('→')} ${last} ${loss}`)
      }
    }
  }
})

test('outputs that matter little are left out', () => {
  const one: Case = { widths: [3, 4, 1], last: 'sigmoid', loss: 'squared' }
  const all = curvatureOf(simd!, one, { first: 0, count: COUNT, least: 0 })
  assert.not.equal(curvatureOf(simd!, one, { first: 0, count: COUNT, least: 0.2 }), all)
  assert.equal(curvatureOf(simd!, one, { first: 0, count: COUNT, least: 0.25 }), new Float64Array(all.length))
})

test('curvatures add up, change nothing of the network, and follow its parameters', () => {
  const one: Case = { widths: [6, 15, 1], last: 'sigmoid', loss: 'cross-entropy' }
  const { learner, set, network } = placed(simd!, one)
  const sums = learner.curvature()
  for (const [first, count] of [
    [0, 8],
    [8, 8],
    [16, 5],
  ] as const) {
    sums.add(set, { first, count, least: 0, loss: one.loss })
  }
  const found = new Float64Array(learner.parameters ** 2)
  sums.read(found)
  for (let i = 0; i < learner.parameters; i++) {
    found.fill(0, i * learner.parameters + i + 1, (i + 1) * learner.parameters)
  }
  assert.equal(found, curvatureOf(simd!, one, { first: 0, count: COUNT, least: 0 }))
  assert.equal(vectorOf(learner.layers()), vectorOf(network.layers))
})

test.run()
