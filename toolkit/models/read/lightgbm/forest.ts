/** Random forests of LightGBM (`average_output`), which old releases answer differently. */
import type { Tree } from '../../trees.ts'

/**
 * Up to release 2.2.2 the mean over the trees was the answer, its leaves being probabilities up to 2.1; since 2.2.3 the
 * mean of raw scores is converted. Both write version v2, or none before that: leaves that all lie between 0 and 1 tell
 * the oldest kind, and nothing tells those of 2.2.0 to 2.2.2.
 */
export function oldForest(version: string, trees: readonly Tree[]): 'old' | 'unsure' | undefined {
  if (version !== '' && version !== 'v2') return undefined
  const isProbability = (value: number) => value >= 0 && value <= 1
  const old = trees.every(({ columns, thresholds }) => columns.every((c, i) => c >= 0 || isProbability(thresholds[i]!)))
  return old ? 'old' : 'unsure'
}

/** As `inspect` tells it. */
export const FOREST_WORDS = {
  old: 'of LightGBM 2.1 or older: the mean of the leaves is the answer, and is not converted',
  unsure: 'answers as LightGBM 2.2.3 and later do; 2.2.0 to 2.2.2 did not convert the mean',
}
