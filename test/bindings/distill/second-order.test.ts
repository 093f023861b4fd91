/** Steps of second order and prunings, against a dense solver that shares nothing with them. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Pauses } from '../../../bindings/distill/pauses.ts'
import { Equations } from '../../../bindings/distill/steps/equations.ts'
import { LevenbergMarquardt } from '../../../bindings/distill/steps/levenberg-marquardt.ts'
import { Objective } from '../../../bindings/distill/steps/objective.ts'
import { cheapestPruning, compensated } from '../../../bindings/distill/steps/prune.ts'
import type { Loss } from '../../../bindings/engines/api.ts'
import { createEngine } from '../../../bindings/engines/index.ts'
import { loadLearning } from '../../../bindings/engines/learning.ts'
import { withoutUnit } from '../../../bindings/model/growth.ts'
import type { Network } from '../../../bindings/model/network.ts'
import { firstDifference, type NetworkShape, randomNetwork, randomNumbers, seeded, vectorOf } from '../../support.ts'

const engine = await loadLearning(createEngine({ engine: 'simd' }))
const pauses = new Pauses()

/** Gauss's elimination with pivots, in f64. */
function dense(matrix: number[][], b: number[]): number[] {
  const rows = matrix.map((row, i) => [...row, b[i]!])
  for (let k = 0; k < rows.length; k++) {
    const pivot = rows
      .slice(k)
      .reduce((best, row, at) => (Math.abs(row[k]!) > Math.abs(rows[best]![k]!) ? k + at : best), k)
    ;[rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!]
    for (let i = k + 1; i < rows.length; i++) {
      const factor = rows[i]![k]! / rows[k]![k]!
      for (let j = k; j <= rows.length; j++) rows[i]![j]! -= factor * rows[k]![j]!
    }
  }
  const x: number[] = new Array(rows.length).fill(0)
  for (let i = rows.length - 1; i >= 0; i--) {
    const known = x.reduce((sum, value, j) => (j > i ? sum + value * rows[i]![j]! : sum), 0)
    x[i] = (rows[i]![rows.length]! - known) / rows[i]![i]!
  }
  return x
}

/** A whole symmetric matrix of a lower triangle. */
function whole(lower: Float64Array): number[][] {
  const size = Math.sqrt(lower.length)
  const at = (i: number, j: number) => lower[Math.max(i, j) * size + Math.min(i, j)]!
  return Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => at(i, j)))
}

function teacherOf(shape: NetworkShape): Network {
  return randomNetwork(seeded(3), { ...shape, size: 2 })
}

/** A network that is to learn the answers of another. */
function placed(
  shape: NetworkShape,
  loss: Loss,
  { count = 400, decay = 1e-7, change = (network: Network) => network } = {},
) {
  const random = seeded(4)
  const teacher = engine.place(teacherOf(shape))
  const network = change(randomNetwork(random, { ...shape, size: 0.7 }))
  const learner = engine.place({ ...network, inputs: teacherOf(shape).inputs })
  const events = randomNumbers(random, count * shape.widths[0]!, 2)
  const targets = new Float32Array(count * shape.widths.at(-1)!)
  teacher.predictBatch(events, count, targets)
  const set = learner.trainingSet(count)
  set.append(events, targets, count)
  return { network, set, objective: new Objective(learner, set, loss, decay, pauses) }
}

const SHAPES: readonly [NetworkShape, Loss][] = [
  [{ widths: [4, 7, 1], activation: 'tanh', outputActivation: 'sigmoid' }, 'cross-entropy'],
  [{ widths: [4, 7, 1], activation: 'swish', outputActivation: 'sigmoid' }, 'squared'],
  [{ widths: [3, 6, 3], activation: 'tanh', outputActivation: 'softmax' }, 'cross-entropy'],
  [{ widths: [3, 5, 4, 2], activation: 'sigmoid', outputActivation: 'linear' }, 'cross-entropy'],
]

const test = suite('second order')

test('equations are solved as a dense solver does, of sizes 1 to 17', async () => {
  const random = seeded(1)
  for (let size = 1; size <= 17; size++) {
    const factor = Array.from({ length: size + 3 }, () => Array.from({ length: size }, () => 2 * random.uniform() - 1))
    const matrix = Float64Array.from({ length: size * size }, (_, at) =>
      factor.reduce((sum, row) => sum + row[at % size]! * row[Math.floor(at / size)]!, 0),
    )
    const b = Array.from({ length: size }, () => random.uniform())
    const equations = await Equations.of(matrix, size, (diagonal) => 0.1 * diagonal, pauses)
    const expected = dense(
      whole(matrix).map((row, i) => row.map((value, j) => (i === j ? 1.1 * value : value))),
      b,
    )
    const x = equations!.solve(Float64Array.from(b))
    for (const [i, value] of expected.entries()) assert.ok(Math.abs(x[i]! - value) < 1e-9 * (1 + Math.abs(value)))
  }
  assert.is(await Equations.of(Float64Array.of(1, 0, 2, 1), 2, () => 0, pauses), undefined, 'not positive definite')
  assert.is(await Equations.of(Float64Array.of(Number.NaN), 1, () => 0, pauses), undefined)
})

test('a step is (H + λ diag H)⁻¹ G, λ being 1/100, or larger while no step helps', async () => {
  for (const [shape, loss] of SHAPES) {
    const { objective } = placed(shape, loss)
    const before = objective.parameters()
    const value = await objective.value()
    const { gradient } = await objective.gradient()
    const matrix = whole(await objective.curvature())
    const steps: number[][] = []
    for (let [damping, growth] = [1e-2, 2]; ; [damping, growth] = [damping * growth, 2 * growth]) {
      const damped = matrix.map((row, i) => row.map((entry, j) => (i === j ? (1 + damping) * entry : entry)))
      steps.push(dense(damped, [...gradient]))
      objective.resident.write(before.map((p, i) => p - steps.at(-1)![i]!))
      if ((await objective.value()) < value) break
    }
    objective.resident.write(before)
    const step = await new LevenbergMarquardt(objective, pauses, undefined).step()
    assert.ok(step!.better)
    const expected = steps.at(-1)!
    const size = Math.hypot(...expected)
    for (const [i, p] of objective.parameters().entries()) {
      const moved = before[i]! - p
      assert.ok(Math.abs(moved - expected[i]!) < 1e-5 * size + 1e-6, `${shape.widths}, ${i}: ${moved}, ${expected[i]}`)
    }
  }
})

test('the gradient of the objective is that of its value, decay and all', async () => {
  for (const [shape, loss] of SHAPES) {
    const { objective } = placed(shape, loss, { decay: 0.01 })
    const { gradient } = await objective.gradient()
    const before = objective.parameters()
    const h = 2 ** -7
    for (const i of before.keys()) {
      const at = async (distance: number) => {
        objective.resident.write(before.map((p, j) => (i === j ? p + distance : p)))
        return objective.value()
      }
      const difference = ((await at(h)) - (await at(-h))) / (2 * h)
      assert.ok(Math.abs(difference - gradient[i]!) < 2e-4, `${shape.widths}, ${i}: ${gradient[i]}, ${difference}`)
    }
  }
})

test('steps go down until none helps, and the last parameters are the best', async () => {
  for (const [shape, loss] of SHAPES) {
    const { objective } = placed(shape, loss)
    const method = new LevenbergMarquardt(objective, pauses, undefined)
    let value = await objective.value()
    for (let n = 0; n < 40; n++) {
      const step = await method.step()
      const next = await objective.value()
      assert.ok(step!.better ? next < value : next === value)
      value = next
      if (!step!.better) break
    }
    const { squares } = await objective.gradient()
    assert.ok(squares < 2e-3, `${shape.widths}: ${squares}`)
  }
})

/** What is left of a network after its cheapest pruning, with what the pruning foresaw. */
async function pruned(objective: Objective) {
  const layers = objective.resident.layers()
  const parameters = objective.parameters()
  const curvature = await objective.curvature()
  const pruning = (await cheapestPruning(layers, parameters, curvature, () => true, pauses))!
  objective.resident.write(compensated(parameters, pruning.step))
  return {
    pruning,
    parameters,
    curvature,
    layers: withoutUnit(objective.resident.layers(), pruning.layer, pruning.unit),
  }
}

test('a pruning is the cheapest of all, by a dense solver', async () => {
  for (const [shape, loss] of SHAPES) {
    const { objective } = placed(shape, loss)
    const { pruning, parameters, curvature } = await pruned(objective)
    const matrix = whole(curvature)
    const size = matrix.length
    const costs: number[] = []
    for (let layer = 0, from = 0; layer < shape.widths.length - 2; layer++) {
      const [inputs, units, next] = shape.widths.slice(layer, layer + 3) as [number, number, number]
      const after = from + units * (inputs + 1) + next
      for (let unit = 0; unit < units; unit++) {
        const own = [unit, ...Array.from({ length: inputs }, (_, j) => units + j * units + unit)].map((i) => from + i)
        const out = Array.from({ length: next }, (_, i) => after + unit * next + i)
        const rest = Array.from({ length: size }, (_, i) => i).filter((i) => !own.includes(i) && !out.includes(i))
        const c = rest.map((i) => out.reduce((sum, o) => sum + matrix[i]![o]! * parameters[o]!, 0))
        const x = dense(
          rest.map((i) => rest.map((j) => matrix[i]![j]! * (i === j ? 1 + 1e-4 : 1))),
          c,
        )
        const alone = out.reduce(
          (sum, o) => sum + out.reduce((inner, p) => inner + matrix[o]![p]! * parameters[o]! * parameters[p]!, 0),
          0,
        )
        costs.push((alone - c.reduce((sum, value, i) => sum + value * x[i]!, 0)) / 2)
        if (pruning.layer === layer && pruning.unit === unit) {
          assert.ok(Math.abs(pruning.cost / costs.at(-1)! - 1) < 1e-3, `${pruning.cost}, ${costs.at(-1)}`)
          for (const [i, place] of rest.entries()) {
            assert.ok(Math.abs(pruning.step[place]! - x[i]!) < 1e-3 * Math.hypot(...x), `${place}`)
          }
        }
      }
      from = after - next
    }
    assert.ok(pruning.cost <= Math.min(...costs) * (1 + 1e-3))
  }
})

test('the loss goes up along a pruning by what the parabola foresees, the better the smaller the part of it', async () => {
  for (const [activation, widths] of [
    ['tanh', [4, 6, 1]],
    ['swish', [4, 7, 2]],
    ['sigmoid', [3, 5, 4, 2]],
  ] as const) {
    const shape = { widths, activation, outputActivation: 'linear' } as const
    // The network is its own teacher: its gradient is zero, and H, of linear outputs, all there is of second order.
    const { objective } = placed(shape, 'squared', { decay: 0, change: () => teacherOf(shape) })
    const { pruning, parameters, curvature } = await pruned(objective)
    const { step, cost } = pruning
    const bent = whole(curvature).map((row) => row.reduce((sum, entry, j) => sum + entry * step[j]!, 0))
    const foreseen = bent.reduce((sum, entry, i) => sum + (entry * step[i]!) / 2, 0)
    assert.ok(foreseen > 0 && cost > 0.99 * foreseen, `${cost}, ${foreseen}`)
    const errors: number[] = []
    for (const part of [1 / 8, 1 / 32]) {
      objective.resident.write(parameters.map((p, i) => p + part * step[i]!))
      errors.push(Math.abs((await objective.value()) / (foreseen * part * part) - 1))
    }
    const [large, small] = errors as [number, number]
    assert.ok(small < 0.1 && small < large / 2, `${activation}: ${errors}`)
  }
})

test('a dead unit and a twin go first, and cost nothing', async () => {
  const shape = { widths: [4, 6, 2], activation: 'tanh', outputActivation: 'softmax' } as const
  const dead = (network: Network) => {
    const [hidden, last] = network.layers as [Network['layers'][0], Network['layers'][0]]
    const weights = last.weights.map((weight, at) => (at % 6 === 4 ? 0 : weight))
    return { ...network, layers: [hidden, { ...last, weights }] }
  }
  const twins = (network: Network) => {
    const [hidden, last] = network.layers as [Network['layers'][0], Network['layers'][0]]
    const weights = hidden.weights.slice()
    weights.copyWithin(4 * 5, 4 * 1, 4 * 2)
    return { ...network, layers: [{ ...hidden, weights, bias: hidden.bias.with(5, hidden.bias[1]!) }, last] }
  }
  for (const [change, units] of [
    [dead, [4]],
    [twins, [1, 5]],
  ] as const) {
    const { objective, set, network } = placed(shape, 'cross-entropy', { change, decay: 0 })
    const value = await objective.value()
    const { pruning, layers } = await pruned(objective)
    assert.ok((units as readonly number[]).includes(pruning.unit), `unit ${pruning.unit}`)
    const after = new Objective(engine.place({ ...network, layers }), set, 'cross-entropy', 0, pauses)
    assert.ok(Math.abs((await after.value()) / value - 1) < 1e-3, `${value}, ${await after.value()}`)
    assert.ok(vectorOf(layers).every(Number.isFinite))
  }
})

test('a step that is too long for a parabola is shortened', () => {
  const parameters = Float32Array.of(1, 0, -3)
  assert.equal(compensated(parameters, Float64Array.of(0.5, 0, 1)), Float32Array.of(1.5, 0, -2))
  assert.equal(compensated(parameters, Float64Array.of(4, 0, 1)), Float32Array.of(3, 0, -2.5))
})

test('a network without one of its units', () => {
  const { layers } = randomNetwork(seeded(4), { widths: [3, 4, 2] })
  const smaller = withoutUnit(layers, 0, 1)
  const rows = (weights: Float32Array, width: number) =>
    Array.from({ length: weights.length / width }, (_, i) => [...weights.subarray(i * width, (i + 1) * width)])
  assert.equal(rows(smaller[0]!.weights, 3), rows(layers[0]!.weights, 3).toSpliced(1, 1))
  assert.equal([...smaller[0]!.bias], [...layers[0]!.bias].toSpliced(1, 1))
  assert.equal(
    rows(smaller[1]!.weights, 3),
    rows(layers[1]!.weights, 4).map((row) => row.toSpliced(1, 1)),
  )
  assert.is(firstDifference(smaller[1]!.bias, layers[1]!.bias), -1)
})

test.run()
