/** Jets of quarks and of gluons, the paper's second example: a toy shower, its hadrons, a jet of them, and 17 inputs. */
import { Random } from 'nndrone'
import { checkCount, mixedLabels, type Sample } from '../sample.ts'
import { clustered, type Jet } from './clustering.ts'
import { FEATURES, featuresOf } from './features.ts'
import { hadrons } from './hadrons.ts'
import { type Flavour, shower } from './shower.ts'

/** dN/dpT ∝ pT⁻⁴ between these [GeV], alike for both, so that they are told apart by their insides alone. */
const PT = { least: 100, most: 400 }
const MOST_ETA = 2

export const RADIUS = 0.4

/** Of the shower: branchings within the jet, down to a kT of 0.6 GeV. */
export const SHOWER = { angle: RADIUS, cutoff: 0.6 }

/**
 * Half jets of quarks, half of gluons.
 * @param count 2 or more
 * @param seed a whole number from 0; the same seed gives the same jets
 * @returns labels of 1 for quarks and 0 for gluons
 */
export function jets(count: number, seed: number): Sample {
  checkCount('jets', count, 2)
  const random = new Random(seed)
  const labels = mixedLabels(random, [Math.ceil(count / 2), Math.floor(count / 2)])
  const events = new Float64Array(count * FEATURES.length)
  for (const [n, label] of labels.entries()) {
    events.set(featuresOf(jet(random, label === 1 ? 'quark' : 'gluon', drawnPt(random))), n * FEATURES.length)
  }
  return { features: FEATURES, events, labels }
}

function drawnPt(random: Random): number {
  const [a, b] = [PT.least ** -3, PT.most ** -3]
  return (a + random.uniform() * (b - a)) ** (-1 / 3)
}

/** The leading jet of what a parton of this transverse momentum [GeV] becomes. */
export function jet(random: Random, flavour: Flavour, pt: number): Jet {
  const phi = Math.PI * (2 * random.uniform() - 1)
  const eta = MOST_ETA * (2 * random.uniform() - 1)
  const partons = shower(random, { flavour, pt, phi, eta }, SHOWER)
  return clustered(hadrons(random, partons), RADIUS)[0]!
}
