/** Made events: what physics says of them, and that a seed gives the same ones again. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { auc } from '../../../bindings/index.ts'
import { anomalies } from '../../../toolkit/simulation/anomalies.ts'
import { FLAVOURS, flavours } from '../../../toolkit/simulation/flavours/index.ts'
import { MASSES, resonances } from '../../../toolkit/simulation/resonances.ts'
import { otherSeed, type Sample } from '../../../toolkit/simulation/sample.ts'

const test = suite('simulation')

/** The values of a column, of the events of a label. */
function column({ features, events, labels }: Sample, name: string, label?: number): number[] {
  const at = features.indexOf(name)
  assert.ok(at >= 0, name)
  return [...labels.keys()]
    .filter((n) => label === undefined || labels[n] === label)
    .map((n) => events[n * features.length + at]!)
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!

const SAMPLES: [string, (count: number, seed: number) => Sample][] = [
  ['resonances', (count, seed) => resonances(count, seed)],
  ['anomalies', (count, seed) => anomalies(count, seed, 0.25)],
  ['flavours', flavours],
]

for (const [name, make] of SAMPLES) {
  test(`${name}: a seed gives the same events, another one others, and what is no count is named`, () => {
    const text = (seed: number) => make(200, seed).events.join()
    assert.is(text(5), text(5))
    assert.equal(make(200, 5).labels, make(200, 5).labels)
    for (const seed of [6, otherSeed(5), otherSeed(6)]) assert.is.not(text(5), text(seed))
    for (const count of [1, 2.5, Number.NaN, -4]) {
      assert.throws(() => make(count, 1), new RegExp(`^${name}: ${count}, expected a whole number from [24]$`))
    }
  })
}

test('a resonance has its mass, within what is measured of two jets, and falls to no side of it', () => {
  const sample = resonances(20_000, 1)
  assert.is(column(sample, 'm', 1).length, 10_000)
  for (const mass of MASSES) {
    const mine = column(sample, 'mass').flatMap((asked, n) => {
      return asked === mass && sample.labels[n] === 1 ? [sample.events[n * 6]!] : []
    })
    assert.ok(Math.abs(mine.length / 10_000 - 0.2) < 0.02, `${mine.length} of ${mass} GeV`)
    assert.ok(Math.abs(median(mine) / mass - 1) < 0.01, `median ${median(mine)} of ${mass} GeV`)
    // Each of two jets: 10 % ⊕ 100 % / √E, and both halves of m² add up; and a width of 1.5 %.
    const jet = Math.hypot(0.1, 1 / Math.sqrt(mass / 2))
    const expected = Math.hypot(jet / Math.SQRT2, 0.015)
    const deviation = Math.sqrt(mean(mine.map((m) => (m / mass - 1) ** 2)))
    assert.ok(Math.abs(deviation / expected - 1) < 0.15, `${deviation}, expected ${expected} at ${mass} GeV`)
  }
})

test('the background falls as its law says, knows nothing of the mass that is asked about, and lies along the beam', () => {
  const sample = resonances(40_000, 2)
  const masses = column(sample, 'm', 0)
  const above = (m: number) => masses.filter((value) => value > m).length
  // dN/dm ∝ m⁻³ from 250 to 2500 GeV, smeared by a few percent.
  const expected = (500 ** -2 - 2500 ** -2) / (1000 ** -2 - 2500 ** -2)
  assert.ok(Math.abs(above(500) / above(1000) / expected - 1) < 0.15, `${above(500) / above(1000)}, ${expected}`)
  const asked = column(sample, 'mass', 0)
  const products = asked.map((mass, n) => (mass / 1000 - mean(asked) / 1000) * (masses[n]! - mean(masses)))
  assert.ok(Math.abs(mean(products)) < 5, `covariance ${mean(products)}`)
  const labels = Array.from(sample.labels)
  assert.ok(
    auc(
      column(sample, 'delta_eta'),
      labels.map((label) => 1 - label),
    ) > 0.6,
  )
})

test('a third kind of decay is among the others where it is asked for', () => {
  assert.not(anomalies(1000, 3, 0).labels.includes(1))
  const sample = anomalies(4000, 3, 0.25)
  assert.is(
    sample.labels.reduce((sum, label) => sum + label, 0),
    1000,
  )
  // Four muons of 12 GeV open wider than the daughters of 5.4 and 1.9 GeV.
  const spread = (label: number) => {
    const [least, most] = [column(sample, 'min_eta', label), column(sample, 'max_eta', label)]
    return mean(most.map((eta, n) => eta - least[n]!))
  }
  assert.ok(spread(1) > spread(0), `${spread(1)}, ${spread(0)}`)
})

test('flavours: as many of each, 66 inputs, and beauty flies further and weighs more than charm', () => {
  const sample = flavours(8000, 4)
  assert.is(sample.features.length, 66)
  assert.is(new Set(sample.features).size, 66)
  for (const i of FLAVOURS.keys()) assert.is(sample.labels.filter((label) => label === i).length, 2000)
  const known = (name: string, flavour: number) => column(sample, name, flavour).filter((value) => !Number.isNaN(value))
  const found = FLAVOURS.map((_, i) => known('vertex_mass', i).length / 2000)
  assert.ok(found[0]! > found[2]! && found[2]! > found[3]!, `vertices in ${found}`)
  assert.ok(mean(known('vertex_mass', 0)) > 1.3 * mean(known('vertex_mass', 2)))
  assert.ok(mean(known('vertex_tracks', 0)) > mean(known('vertex_tracks', 2)))
  assert.ok(mean(column(sample, 'n_vertices', 1)) > 1.3 * mean(column(sample, 'n_vertices', 0)))
  for (const name of sample.features) {
    const values = column(sample, name)
    assert.ok(
      values.every((value) => Number.isFinite(value) || Number.isNaN(value)),
      name,
    )
    assert.ok(new Set(values.filter((value) => !Number.isNaN(value))).size > 1, `${name} is constant`)
  }
})

test('flavours: tracks and vertices that are not there are missing, and only those', () => {
  const sample = flavours(2000, 5)
  const [tracks, vertices] = [column(sample, 'n_tracks'), column(sample, 'n_vertices')]
  for (let i = 0; i < 6; i++) {
    for (const [n, value] of column(sample, `track_sip3d_${i}`).entries()) {
      assert.is(Number.isNaN(value), tracks[n]! <= i, `track ${i} of ${tracks[n]}`)
    }
  }
  for (const [n, value] of column(sample, 'flight3d_sig').entries()) assert.is(Number.isNaN(value), vertices[n] === 0)
  const first = column(sample, 'track_sip2d_0')
  for (const [n, value] of column(sample, 'track_sip2d_1').entries()) assert.not(value > first[n]!)
})

test.run()
