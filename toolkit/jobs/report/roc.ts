/** The exact curves of the scores of all labelled events. */
import { type RocCurve, rocCurve } from '../../plots/index.ts'
import type { KeptScores } from './kept.ts'
import type { Sides } from './numbers.ts'

/** Of drone and teacher, of one output. */
export function rocOf(
  { drone, teacher }: Pick<KeptScores, 'drone' | 'teacher'>,
  labels: ArrayLike<number>,
): Sides<RocCurve> {
  return { drone: rocCurve(drone, labels), teacher: teacher && rocCurve(teacher, labels) }
}
