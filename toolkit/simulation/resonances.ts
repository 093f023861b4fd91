/**
 * A resonance of a mass that varies, X → two jets, over a falling background: events for a classifier that is told the
 * mass it is to look at as one input more (Baldi, Cranmer, Faucett, Sadowski and Whiteson, arXiv:1601.07913).
 */
import { Random } from 'nndrone'
import { normal } from '../normal.ts'
import { boosted, type FourMomentum, onShell, pseudorapidity, sum, transverse } from './kinematics.ts'
import { checkCount, mixedLabels, type Sample } from './sample.ts'

/** What is measured of the two jets [GeV], and the mass that is asked about [GeV]. */
export const FEATURES = ['m', 'pt', 'min_pt', 'max_pt', 'delta_eta', 'mass'] as const

/** Masses of the resonance [GeV], as in the paper. */
export const MASSES = [500, 750, 1000, 1250, 1500] as const

/** Background: dN/dm ∝ m⁻ⁿ between these masses [GeV]. */
const FALLING = { least: 250, most: 2500, n: 3 }

/** Of the energy of a jet: a constant part, and one that falls with √E [√GeV]. */
const RESOLUTION = { constant: 0.1, stochastic: 1 }

/** Mean transverse momentum of what decays [GeV], and the most of its rapidity. */
const [MEAN_PT, MOST_RAPIDITY] = [60, 1.5]

/**
 * Half signal, half background, which is asked about a mass at random.
 * @param masses of the signal [GeV], each as likely
 * @param seed a whole number from 0; the same seed gives the same events
 */
export function resonances(count: number, seed: number, masses: readonly number[] = MASSES): Sample {
  checkCount('resonances', count, 2)
  const random = new Random(seed)
  const labels = mixedLabels(random, [Math.ceil(count / 2), Math.floor(count / 2)])
  const events = new Float64Array(count * FEATURES.length)
  for (const [n, label] of labels.entries()) {
    const mass = masses[random.below(masses.length)]!
    const jets = label === 1 ? signal(random, mass) : background(random)
    events.set([...measured(random, jets), mass], n * FEATURES.length)
  }
  return { features: FEATURES, events, labels }
}

/** A scalar decays in any direction alike. Its width is 3 % of its mass. */
function signal(random: Random, mass: number): FourMomentum[] {
  const actual = mass * (1 + 0.015 * normal(random))
  return twoJets(random, actual, 2 * random.uniform() - 1)
}

/** The exchange of a gluon sends jets along the beam: dN/d cos θ ∝ 1 / (1.2 − |cos θ|)². */
function background(random: Random): FourMomentum[] {
  const { least, most, n } = FALLING
  const [a, b] = [least ** (1 - n), most ** (1 - n)]
  const mass = (a + random.uniform() * (b - a)) ** (1 / (1 - n))
  const [near, far] = [1 / 1.2, 1 / 0.2]
  const cosine = 1.2 - 1 / (near + random.uniform() * (far - near))
  return twoJets(random, mass, random.uniform() < 0.5 ? cosine : -cosine)
}

/** Two bodies without mass, back to back in the frame of what decays, which itself moves. */
function twoJets(random: Random, mass: number, cosine: number): FourMomentum[] {
  const across = (mass / 2) * Math.sqrt(1 - cosine * cosine)
  const angle = 2 * Math.PI * random.uniform()
  const [x, y, z] = [across * Math.cos(angle), across * Math.sin(angle), (mass / 2) * cosine]
  const pt = -MEAN_PT * Math.log(1 - random.uniform())
  const direction = 2 * Math.PI * random.uniform()
  const rapidity = MOST_RAPIDITY * (2 * random.uniform() - 1)
  const along = Math.hypot(mass, pt) * Math.sinh(rapidity)
  const body = onShell(mass, pt * Math.cos(direction), pt * Math.sin(direction), along)
  return [onShell(0, x, y, z), onShell(0, -x, -y, -z)].map((jet) => boosted(jet, body, mass))
}

function measured(random: Random, jets: readonly FourMomentum[]): number[] {
  const seen = jets.map(({ e, x, y, z }) => {
    const { constant, stochastic } = RESOLUTION
    const scale = Math.max(0.1, 1 + Math.hypot(constant, stochastic / Math.sqrt(e)) * normal(random))
    return { e: scale * e, x: scale * x, y: scale * y, z: scale * z }
  })
  const whole = sum(seen)
  const m = Math.sqrt(Math.max(0, whole.e ** 2 - whole.x ** 2 - whole.y ** 2 - whole.z ** 2))
  const pts = seen.map(transverse)
  const etas = seen.map(pseudorapidity)
  return [m, transverse(whole), Math.min(...pts), Math.max(...pts), Math.abs(etas[0]! - etas[1]!)]
}
