/** Decays of the two kinds that are known, and of a third that no training has seen. */
import { Random } from 'nndrone'
import { BACKGROUND, type Channel, SIGNAL, STRANGER } from './decays/channels.ts'
import { FEATURES, featuresOf } from './decays/index.ts'
import { checkCount, mixedLabels, type Sample } from './sample.ts'

/**
 * Decays as a detector measures them; of those that are known half are of either kind.
 * @param fraction of the third kind, 0 to 1
 * @param seed a whole number from 0; the same seed gives the same events
 * @returns labels of 1 for the third kind and 0 for the others
 */
export function anomalies(count: number, seed: number, fraction: number): Sample {
  checkCount('anomalies', count, 2)
  const random = new Random(seed)
  const strange = Math.round(count * fraction)
  const labels = mixedLabels(random, [count - strange, strange])
  const events = new Float64Array(count * FEATURES.length)
  for (const [n, label] of labels.entries()) {
    const known: Channel = random.uniform() < 0.5 ? SIGNAL : BACKGROUND
    events.set(featuresOf(random, label ? STRANGER : known), n * FEATURES.length)
  }
  return { features: FEATURES, events, labels }
}
