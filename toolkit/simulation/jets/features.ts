/**
 * The 17 inputs of the paper's second example, of the kinds that it names: φ and η of the jet; the spreads of the charged
 * and the neutral part in φ and η; kinematics averaged over the constituents, and weighted by their energies. Which those
 * are in detail it does not say.
 */
import { pseudorapidity } from '../kinematics.ts'
import { azimuth, type Jet, turned } from './clustering.ts'
import type { Hadron } from './hadrons.ts'

export const FEATURES = [
  ...['phi', 'eta'],
  ...['charged_spread_phi', 'charged_spread_eta', 'neutral_spread_phi', 'neutral_spread_eta'],
  ...[
    'charged_mean_pt',
    'charged_mean_phi',
    'charged_mean_eta',
    'neutral_mean_pt',
    'neutral_mean_phi',
    'neutral_mean_eta',
  ],
  ...['charged_weighted_pt', 'charged_weighted_r', 'neutral_weighted_pt', 'neutral_weighted_r', 'weighted_r'],
] as const

/** A constituent as the jet sees it: its energy, and how far it is from the axis. */
interface Seen {
  pt: number
  energy: number
  phi: number
  eta: number
  r: number
  charged: boolean
}

/** 0 for what a jet has no constituents for. */
export function featuresOf({ momentum, constituents }: Jet): number[] {
  const [phi, eta] = [azimuth(momentum), pseudorapidity(momentum)]
  const all = constituents.map((hadron) => seen(hadron, phi, eta))
  const [charged, neutral] = [all.filter((one) => one.charged), all.filter((one) => !one.charged)]
  const sides = [charged, neutral]
  return [
    ...[phi, eta],
    ...sides.flatMap((side) => [spread(side, ({ phi }) => phi), spread(side, ({ eta }) => eta)]),
    ...sides.flatMap((side) => [
      mean(side, ({ pt }) => pt),
      mean(side, ({ phi }) => phi),
      mean(side, ({ eta }) => eta),
    ]),
    ...sides.flatMap((side) => [weighted(side, ({ pt }) => pt), weighted(side, ({ r }) => r)]),
    weighted(all, ({ r }) => r),
  ]
}

function seen({ pt, phi, eta, charged }: Hadron, axisPhi: number, axisEta: number): Seen {
  const [across, along] = [turned(phi, axisPhi), eta - axisEta]
  return { pt, energy: pt * Math.cosh(eta), phi: across, eta: along, r: Math.hypot(across, along), charged }
}

type Measure = (one: Seen) => number

function mean(of: readonly Seen[], measure: Measure): number {
  return of.reduce((sum, one) => sum + measure(one), 0) / (of.length || 1)
}

/** By the energies. */
function weighted(of: readonly Seen[], measure: Measure): number {
  const whole = of.reduce((sum, { energy }) => sum + energy, 0)
  return of.reduce((sum, one) => sum + one.energy * measure(one), 0) / (whole || 1)
}

/** The root of the weighted mean square distance from the weighted mean. */
function spread(of: readonly Seen[], measure: Measure): number {
  const centre = weighted(of, measure)
  return Math.sqrt(weighted(of, (one) => (measure(one) - centre) ** 2))
}
