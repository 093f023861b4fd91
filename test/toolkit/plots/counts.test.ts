/** Events counted in bins. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { auc, roc } from '../../../bindings/metrics.ts'
import {
  Bins,
  binsOver,
  Efficiency,
  fraction,
  Grid,
  Histogram,
  Profile,
  Reliability,
  rocCurve,
} from '../../../toolkit/plots/index.ts'
import { seeded } from '../../support.ts'
import { events } from './examples.ts'

const test = suite('counts')

const ODD = [Number.NaN, Infinity, -Infinity, 0, 1, 0.5, 1 + 1e-12, -1e-300]

test('a lower edge belongs to its bin, the last upper edge to the last', () => {
  for (const bins of [
    new Bins(0, 1, 10),
    new Bins(-0.3, 0.7, 7),
    new Bins(1e-3, 1e5, 8, 'log'),
    new Bins(0.1, 0.3, 400),
  ]) {
    for (let i = 0; i < bins.count; i++) {
      assert.is(bins.of(bins.edges[i]!), i)
      assert.is(bins.of(bins.centre(i)), i)
    }
    assert.is(bins.of(bins.edges.at(-1)!), bins.count - 1)
    assert.equal(
      [-Infinity, Infinity, Number.NaN].map((value) => bins.of(value)),
      [-1, bins.count, Number.NaN],
    )
  }
})

test('bins that cannot be are refused', () => {
  const message = (make: () => unknown) => {
    try {
      make()
    } catch (error) {
      return (error as Error).message
    }
  }
  assert.is(
    message(() => new Bins(0, 1, 0)),
    'bins: 0, expected a whole number from 1 to 400',
  )
  assert.is(
    message(() => new Bins(1, 1, 5)),
    'bins: from 1 to 1, expected a range',
  )
  assert.is(
    message(() => new Bins(0, 1, 5, 'log')),
    'bins: from 0 to 1, expected a range above 0',
  )
  assert.is(
    message(() => new Bins(0, Number.NaN, 5)),
    'bins: from 0 to NaN, expected a range',
  )
  const wide = new Bins(0, 1, 65)
  assert.is(
    message(() => new Grid(wide, wide)),
    'grid: 65 bins along a side, expected at most 64',
  )
})

test('bins over values', () => {
  const ends = (values: number[]) => {
    const { edges } = binsOver(values, 5)
    return [edges[0], edges[5]]
  }
  assert.equal(ends([3, Number.NaN, 1, Infinity]), [1, 3])
  assert.equal(ends([]), [0, 1])
  assert.equal(ends([0, 0]), [-1, 1])
  assert.equal(ends([10]), [9, 11])
})

test('counts are all of the events, in any pieces', () => {
  const random = seeded(1)
  const values = [...ODD, ...Array.from({ length: 10_000 }, () => 1.4 * random.uniform() - 0.2)]
  const whole = new Histogram(new Bins(0, 1, 20)).add(values)
  assert.is(whole.entries, values.length)
  assert.is(whole.inside, values.filter((value) => value >= 0 && value <= 1).length)
  assert.is(whole.below, values.filter((value) => value < 0).length)
  assert.is(whole.above, values.filter((value) => value > 1).length)
  assert.is(whole.nan, 1)
  const pieces = new Histogram(whole.bins).add(values.slice(0, 777)).add([]).add(values.slice(777))
  assert.equal(pieces.counts, whole.counts)
  assert.is(pieces.entries, whole.entries)
  for (const [i, count] of whole.counts.entries()) {
    const [from, to] = [whole.bins.edges[i]!, whole.bins.edges[i + 1]!]
    assert.is(count, values.filter((value) => value >= from && (value < to || (i === 19 && value === to))).length)
  }
  const grid = new Grid(new Bins(0, 1, 8), new Bins(0, 1, 4)).add(values, values.toReversed())
  assert.is(grid.entries, values.length)
  assert.is(grid.nan, 2)
})

test('a fraction has an interval, at its ends too', () => {
  assert.equal(fraction(0, 0), { value: Number.NaN, low: Number.NaN, high: Number.NaN })
  assert.equal(fraction(0, 1), { value: 0, low: 0, high: 0.5 })
  assert.equal(fraction(1, 1), { value: 1, low: 0.5, high: 1 })
  const { value, low, high } = fraction(400, 1000)
  assert.is(value, 0.4)
  assert.ok(Math.abs(high - low - 2 * Math.sqrt((0.4 * 0.6) / 1000)) < 1e-4)
})

test('efficiency, reliability and profile', () => {
  const bins = new Bins(0, 2, 2)
  const efficiency = new Efficiency(bins).add([0.5, 0.5, 0.7, 5, Number.NaN], [1, 0, 1, 1, 1]).points()
  assert.equal(efficiency, [{ x: 0.5, from: 0, to: 1, ...fraction(2, 3), events: 3 }])
  const reliability = new Reliability(bins).add([0.25, 0.75, 1.5], [0, 1, 1]).points()
  assert.equal(
    reliability.map(({ x, value, events }) => [x, value, events]),
    [
      [0.5, 0.5, 2],
      [1.5, 1, 1],
    ],
  )
  const far = 1e9
  const profile = new Profile(bins).add([0.5, 0.5, 1.5, 1.5], [far + 1, far + 3, Number.NaN, 7]).points()
  assert.equal(
    profile.map(({ value, low, high, events }) => [value, low, high, events]),
    [
      [far + 2, far + 1, far + 3, 2],
      [7, 7, 7, 1],
    ],
  )
})

function under(points: readonly { efficiency: number; rejection: number }[]): number {
  let area = 0
  let before = { efficiency: 0, rejection: 1 }
  for (const point of points) {
    area += ((point.efficiency - before.efficiency) * (point.rejection + before.rejection)) / 2
    before = point
  }
  return area
}

/** Scores of several kinds, with labels. */
function* cases(): Generator<[string, number[], number[]]> {
  for (const [count, seed] of [
    [20, 1],
    [500, 2],
    [20_000, 3],
  ] as const) {
    const random = seeded(seed)
    const labels = Array.from({ length: count }, (_, i) => (i < 2 ? i : Number(random.uniform() < 0.3)))
    yield [`uniform ${count}`, labels.map(() => random.uniform()), labels]
    yield [`perfect ${count}`, labels.map((label) => label + random.uniform() / 2), labels]
    yield [`wrong ${count}`, labels.map((label) => -label - random.uniform() / 2), labels]
    yield [`separated well ${count}`, labels.map((label) => label / 2 + random.uniform() ** 3), labels]
    yield [`ties ${count}`, labels.map((label) => Math.round(4 * (label / 2 + random.uniform()))), labels]
    yield [`constant ${count}`, labels.map(() => 0.5), labels]
    yield [`close to 1 ${count}`, labels.map((label) => 1 - 1e-9 * random.uniform() ** (1 + label)), labels]
    yield [
      `rare ${count}`,
      labels.map((_, i) => random.uniform() + (i < 12 ? 0.5 : 0)),
      labels.map((_, i) => Number(i < 10)),
    ]
    const stairs = labels.map((label, i) => Math.floor(i / 50) + (label ? 0.25 : 0))
    yield [`stairs ${count}`, stairs, labels]
  }
}

test('few points of the ROC keep its area; the AUC is exact', () => {
  for (const [name, scores, labels] of cases()) {
    const curve = rocCurve(scores, labels)
    assert.is(curve.auc, auc(scores, labels), name)
    assert.ok(curve.points.length <= 200, name)
    assert.ok(Math.abs(under(curve.points) - curve.auc) < 1e-4, `${name}: ${under(curve.points) - curve.auc}`)
    const exact = new Map(roc(scores, labels).map((point) => [point.threshold, point]))
    for (const point of curve.points)
      if (point.threshold !== Infinity) assert.equal(point, exact.get(point.threshold), name)
    assert.is(curve.points.at(-1)!.efficiency, 1)
  }
})

test('a ROC of one class has no points; events without a score are told', () => {
  const { points, auc: area, ...counts } = rocCurve([0.1, 0.2, Number.NaN], [1, 1, 0])
  assert.equal(points, [])
  assert.ok(Number.isNaN(area))
  assert.equal(counts, { signal: 2, background: 0, unscored: 1 })
  const infinite = rocCurve([Infinity, -Infinity, 0, 1], [1, 0, 0, 1])
  assert.is(infinite.auc, 1)
  assert.throws(() => rocCurve([1, 2], [1, 2]), 'labels[1]: 2, expected 1 (signal) or 0 (background)')
})

test('more events than scores are told apart', () => {
  const { teacher, labels } = events(200_000, 1)
  const curve = rocCurve(Float32Array.from(teacher), Uint8Array.from(labels))
  assert.ok(Math.abs(under(curve.points) - curve.auc) < 1e-4)
  assert.ok(curve.points.length <= 200)
})

test.run()
