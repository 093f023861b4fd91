/** The inputs of signal and background: figures 1 and 2 of the paper. */
import type { Report } from '../../jobs/report/numbers.ts'
import { type Entry, histogramPlot } from '../../plots/index.ts'
import { mostImportant } from '../order.ts'
import type { Section } from '../page.ts'
import { drawnTogether, figures, missing, type SmallFigure } from '../pieces.ts'
import { kindName, which } from '../words.ts'

/** Inputs that are drawn. */
const MOST = 24

export function inputsSection(report: Report): Section {
  const { inputs, labels } = report
  const kinds = inputs[0]!.histograms.map(({ kind }) => kind)
  const entries = kinds.map((kind, i): Entry => ({ name: kindName(kind), look: 'area', number: i + 1 }))
  const small = mostImportant(report, inputs, MOST).map(({ name, histograms }): SmallFigure => {
    const series = histograms.map(({ kind, value }) => ({ name: kindName(kind), histogram: value }))
    return {
      name,
      plot: (small) => histogramPlot({ ...small, title: name, x: { label: name }, normalised: true, series }),
    }
  })
  const title = 'Inputs of the drone'
  const drawn = drawnTogether({ id: 'inputs', title, entries: labels ? entries : [] }, small, (names) => {
    return `Fraction of the events${labels ? ' of each kind' : ''} by ${names}.`
  })
  return {
    id: 'inputs',
    title: 'Inputs',
    sentence: labels
      ? `An input tells signal from background where their two shapes differ (figures 1 and 2 of the paper).${which(inputs.length, MOST)}`
      : `This is what the events look like to the drone (figures 1 and 2 of the paper).${which(inputs.length, MOST)}`,
    content: [
      figures(drawn),
      ...(labels || report.classes
        ? []
        : [missing('Signal beside background', 'name the column that tells them apart: --label COLUMN')]),
    ],
  }
}
