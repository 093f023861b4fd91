/** How faithful the drone is, and how well signal is told from background, for events of one value of a column and another. */
import type { Slice } from '../../jobs/comparison.ts'
import type { Report } from '../../jobs/report/numbers.ts'
import { linePlot, numberText } from '../../plots/index.ts'
import type { Section } from '../page.ts'
import { type Cell, drawn, figures, table } from '../pieces.ts'

export function slicesSection({ by }: Report): Section {
  const sentence =
    'A drone that is faithful on the whole may not be so everywhere: here the events are cut into slices.'
  if (!by) return { id: 'slices', title: '', sentence, content: [] }
  const labelled = by.slices.some(({ auc }) => auc)
  const rows = by.slices.map((slice): Cell[] => {
    const { events, mse, maxError, auc } = slice
    return [
      boundsText(slice),
      events,
      mse,
      maxError,
      ...(labelled ? [auc?.teacher.toFixed(5), auc?.drone.toFixed(5)] : []),
    ]
  })
  const head = [
    by.column,
    'events',
    'MSE',
    'largest error',
    ...(labelled ? ['AUC of the teacher', 'of the drone'] : []),
  ]
  return {
    id: 'slices',
    title: `By ${by.column}`,
    sentence,
    content: [...(labelled ? [figures([aucFigure(by)])] : []), table(`Slices by ${by.column}`, head, rows)],
  }
}

function aucFigure({ column, slices }: NonNullable<Report['by']>) {
  const known = slices.filter(({ from, auc }) => from !== undefined && auc)
  const x = known.map(({ from, to }) => (from! + to!) / 2)
  const series = (['teacher', 'drone'] as const).map((name) => ({ name, x, y: known.map(({ auc }) => auc![name]) }))
  const options = { id: 'auc-by', title: `AUC by ${column}`, x: { label: column }, y: { label: 'AUC' }, series }
  return drawn(linePlot, options, `AUC in each slice, at the middle of its values of ${column}.`)
}

function boundsText({ from, to }: Slice): string {
  if (from === undefined) return 'no value'
  return from === to ? numberText(from, 4) : `${numberText(from, 4)} to ${numberText(to!, 4)}`
}
