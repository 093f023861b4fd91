/** The inputs of signal and background: figures 1 and 2 of the paper. */
import type { Report } from '../../jobs/report.ts'
import { type Entry, histogramPlot, smallMultiples } from '../../plots/index.ts'
import { byImportance } from '../order.ts'
import type { Section } from '../page.ts'
import { drawn, figures, missing } from '../pieces.ts'
import { kindName } from '../words.ts'

export function inputsSection(report: Report): Section {
  const { inputs, labels } = report
  const kinds = inputs[0]!.histograms.map(({ kind }) => kind)
  const entries = kinds.map((kind, i): Entry => ({ name: kindName(kind), look: 'area', number: i + 1 }))
  const plots = byImportance(report, inputs).map(({ name, histograms }) => (small: { id: string }) => {
    const series = histograms.map(({ kind, value }) => ({ name: kindName(kind), histogram: value }))
    return histogramPlot({ ...small, title: name, x: { label: name }, normalised: true, series })
  })
  return {
    id: 'inputs',
    title: 'Inputs',
    sentence: labels
      ? 'An input tells signal from background where their two shapes differ (figures 1 and 2 of the paper).'
      : 'This is what the events look like to the drone (figures 1 and 2 of the paper).',
    content: [
      figures([
        drawn(
          smallMultiples,
          { id: 'inputs', title: 'Inputs of the drone', figures: plots, entries: entries.length > 1 ? entries : [] },
          labels ? 'Fraction of the events of each kind, by each input.' : 'Fraction of the events, by each input.',
        ),
      ]),
      ...(labels ? [] : [missing('Signal beside background', 'name the column that tells them apart: --label COLUMN')]),
    ],
  }
}
