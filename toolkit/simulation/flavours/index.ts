/**
 * Jets of four flavours as a tagger of the kind of DeepCSV sees them (CMS, arXiv:1712.07158): 66 inputs, most of them
 * missing where a jet has few tracks or no secondary vertex. The jets are a toy: what tells flavours apart is there, the
 * flight of hadrons of beauty and charm, the momentum across their direction, and how many of their daughters are seen.
 */
import { Random } from 'nndrone'
import { checkCount, mixedLabels, type Sample } from '../sample.ts'
import { FEATURES, featuresOf } from './features.ts'
import { jet } from './jet.ts'

/** One hadron of beauty, two in one jet, charm, and light quarks or a gluon. */
export const FLAVOURS = ['b', 'bb', 'c', 'udsg'] as const

/**
 * As many jets of each flavour, as far as the count allows.
 * @param seed a whole number from 0; the same seed gives the same jets
 * @returns labels of 0 to 3, the place in FLAVOURS
 */
export function flavours(count: number, seed: number): Sample {
  checkCount('flavours', count, 4)
  const random = new Random(seed)
  const counts = FLAVOURS.map((_, i) => Math.floor((count + FLAVOURS.length - 1 - i) / FLAVOURS.length))
  const labels = mixedLabels(random, counts)
  const events = new Float64Array(count * FEATURES.length)
  for (const [n, label] of labels.entries()) {
    events.set(featuresOf(jet(random, FLAVOURS[label]!)), n * FEATURES.length)
  }
  return { features: FEATURES, events, labels }
}
