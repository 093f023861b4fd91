/** What `compare` measured, as tables and pictures. */
import { shortest } from 'nndrone'
import type { Comparison, Slice, Slices } from '../../jobs/comparison.ts'
import { grouped } from '../../text.ts'
import { classTables } from './classes.ts'
import { residualText, rocText } from './curves.ts'
import { cutText } from './cuts.ts'
import { alike, digits, percent } from './numbers.ts'
import { standardOutput } from './stdout.ts'
import { type painter, table, width } from './terminal.ts'

export function comparisonText(comparison: Comparison, paint: ReturnType<typeof painter>): string {
  const { worst, discriminator, auc, workingPoints, cut, cutOfTeacher, classes, by, roc, residuals } = comparison
  const sides = [
    ['', 'teacher', 'drone'],
    [`event ${worst.event}, the largest error`, ...alike([worst.teacher, worst.drone])],
    ...(auc
      ? [
          [
            discriminator === undefined ? 'AUC' : `AUC of ${discriminator}`,
            auc.teacher.toFixed(5),
            auc.drone.toFixed(5),
          ],
        ]
      : []),
    ...(workingPoints ?? []).flatMap(({ efficiency, rejection, threshold }) => [
      [`background rejected at ${100 * efficiency} % signal`, percent(rejection.teacher), percent(rejection.drone)],
      ['  where the score is at least', shortest(threshold.teacher), shortest(threshold.drone)].map(String),
    ]),
  ]
  const asked = [
    ...(cut ? [[`cut: ${cutText(cut, discriminator)}`]] : []),
    ...(cutOfTeacher ? [[`the teacher's: ${cutText(cutOfTeacher, discriminator)}`]] : []),
  ]
  const told = classes ? classTables(classes) : []
  const tables = [errorRows(comparison), sides, asked, outputRows(comparison), ...told, by ? sliceRows(by) : []]
  const room = width(standardOutput())
  const pictures = [residualText(residuals, room), roc ? rocText(roc, room) : ''].filter((part) => part !== '')
  return [...tables.filter((part) => part.length > 0).map(headed(paint)), ...pictures].join('\n')
}

function errorRows(comparison: Comparison): string[][] {
  const { mse, mae, maxError, events, unscored, outside, fidelityInside, fidelityOutside } = comparison
  const sides = fidelityInside && fidelityOutside ? [fidelityInside.mse, fidelityOutside.mse] : []
  const [squared, absolute, largest, ...bySide] = alike([mse, mae, maxError, ...sides]) as [string, string, string]
  return [
    ['events', grouped(events)],
    ...(unscored > 0 ? [['left out (a value is missing)', grouped(unscored)]] : []),
    ['MSE', squared],
    ['MAE', absolute],
    ['largest error', largest],
    ...(outside === undefined ? [] : [['outside the training domain', percent(outside)]]),
    ...bySide.map((error, side) => [`MSE ${side === 0 ? 'inside' : 'outside'}`, error]),
  ]
}

/** Of each output, where there are several: a column for each figure. */
function outputRows({ outputs }: Comparison): string[][] {
  if (!outputs) return []
  const columns = [
    outputs.map(({ name }) => name),
    ...(['mse', 'mae', 'maxError'] as const).map((key) => alike(outputs.map((output) => output[key]))),
  ]
  return [['', 'MSE', 'MAE', 'largest error'], ...outputs.map((_, i) => columns.map((column) => column[i]!))]
}

/** Of each slice; a slice of the events without a value comes last. */
function sliceRows({ column, slices }: Slices): string[][] {
  const figures = (key: 'mse' | 'maxError') => alike(slices.map((slice) => slice[key]))
  const [squared, largest] = [figures('mse'), figures('maxError')]
  const labelled = slices.some(({ auc }) => auc)
  const aucCells = ({ auc }: Slice) => (auc ? [auc.teacher.toFixed(5), auc.drone.toFixed(5)] : ['', ''])
  const rows = slices.map((slice, i) => {
    const cells = [boundsText(slice), grouped(slice.events), squared[i]!, largest[i]!]
    return labelled ? [...cells, ...aucCells(slice)] : cells
  })
  const heads = [`by ${column}`, 'events', 'MSE', 'largest error']
  return [labelled ? [...heads, 'AUC of teacher', 'of drone'] : heads, ...rows]
}

function boundsText({ from, to }: Slice): string {
  if (from === undefined) return 'no value'
  return from === to ? digits(from) : `${digits(from)} to ${digits(to!)}`
}

/** A table, its first line in bold where it is a heading. */
function headed(paint: ReturnType<typeof painter>) {
  return (rows: readonly (readonly string[])[]): string => {
    const [head, ...rest] = table(rows).split('\n')
    return `${rows[0]![0] === '' ? paint('bold', head!) : head}\n${rest.join('\n')}`
  }
}
