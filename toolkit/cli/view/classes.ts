/** How well classes are told apart, as tables. */
import type { Classes } from '../../jobs/classes.ts'
import { grouped } from '../../text.ts'
import { percent } from './numbers.ts'

/** A line for each class, then what each is taken for. */
export function classTables({ classes, confusion, agreement }: Classes): string[][][] {
  const names = classes.map(({ name }) => name)
  const each = classes.map(({ name, events, auc }) => {
    return [name, grouped(events), auc?.teacher.toFixed(5) ?? '', auc?.drone.toFixed(5) ?? '']
  })
  const taken = (whose: string, counts: readonly (readonly number[])[]) => [
    ['', ...names],
    ...counts.map((row, i) => {
      const all = row.reduce((sum, count) => sum + count, 0)
      return [`${names[i]} taken by ${whose} for`, ...row.map((count) => (all > 0 ? percent(count / all) : ''))]
    }),
  ]
  return [
    [['', 'events', 'AUC of teacher', 'of drone'], ...each],
    taken('the teacher', confusion.teacher),
    taken('the drone', confusion.drone),
    [['both take an event for the same class', percent(agreement)]],
  ]
}
