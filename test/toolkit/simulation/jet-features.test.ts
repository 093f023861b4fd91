/** What is measured of a jet: against sums written out by hand, and against what is known of quarks and gluons. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { atEfficiency } from '../../../bindings/index.ts'
import { FEATURES, featuresOf } from '../../../toolkit/simulation/jets/features.ts'
import type { Hadron } from '../../../toolkit/simulation/jets/hadrons.ts'
import { jets } from '../../../toolkit/simulation/jets/index.ts'

const test = suite('features of jets')

/** Of a jet of 100 GeV along this azimuth, at η = 0. */
function measured(phi: number, constituents: Hadron[]): Record<string, number> {
  const momentum = { e: 100, x: 100 * Math.cos(phi), y: 100 * Math.sin(phi), z: 0 }
  const values = featuresOf({ momentum, constituents })
  return Object.fromEntries(FEATURES.map((name, i) => [name, values[i]!]))
}

/** Two charged hadrons and two neutral ones around an azimuth. */
const around = (phi: number): Hadron[] => [
  { pt: 60, phi: phi + 0.1, eta: 0, charged: true },
  { pt: 20, phi: phi - 0.1, eta: 0.2, charged: true },
  { pt: 20, phi, eta: -0.1, charged: false },
  { pt: 5, phi: phi + 0.3, eta: 0.1, charged: false },
]

// Energies are pT cosh η. The spread of two is √(E₁ E₂) / (E₁ + E₂) times how far they are apart.
const [a, b, c, d] = [60, 20 * Math.cosh(0.2), 20 * Math.cosh(0.1), 5 * Math.cosh(0.1)]
const [charged, neutral] = [Math.sqrt(a * b) / (a + b), Math.sqrt(c * d) / (c + d)]
const EXPECTED: Record<string, number> = {
  eta: 0,
  charged_spread_phi: 0.2 * charged,
  charged_spread_eta: 0.2 * charged,
  neutral_spread_phi: 0.3 * neutral,
  neutral_spread_eta: 0.2 * neutral,
  charged_mean_pt: 40,
  charged_mean_phi: 0,
  charged_mean_eta: 0.1,
  neutral_mean_pt: 12.5,
  neutral_mean_phi: 0.15,
  neutral_mean_eta: 0,
  charged_weighted_pt: (60 * a + 20 * b) / (a + b),
  charged_weighted_r: (0.1 * a + Math.sqrt(0.05) * b) / (a + b),
  neutral_weighted_pt: (20 * c + 5 * d) / (c + d),
  neutral_weighted_r: (0.1 * c + Math.sqrt(0.1) * d) / (c + d),
  weighted_r: (0.1 * a + Math.sqrt(0.05) * b + 0.1 * c + Math.sqrt(0.1) * d) / (a + b + c + d),
}

test('each is what its name says, wherever the jet is, also where azimuths begin again', () => {
  for (const phi of [0, 1, -2.5, 3.1, -3.1]) {
    for (const turns of [-1, 0, 1]) {
      const values = measured(phi, around(phi + 2 * Math.PI * turns))
      for (const [name, expected] of Object.entries({ ...EXPECTED, phi })) {
        const found = values[name]!
        assert.ok(Math.abs(found - expected) < 1e-9, `${name} at ${phi}, ${turns}: ${found}, expected ${expected}`)
      }
    }
  }
})

test('of a side without constituents, all are 0', () => {
  for (const side of ['charged', 'neutral']) {
    const values = measured(
      1,
      around(1).filter((one) => one.charged !== (side === 'charged')),
    )
    const names = FEATURES.filter((name) => name.startsWith(side))
    assert.is(names.length, 7)
    for (const name of names) assert.is(values[name], 0, name)
  }
})

test('where half of the quarks pass, widths reject as many gluons as simulations of physicists have it', () => {
  // At 50 % of the quark jets around 80 to 90 % of the gluon jets can be rejected (Gallicchio and Schwartz,
  // arXiv:1211.7038); a tagger of several features in data rejects 75 % (ATLAS, arXiv:1405.6583).
  const { events, labels } = jets(10_000, 8)
  const rejection = (name: (typeof FEATURES)[number]) => {
    const at = FEATURES.indexOf(name)
    // Those of quarks are smaller.
    return atEfficiency(
      labels.map((_, n) => -events[n * FEATURES.length + at]!),
      labels,
      0.5,
    ).rejection
  }
  const whole = rejection('weighted_r')
  assert.ok(whole > 0.8 && whole < 0.9, `weighted_r: ${whole}`)
  for (const name of ['charged_spread_phi', 'charged_spread_eta', 'charged_weighted_r'] as const) {
    assert.ok(rejection(name) > 0.75 && rejection(name) < whole, `${name}: ${rejection(name)}, all: ${whole}`)
  }
})

test.run()
