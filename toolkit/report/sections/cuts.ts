/** How many events pass a cut, by each input. */

import type { CutCounts } from '../../jobs/report/numbers.ts'
import type { Report } from '../../jobs/report.ts'
import { type Entry, numberText, profilePlot, smallMultiples } from '../../plots/index.ts'
import { byImportance } from '../order.ts'
import type { Section } from '../page.ts'
import { type Drawn, drawn, figures, missing } from '../pieces.ts'
import { kindName, sidesOf } from '../words.ts'

/** Inputs by which efficiencies are drawn. */
const MOST_DRAWN = 8

/** Cuts that are drawn. */
const MOST_CUTS = 3

export function cutsSection(report: Report): Section {
  const { cuts, labels } = report
  const how = labels ? 'give events of both signal and background' : 'name the column of labels: --label COLUMN'
  return {
    id: 'cuts',
    title: 'Cuts',
    sentence:
      'What passes a cut has at least its score. Where the fraction of signal or background that passes depends on an input, a cut changes the shape of that input.',
    content:
      cuts.length === 0
        ? [missing('The efficiency of cuts', how)]
        : [figures(cuts.slice(0, MOST_CUTS).map((cut, i) => cutFigure(report, cut, i)))],
  }
}

function cutFigure(report: Report, { name, threshold, inputs }: CutCounts, i: number): Drawn {
  const named = inputs.map((kinds, at) => ({ name: report.inputs[at]!.name, kinds }))
  const plots = byImportance(report, named)
    .slice(0, MOST_DRAWN)
    .map(({ name, kinds }) => (small: { id: string }) => {
      const series = kinds.flatMap(({ kind, value }) => {
        return sidesOf(value).map((side) => ({ name: `${side.name}, ${kindName(kind)}`, points: side.value }))
      })
      const y = { label: 'fraction that passes', domain: [0, 1] as const }
      return profilePlot({ ...small, title: name, x: { label: name }, y, series })
    })
  const names = inputs[0]!.flatMap(({ kind, value }) => sidesOf(value).map((side) => `${side.name}, ${kindName(kind)}`))
  const entries = names.map((name, at): Entry => ({ name, look: 'points', number: at + 1 }))
  const which = inputs.length > MOST_DRAWN ? ` The ${MOST_DRAWN} inputs that matter most are drawn.` : ''
  return drawn(
    smallMultiples,
    { id: `cut-${i + 1}`, title: `Efficiency of the cut ${name}`, figures: plots, entries },
    `Cut “${name}”, a score of at least ${numberText(threshold, 4)}: the fraction of events that passes, by each input, with binomial errors.${which}`,
  )
}
