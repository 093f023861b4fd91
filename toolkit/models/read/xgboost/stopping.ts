/** Training that was stopped early: which of the trees answer. */
import type { Place } from '../../document.ts'

export interface Stopped {
  /** How many trees answer, from the first. */
  trees: number
  /** As `inspect` tells it. */
  words: string
}

interface Trees {
  trees: number
  /** Trees of an iteration, one for each class, times those that are grown at once. */
  groups: number
  /** Whether all of them are to answer. */
  allTrees: boolean
}

/**
 * The iteration that was best on held-out events, which XGBoost keeps as an attribute. Its scikit-learn interface answers
 * with the trees up to that one, `Booster.predict` with all.
 * @param model holds the trees
 * @returns undefined where training went on to its end
 */
export function bestIteration(learner: Place, model: Place, { trees, groups, allTrees }: Trees): Stopped | undefined {
  const attributes = learner.get('attributes')
  if (attributes.value === undefined || !attributes.has('best_iteration')) return undefined
  const atOnce = model.get('gbtree_model_param').get('num_parallel_tree')
  const each = groups * Math.max(1, atOnce.value === undefined ? 1 : atOnce.whole(0, trees))
  const iterations = Math.ceil(trees / each)
  const best = attributes.get('best_iteration').whole(0, Number.MAX_SAFE_INTEGER)
  const words = `iteration ${best} (from 0) was the best`
  // Where training went on to its end, some releases tell the last one.
  if (best === iterations - 1) return undefined
  if (allTrees) return { trees, words: `${words}; all ${trees} trees answer, as in Booster.predict` }
  if (best >= iterations) {
    attributes
      .get('best_iteration')
      .refuse(`${best}, but there are ${iterations} iterations; --all-trees takes them all`)
  }
  const used = (best + 1) * each
  return { trees: used, words: `${words}: ${used} of ${trees} trees answer; --all-trees takes them all` }
}
