/** How well several classes are told apart: each against the rest, and what is taken for what. */
import type { Report } from '../../jobs/report/numbers.ts'
import { rocPlot } from '../../plots/index.ts'
import type { Section } from '../page.ts'
import { type Cell, type Drawn, drawn, figures, type Html, table } from '../pieces.ts'
import { sidesOf } from '../words.ts'

export function classesSection(report: Report): Section {
  const { teacher } = report
  const { classes, confusion, agreement } = report.classes!
  const both = teacher !== undefined
  const rows = classes.map(({ name, events, auc }): Cell[] => {
    return [name, events, ...(both ? [auc?.teacher.toFixed(5)] : []), auc?.drone.toFixed(5)]
  })
  const header = ['class', 'events', ...(both ? ['AUC of the teacher', 'AUC of the drone'] : ['AUC'])]
  return {
    id: 'discrimination',
    title: 'Classes',
    sentence: both
      ? `A faithful drone tells each class from the rest as well as its teacher, and takes it for the same others. To ${(100 * agreement).toFixed(2)} % of the events both give the same class.`
      : 'The better the drone, the more events of each class have their largest score in its output.',
    content: [
      figures(curves(report)),
      table('Each class against the rest', header, rows),
      ...(both ? [confusionTable(report, confusion.teacher, 'the teacher')] : []),
      confusionTable(report, confusion.drone, 'the drone'),
    ],
  }
}

function curves({ classes }: Report): Drawn[] {
  return classes!.classes.flatMap(({ name }, i) => {
    const curve = classes!.curves[i]
    if (!curve) return []
    const sides = sidesOf(curve).map((side) => ({ name: side.name, ...side.value }))
    const title = `${name} against the rest`
    return drawn(
      rocPlot,
      { id: `roc-${i + 1}`, title, curves: sides },
      `Fraction of the other events that a cut on the score of ${name} rejects, by the fraction of ${name} that passes it.`,
    )
  })
}

/** In percent of the events of a class. */
function confusionTable({ classes }: Report, counts: readonly (readonly number[])[], whose: string): Html {
  const names = classes!.classes.map(({ name }) => name)
  const rows = counts.map((row, i): Cell[] => {
    const all = row.reduce((sum, count) => sum + count, 0)
    return [names[i], ...row.map((count) => (all > 0 ? `${((100 * count) / all).toFixed(2)} %` : undefined))]
  })
  return table(`The largest score of ${whose}, for events of each class`, ['class', ...names], rows)
}
