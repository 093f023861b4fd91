/** How well signal is told from background: figure 5 of the paper, the response, and whether scores are probabilities. */
import type { Report } from '../../jobs/report/numbers.ts'
import { histogramPlot, reliabilityPlot, rocPlot } from '../../plots/index.ts'
import type { Section } from '../page.ts'
import { type Drawn, drawn, figures, type Html, missing } from '../pieces.ts'
import { kindName, sidesOf } from '../words.ts'
import { classesSection } from './classes.ts'

export function discriminationSection(report: Report): Section {
  if (report.classes) return classesSection(report)
  const { labels, scores, teacher } = report
  const response = scores.map((output, i) => responseFigure(report, output, i))
  return {
    id: 'discrimination',
    title: 'Signal and background',
    sentence: teacher
      ? 'A faithful drone tells signal from background as well as its teacher: the curves lie on each other, the ratio at 1, and the points on the areas.'
      : 'The better the drone, the further its scores of signal and background are apart, and the nearer its curve comes to the upper right corner.',
    content: [figures([...curves(report), ...response]), ...left(labels)],
  }
}

function curves({ roc, reliability, labels }: Report): Drawn[] {
  if (!roc || !labels || labels.signal === 0 || labels.background === 0) return []
  const sides = sidesOf(roc).map(({ name, value }) => ({ name, ...value }))
  const efficiency = drawn(
    rocPlot,
    { id: 'roc', title: 'Background rejection by signal efficiency', curves: sides },
    `Fraction of the background that a cut rejects, by the fraction of the signal that passes it${sides.length > 1 ? '; below, the rejection of the drone over that of the teacher' : ''} (figure 5 of the paper).`,
  )
  if (!reliability) return [efficiency]
  const series = sidesOf(reliability).map(({ name, value }) => ({ name, points: value }))
  const caption = 'Scores are probabilities where the points lie on the dashed line.'
  return [
    efficiency,
    drawn(reliabilityPlot, { id: 'reliability', title: 'Fraction of signal by score', series }, caption),
  ]
}

function responseFigure({ scores }: Report, { name, histograms }: Report['scores'][number], i: number): Drawn {
  const label = scores.length > 1 ? `score of ${name}` : 'score'
  const series = histograms.flatMap(({ kind, value: { drone, teacher } }, k) => {
    const style = k + 1
    const ofDrone = {
      name: `drone, ${kindName(kind)}`,
      histogram: drone,
      look: teacher ? ('points' as const) : ('area' as const),
      style,
    }
    return teacher ? [{ name: `teacher, ${kindName(kind)}`, histogram: teacher, style }, ofDrone] : [ofDrone]
  })
  return drawn(
    histogramPlot,
    { id: `response-${i + 1}`, title: `Response: ${label}`, x: { label }, scale: 'log' as const, series },
    'Events by score, on a logarithmic scale.',
  )
}

function left(labels: Report['labels']): Html[] {
  if (!labels) {
    return [
      missing('The curve of signal efficiency and background rejection', 'name the column of labels: --label COLUMN'),
    ]
  }
  if (labels.signal > 0 && labels.background > 0) return []
  const [there, lacking] = labels.signal > 0 ? ['signal', 'background'] : ['background', 'signal']
  return [
    missing(
      'The curve of signal efficiency and background rejection',
      `give events of both kinds: all of these are ${there}, and there is no ${lacking} among them`,
    ),
  ]
}
