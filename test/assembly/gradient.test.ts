/**
 * The gradient of a step against central differences of an oracle in f64 that shares nothing with kernels or twin: its
 * own forward pass, its own losses, `Math.exp`. One step at learning rate 1 moves each parameter by its gradient.
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { LearningEngine, Loss } from '../../bindings/engines/api.ts'
import { createEngine } from '../../bindings/engines/index.ts'
import { loadLearning } from '../../bindings/engines/learning.ts'
import type { Activation } from '../../bindings/model/activations.ts'
import type { Network } from '../../bindings/model/network.ts'
import { ENGINES, randomNetwork, randomNumbers, seeded, vectorOf } from '../support.ts'
import { answer, type Oracle } from './oracle.ts'

/** ½ Σ(G − F)²: the program's gradient has no factor 2. */
function squared(scores: number[], targets: number[]): number {
  return scores.reduce((sum, g, i) => sum + (g - targets[i]!) ** 2 / 2, 0)
}

function crossEntropy(activation: Activation) {
  return (scores: number[], targets: number[]) => {
    if (activation === 'linear') return squared(scores, targets)
    const each = scores.map((g, i) => {
      const f = targets[i]!
      return activation === 'softmax' ? -f * Math.log(g) : -f * Math.log(g) - (1 - f) * Math.log(1 - g)
    })
    return each.reduce((sum, value) => sum + value, 0)
  }
}

/** ∂loss/∂parameter by central differences, layer by layer: weights, then bias. */
function differences(
  layers: Oracle[],
  x: number[],
  targets: number[],
  cost: ReturnType<typeof crossEntropy>,
): number[] {
  const h = 1e-6
  return layers.flatMap(({ weights, bias }) =>
    [weights, bias].flatMap((values) =>
      values.map((value, i) => {
        values[i] = value + h
        const above = cost(answer(layers, x), targets)
        values[i] = value - h
        const below = cost(answer(layers, x), targets)
        values[i] = value
        return (above - below) / (2 * h)
      }),
    ),
  )
}

/** How far a step of one event at learning rate 1 moves each parameter, in the same order; and the gradient itself. */
function moved(
  engine: LearningEngine,
  network: Network,
  event: Float64Array,
  targets: Float32Array,
  loss: Loss,
): { step: number[]; gradient: Float32Array } {
  const resident = engine.place(network)
  const set = resident.trainingSet(1)
  set.append(event, targets, 1)
  const gradient = new Float32Array(resident.parameters)
  resident.gradient(set, { first: 0, count: 1, loss }, gradient)
  resident.train(set, { first: 0, count: 1, batch: 1, learningRate: 1, loss }, 0)
  const step = resident.layers().flatMap((layer, k) => {
    const before = network.layers[k]!
    const change = (key: 'weights' | 'bias') => [...before[key]].map((value, i) => value - layer[key][i]!)
    return [...change('weights'), ...change('bias')]
  })
  return { step, gradient }
}

/** Values of all weights and biases, layer by layer, as the layers that they belong to. */
function layersOf(values: number[], { layers }: Network): { weights: Float32Array; bias: Float32Array }[] {
  const left = [...values]
  const take = (count: number) => Float32Array.from(left.splice(0, count))
  return layers.map(({ weights, bias }) => ({ weights: take(weights.length), bias: take(bias.length) }))
}

const test = suite('kernels: gradient')

function check(engine: LearningEngine, hidden: Activation, last: Activation, loss: Loss, widths: number[]): void {
  const random = seeded(11)
  const network = randomNetwork(random, { widths, activation: hidden, outputActivation: last, size: 0.8 })
  const width = widths[0]!
  const event = randomNumbers(random, width, 2)
  let targets = new Float32Array(widths.at(-1)!).map(() => 0.1 + 0.8 * random.uniform())
  const total = targets.reduce((sum, f) => sum + f, 0)
  if (last === 'softmax') targets = targets.map((f) => f / total)
  const x = [...event].map((value, i) => (value + network.inputs[i]!.offset) * network.inputs[i]!.scale)
  const layers = network.layers.map(({ weights, bias, activation, alpha }) => ({
    weights: [...weights],
    bias: [...bias],
    activation,
    alpha,
  }))
  const cost = loss === 'squared' ? squared : crossEntropy(last)
  const expected = differences(layers, x, [...targets], cost)
  const { step, gradient } = moved(engine, network, event, targets, loss)
  const largest = Math.max(...expected.map(Math.abs))
  assert.ok(largest > 1e-3, `${hidden} → ${last}: there is a gradient to compare`)
  // A difference w − (w − g) of f32 numbers near 1 carries 6e-8; beside the largest component that is 1e-4 of 6e-4.
  for (const [i, value] of expected.entries()) {
    const error = Math.abs(step[i]! - value) / largest
    assert.ok(error < 1e-4, `${hidden} → ${last}, ${loss}: parameter ${i} has ${step[i]}, expected ${value}`)
  }
  for (const [i, value] of vectorOf(layersOf(expected, network)).entries()) {
    const error = Math.abs(gradient[i]! - value) / largest
    assert.ok(error < 1e-5, `${hidden} → ${last}, ${loss}: gradient ${i} is ${gradient[i]}, expected ${value}`)
  }
}

const HIDDEN = ['linear', 'sigmoid', 'rectified', 'tanh', 'hard_sigmoid', 'elu', 'leakyrelu', 'swish', 'abs'] as const

for (const name of ENGINES) {
  const engine = await loadLearning(createEngine({ engine: name }))
  test(`${name}: every activation in hidden layers`, () => {
    for (const hidden of HIDDEN) check(engine, hidden, 'sigmoid', 'squared', [3, 5, 6, 1])
  })
  test(`${name}: every activation in the last layer`, () => {
    for (const last of [...HIDDEN, 'softmax'] as const) check(engine, 'tanh', last, 'squared', [4, 7, 3])
  })
  test(`${name}: cross-entropy`, () => {
    for (const last of ['sigmoid', 'softmax', 'linear'] as const) {
      check(engine, 'sigmoid', last, 'cross-entropy', [4, 5, 3])
      check(engine, 'sigmoid', last, 'cross-entropy', [2, 9, 6, 5])
    }
    check(engine, 'sigmoid', 'sigmoid', 'cross-entropy', [6, 15, 1])
  })
}

test.run()
