/** Drift: its measures against values of textbooks and brute force, and what is told an alarm and what is none. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Drone, distill } from '../../../bindings/index.ts'
import { Counts, chance, DriftWindow, ks, psi, referenceOf } from '../../../toolkit/drift/index.ts'
import { seeded } from '../../support.ts'

const test = suite('drift')
const close = (a: number, b: number, most: number, what = '') =>
  assert.ok(Math.abs(a - b) <= most, `${what}: ${a}, ${b}`)

test('PSI and KS by hand', () => {
  // −0.05 · ln 0.8 + 0.05 · ln 1.2 + 0
  close(psi([0.25, 0.25, 0.5], [0.2, 0.3, 0.5], 1e-4), 0.05 * Math.log(1.25) + 0.05 * Math.log(1.2), 1e-15)
  close(psi([0.25, 0.25, 0.5], [0.2, 0.3, 0.5], 1e-4), 0.0202732554, 1e-10)
  assert.is(psi([0.3, 0.7], [0.3, 0.7], 1e-4), 0)
  // An empty bin counts as the least fraction.
  close(psi([0.5, 0.5], [0, 1], 0.01), 0.49 * Math.log(50) + 0.5 * Math.log(2), 1e-14)
  close(ks([0.25, 0.25, 0.5], [0.2, 0.3, 0.5]), 0.05, 1e-15)
  close(ks([1, 0, 0], [0, 0, 1]), 1, 0)
  assert.is(ks([0.3, 0.7], [0.3, 0.7]), 0)
})

test('what chance exceeds once in 10,000: as tables of χ² have it', () => {
  // χ²(0.9999) of 1, 9 and 20 degrees of freedom.
  for (const [freedom, quantile] of [
    [1, 15.137],
    [9, 33.72],
    [20, 52.386],
  ]) {
    close(chance(freedom! + 1, 1000, 1e9) * 1000, quantile!, (freedom === 1 ? 0.08 : 0.015) * quantile!, `${freedom}`)
  }
  close(chance(10, 100, 100) / chance(10, 100, 1e12), 2, 1e-6)
})

/** Φ by its series. */
function normal(x: number): number {
  let [term, sum] = [x, x]
  for (let k = 1; k < 200; k++) {
    term *= (x * x) / (2 * k + 1)
    sum += term
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI)
}

const random = seeded(5)
const gaussian = () => Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform())

/** Events of a normal input, a uniform one, whole numbers from 0 to 5, and one that is mostly 0. */
const event = () => [
  gaussian(),
  10 * random.uniform(),
  Math.floor(6 * random.uniform() ** 2),
  random.uniform() < 0.7 ? 0 : gaussian() ** 2,
]
function table(count: number): Float64Array {
  const rows = new Float64Array(4 * count)
  for (let n = 0; n < count; n++) rows.set(event(), 4 * n)
  return rows
}

const training = table(20_000)
const targets = Float32Array.from(
  { length: 20_000 },
  (_, n) => 1 / (1 + Math.exp(-training[4 * n]! - training[4 * n + 3]!)),
)
const { drone } = await distill({
  ...{ events: training, inputs: ['normal', 'uniform', 'whole', 'mostly'], targets, outputs: ['score'] },
  ...{ hidden: [4], epochs: 2 },
})
const reference = referenceOf(drone.network)

const measured = (rows: Float64Array) => {
  const counts = new Counts(reference)
  counts.add(rows, drone.predictBatch(rows))
  return counts.measure()
}

test('by brute force over the same events', () => {
  const rows = table(5000)
  const { variables, events, outside } = measured(rows)
  assert.is(events, 5000)
  const quantiles = (drone.network.nndrone!.quantiles as { inputs: Record<string, number[]> }).inputs
  const column = (table: Float64Array, i: number) => table.filter((_, at) => at % 4 === i)
  for (const [i, name] of drone.inputs.entries()) {
    const [before, now] = [column(training, i), column(rows, i)]
    // Whatever lies between two different quantiles, below the least and above the greatest.
    const ends = [...new Set(quantiles[name])]
    const share = (values: Float64Array, from: number, to: number) =>
      values.filter((value) => value > from && value <= to).length / values.length
    const tied = share(before, Number.NEGATIVE_INFINITY, ends[0]!) >= 0.01
    const edges = [Number.NEGATIVE_INFINITY, ...(tied ? [ends[0]! - 1e-9] : []), ...ends, Number.POSITIVE_INFINITY]
    const shares = (values: Float64Array) => edges.slice(1).map((edge, k) => share(values, edges[k]!, edge))
    const [e, a] = [shares(before), shares(now)]
    const found = variables.find((variable) => variable.name === name)!
    close(found.psi, psi(e, a, 1e-4), 0.004, name)
    close(found.ks, ks(e, a), 0.004, name)
  }
  const ranges = drone.inputs.map((_, i) => [Math.min(...column(training, i)), Math.max(...column(training, i))])
  const out = Array.from({ length: 5000 }, (_, n) =>
    ranges.some(([least, greatest], i) => rows[4 * n + i]! < least! || rows[4 * n + i]! > greatest!),
  )
  assert.is(outside, out.filter(Boolean).length / 5000)
})

test('a normal input that moves by half a deviation: the values of the normal distribution', () => {
  const moved = table(200_000).map((value, at) => (at % 4 === 0 ? value + 0.5 : value))
  const found = measured(moved).variables[0]!
  const ends = [...reference.inputs[0]!.edges]
  const shares = (shift: number) =>
    [...ends, 9].map((end, k) => normal(end - shift) - (k === 0 ? 0 : normal(ends[k - 1]! - shift)))
  close(found.psi, psi(shares(0), shares(0.5), 1e-4), 0.02)
  close(found.ks, 2 * normal(0.25) - 1, 0.012)
})

const WINDOW = 1000
const windows = (change: (value: number, i: number, n: number) => number, count = 1) => {
  const rows = table(count * WINDOW).map((value, at) => change(value, at % 4, Math.floor(at / 4)))
  return Array.from({ length: count }, (_, k) => measured(rows.slice(4 * k * WINDOW, 4 * (k + 1) * WINDOW)))
}

test("no alarm in 100 windows of the training's own distribution, of 1,000 events and of 100", () => {
  for (const { drifted, variables } of windows((value) => value, 100)) assert.not(drifted, JSON.stringify(variables))
  const few = table(10_000)
  for (let k = 0; k < 100; k++) {
    const { drifted, variables } = measured(few.slice(400 * k, 400 * (k + 1)))
    assert.not(drifted, JSON.stringify(variables))
  }
})

const DEVIATIONS = [1, 10 / Math.sqrt(12), 1.6, 1.15]

for (const i of [0, 1, 2, 3]) {
  const alarms = (change: (value: number, n: number) => number) => {
    for (const { variables } of windows((value, at, n) => (at === i ? change(value, n) : value), 20)) {
      assert.ok(variables[i]!.drifted, JSON.stringify(variables[i]))
      assert.is(variables.filter(({ kind, drifted }) => kind === 'input' && drifted).length, 1, 'and no other input')
    }
  }
  test(`an alarm in each of 20 windows where input ${i} is shifted by half a deviation`, () => {
    alarms((value) => value + 0.5 * DEVIATIONS[i]!)
    alarms((value) => value - 0.5 * DEVIATIONS[i]!)
  })
  test(`an alarm in each of 20 windows where input ${i} is frozen`, () => {
    alarms(() => training[i]!)
  })
  test(`an alarm in each of 20 windows where input ${i} is missing in 10 %`, () => {
    alarms((value, n) => (n % 10 === 3 ? Number.NaN : value))
    alarms((value, n) => (n % 10 === 3 ? Number.NEGATIVE_INFINITY : value))
  })
}

test('what was missing in training may be missing', async () => {
  const holed = training.map((value, at) => (at % 4 === 3 && at % 40 < 4 ? Number.NaN : value))
  const again = await distill({
    ...{ events: holed, inputs: drone.inputs, targets, outputs: ['score'], hidden: [4], epochs: 1 },
  })
  const counts = new Counts(referenceOf(again.drone.network))
  const rows = table(2000).map((value, at) => (at % 4 === 3 && at % 40 < 4 ? Number.NaN : value))
  counts.add(rows, again.drone.predictBatch(rows))
  const { missing, missingInTraining, drifted } = counts.measure().variables[3]!
  close(missing, missingInTraining, 1e-9)
  assert.not(drifted)
})

test('a window holds the latest events alone, and counts a part of a batch in each pane', () => {
  const window = new DriftWindow(reference, 100)
  const rows = table(1234)
  const scores = drone.predictBatch(rows)
  for (let from = 0; from < 1234; ) {
    const to = Math.min(1234, from + 1 + (from % 37))
    window.add(rows.subarray(4 * from, 4 * to), scores.subarray(from, to))
    from = to
  }
  const events = window.measure().events
  assert.ok(events > 90 && events <= 100, String(events))
  const latest = new Counts(reference)
  latest.add(rows.subarray(4 * (1234 - events)), scores.subarray(1234 - events))
  assert.equal(window.counts.toJSON(), latest.toJSON())
  assert.equal(window.measure(), latest.measure())
  const doubled = new Counts(reference)
  doubled.mergeJSON(JSON.parse(JSON.stringify(latest)))
  doubled.merge(latest)
  assert.is(doubled.events, 2 * events)
  assert.equal(
    doubled.measure().variables.map(({ ks }) => ks),
    latest.measure().variables.map(({ ks }) => ks),
  )
})

test('no event is no drift; a document that tells nothing, or nonsense, is no reference', () => {
  const { variables, drifted, events, outside } = new Counts(reference).measure()
  assert.equal(
    [drifted, events, Number.isNaN(outside), variables.some(({ psi }) => psi !== 0)],
    [false, 0, true, false],
  )
  const { nndrone, ...rest } = drone.network
  const told = (quantiles: unknown) =>
    referenceOf(Drone.from({ ...rest, nndrone: { ...nndrone, quantiles } } as never).network)
  for (const quantiles of [
    ...[undefined, 7, null, [], {}, { inputs: { normal: [1, 2] } }, { inputs: { normal: Array(21).fill('1') } }],
    { inputs: { normal: Array.from({ length: 21 }, (_, k) => -k) } },
  ]) {
    assert.equal(told(quantiles).inputs, [undefined, undefined, undefined, undefined])
  }
  const { inputs } = told({
    inputs: { normal: Array.from({ length: 21 }, (_, k) => k) },
    atMost: 'x',
    missing: { normal: 2 },
  })
  assert.is(inputs[0]!.missing, 0)
  assert.is(inputs[0]!.edges.length, 21)
})

test.run()
