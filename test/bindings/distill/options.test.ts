/** What distil can be told about the events that are held out, the scale of inputs, and the kind of the answers. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type DistillOptions, distill, robustStatistics, statistics } from '../../../bindings/index.ts'
import { seeded } from '../../support.ts'

const test = suite('distil, more options')

const COUNT = 3000
const random = seeded(5)
const events = new Float64Array(2 * COUNT).map(() => 4 * random.uniform() - 2)
const at = (f: (a: number, b: number) => number) =>
  Float32Array.from({ length: COUNT }, (_, n) => f(events[2 * n]!, events[2 * n + 1]!))
const base: DistillOptions = { events, inputs: ['a', 'b'], seed: 3, epochs: 60 }

test('events are held out by their numbers', async () => {
  const targets = at((a, b) => 1 / (1 + Math.exp(-a * b)))
  const holdout = [5, 2999, 17]
  const result = await distill({ ...base, targets, holdout, epochs: 2 })
  assert.equal([...result.heldOut], holdout)
  assert.is(result.fidelity.events, 3)
  assert.ok(result.fidelity.heldOut)
  // What is held out does not matter for what is learnt.
  const other = targets.slice()
  for (const n of holdout) other[n] = 1 - other[n]!
  const again = await distill({ ...base, targets: other, holdout, epochs: 2 })
  assert.equal(again.drone.network.layers, result.drone.network.layers)
  for (const [wrong, message] of [
    [[3000], /holdout\[0\]: 3000, expected a whole number from 0 to 2999/],
    [[1, 1], /holdout\[1\]: 1, expected each event once/],
    [[0.5], /holdout\[0\]: 0.5/],
    [Uint32Array.from({ length: COUNT }, (_, n) => n), /leaves none of 3000 events/],
    [new Set([1]) as never, /holdout: an object, expected a fraction, or an array of numbers of events/],
  ] as const) {
    await distill({ ...base, targets, holdout: wrong }).then(
      () => assert.unreachable(),
      (error) => {
        assert.match(error.message, message)
      },
    )
  }
})

test('linear outputs learn answers of any size', async () => {
  const f = (a: number, b: number) => 1e6 + 5e3 * (Math.sin(a) + 0.5 * b * b)
  const g = (a: number, b: number) => 1e-4 * a * b
  const targets = new Float32Array(2 * COUNT)
  for (const [n, value] of at(f).entries()) targets[2 * n] = value
  for (const [n, value] of at(g).entries()) targets[2 * n + 1] = value
  const linear = {
    ...base,
    targets,
    outputs: ['f', 'g'],
    outputActivation: 'linear',
    holdout: 0.2,
    epochs: 200,
  } as const
  const { drone, stopped, heldOut } = await distill(linear)
  assert.is(stopped, 'finished')
  const scores = drone.predictBatch(events)
  for (const [output, size] of [
    [0, 5e3],
    [1, 1e-4],
  ] as const) {
    let squares = 0
    for (const n of heldOut) squares += (scores[2 * n + output]! - targets[2 * n + output]!) ** 2
    const error = Math.sqrt(squares / heldOut.length) / size
    assert.ok(error < 0.1, `output ${output}: ${error} of its size`)
  }
  // Going on from what was learnt changes the layers to the scale of the targets and back.
  const more = await distill({ ...linear, layers: drone.network.layers, rule: null, epochs: 1, learningRate: 1e-12 })
  const after = more.drone.predictBatch(events)
  const moved = after.reduce((most, score, i) => Math.max(most, Math.abs(score - scores[i]!) / (i % 2 ? 1e-4 : 5e3)), 0)
  assert.ok(moved < 1e-3, `moved by ${moved} of its size`)
})

test('quantiles are not moved by outliers, and are the deviation where there are none', async () => {
  const normal = Float64Array.from({ length: 20_000 }, () => {
    let sum = -6
    for (let i = 0; i < 12; i++) sum += random.uniform()
    return 100 + 3 * sum
  })
  const [plain] = await robustStatistics(normal, 1)
  assert.ok(Math.abs(plain!.mean - 100) < 0.1 && Math.abs(plain!.deviation - 3) < 0.1)
  const wild = normal.map((value, i) => (i % 100 === 0 ? 1e12 : i % 77 === 0 ? Number.NaN : value))
  const [robust] = await robustStatistics(wild, 1)
  assert.ok(Math.abs(robust!.mean - 100) < 0.2 && Math.abs(robust!.deviation - 3) < 0.2, JSON.stringify(robust))
  assert.is(robust!.max, 1e12)
  const mostly = Float64Array.from({ length: 100 }, (_, i) => (i < 90 ? 5 : i))
  assert.is((await robustStatistics(mostly, 1))[0]!.deviation, (await statistics(mostly, 1))[0]!.deviation)
  const constant = await robustStatistics(new Float64Array(10).fill(4), 1)
  assert.is(constant[0]!.deviation, 0)
  for (const width of [0, 3]) {
    await robustStatistics(new Float64Array(10), width).then(
      () => assert.unreachable(),
      (error) => {
        assert.is(error.message, `events: 10 numbers, expected a multiple of ${width}`)
      },
    )
  }
})

test('inputs are standardised by quantiles where that is asked', async () => {
  const targets = at((a) => (a > 0 ? 0.9 : 0.1))
  const wild = events.slice()
  wild[0] = 1e15
  const { drone } = await distill({ ...base, events: wild, targets, scaling: 'quantiles', epochs: 1 })
  const [a, b] = drone.network.inputs
  assert.ok(a!.scale > 0.5 && a!.scale < 1 && Math.abs(a!.offset) < 0.1, JSON.stringify(a))
  assert.ok(b!.scale > 0.5 && b!.scale < 1)
  const plain = await distill({ ...base, events: wild, targets, epochs: 1 })
  assert.ok(plain.drone.network.inputs[0]!.scale < 1e-10)
  wild[3] = Number.NaN
  wild[5] = 1e15
  const holed = await distill({ ...base, events: wild, targets, scaling: 'quantiles', epochs: 1 })
  assert.ok(Math.abs(holed.drone.network.inputs[1]!.default!) < 0.1, 'what is missing becomes no outlier')
  await distill({ ...base, targets, scaling: 'median' as 'quantiles' }).then(
    () => assert.unreachable(),
    (error) => {
      assert.match(error.message, /scaling: "median", expected "deviation" or "quantiles"/)
    },
  )
})

test.run()
