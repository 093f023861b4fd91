/** How well classes are told apart, with a curve of each against the rest. */
import { classesOf, columnOfScores } from '../classes.ts'
import { bothKinds } from '../labels.ts'
import type { KeptScores } from './kept.ts'
import type { ClassCounts } from './numbers.ts'
import { rocOf } from './roc.ts'

/**
 * @param classes of the events
 * @param outputs names of the classes
 */
export function classCountsOf(
  { drone, teacher }: Pick<KeptScores, 'drone' | 'teacher'>,
  classes: Float64Array,
  outputs: readonly string[],
): ClassCounts {
  const curves = outputs.map((_, i) => {
    const kinds = classes.map((label) => Number(label === i))
    const column = (scores: Float32Array) => columnOfScores(scores, outputs.length, i)
    return bothKinds(kinds) ? rocOf({ drone: column(drone), teacher: teacher && column(teacher) }, kinds) : undefined
  })
  return { ...classesOf({ drone, teacher: teacher ?? drone }, classes, outputs), curves }
}
