/** The loss by epoch, and how it changed: figures 3 and 4 of the paper. */
import type { Report } from '../../jobs/report/numbers.ts'
import { linePlot, type Marks } from '../../plots/index.ts'
import type { Section } from '../page.ts'
import { drawn, figures, missing } from '../pieces.ts'

export function trainingSection({ drone: { history } }: Report): Section {
  const section = {
    id: 'training',
    title: 'Training',
    sentence:
      'The loss falls while the drone learns. A drone that grows gains a hidden unit where the change of the loss from one epoch to the next becomes small; one that shrinks loses the unit that is missed least, and learns on without it (figures 3 and 4 of the paper).',
  }
  if (!history) {
    return {
      ...section,
      content: [missing('The training', 'make the report of a drone that nndrone distill has trained')],
    }
  }
  const { loss, change, growths, prunings } = history
  const marks: Marks[] = [
    { name: 'a unit added', at: growths },
    { name: 'a unit removed', at: prunings },
  ].filter(({ at }) => at.length > 0)
  const x = { label: 'epoch', whole: true }
  const epochs = (values: readonly number[], first: number) => values.map((_, i) => first + i)
  return {
    ...section,
    content: [
      figures([
        drawn(
          linePlot,
          {
            ...{ id: 'loss', title: 'Loss by epoch', x, marks },
            y: { label: 'loss', scale: 'log' as const },
            series: [{ name: 'loss', x: epochs(loss, 1), y: loss }],
          },
          'The loss of each epoch: the mean squared difference of drone and teacher.',
        ),
        drawn(
          linePlot,
          {
            ...{ id: 'change', title: 'Change of the loss by epoch', x, marks },
            y: { label: 'relative change', scale: 'log' as const },
            series: [{ name: 'relative change', x: epochs(change, 2), y: change }],
          },
          'How much the loss differs from that of the epoch before, as a fraction of it.',
        ),
      ]),
    ],
  }
}
