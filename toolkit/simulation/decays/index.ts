/** Events of our own: what the paper's B decays are, without its files. */
import { Random } from 'nndrone'
import { UsageError } from '../../errors.ts'
import { pseudorapidity, sum, transverse } from '../kinematics.ts'
import type { Sample } from '../sample.ts'
import { BACKGROUND, type Channel, decay, SIGNAL } from './channels.ts'
import { measured } from './detector.ts'

/** pT [GeV] and η of the mother, then the least and the most among its daughters. */
export const FEATURES = ['pt', 'eta', 'min_pt', 'max_pt', 'min_eta', 'max_eta'] as const

const MOST = 10_000_000

/**
 * Decays as a detector measures them: half signal, half background (one more, where the count is odd), mixed by chance.
 * @param count 2 to 10,000,000
 * @param seed a whole number from 0; the same seed gives the same events
 * @returns labels of 1 for signal and 0 for background
 * @throws UsageError or ConfigurationError on any other
 */
export function decays(count: number, seed: number): Sample {
  if (!Number.isInteger(count) || count < 2 || count > MOST) {
    throw new UsageError(`decays: ${count}, expected a whole number from 2 to ${MOST}`)
  }
  const random = new Random(seed)
  const events = new Float64Array(count * FEATURES.length)
  const labels = new Float64Array(count)
  let signals = Math.floor(count / 2)
  for (let n = 0; n < count; n++) {
    if (random.below(count - n) < signals) {
      labels[n] = 1
      signals--
    }
    events.set(featuresOf(random, labels[n] ? SIGNAL : BACKGROUND), n * FEATURES.length)
  }
  return { features: FEATURES, events, labels }
}

/** The mother is what its measured daughters add up to. */
export function featuresOf(random: Random, channel: Channel): number[] {
  const daughters = decay(random, channel).daughters.map((daughter) => measured(random, daughter))
  const mother = sum(daughters)
  const compared = daughters.slice(0, channel.compared)
  const pts = compared.map(transverse)
  const etas = compared.map(pseudorapidity)
  const extremes = [Math.min(...pts), Math.max(...pts), Math.min(...etas), Math.max(...etas)]
  return [transverse(mother), pseudorapidity(mother), ...extremes]
}
