/** How many events pass a cut, by each input. */

import type { CutCounts, Kind, Report } from '../../jobs/report/numbers.ts'
import { type Entry, numberText, profilePlot } from '../../plots/index.ts'
import { mostImportant } from '../order.ts'
import type { Section } from '../page.ts'
import { type Drawn, drawnTogether, figures, missing, type SmallFigure } from '../pieces.ts'
import { sidesOf, which } from '../words.ts'

/** Inputs by which efficiencies are drawn. */
const MOST_INPUTS = 8

/** Cuts that are drawn. */
const MOST_CUTS = 3

export function cutsSection(report: Report): Section {
  const { cuts, labels } = report
  const drawn = cuts.slice(0, MOST_CUTS).flatMap((cut, i) => {
    return (['signal', 'background'] as const).flatMap((kind) => cutFigures(report, cut, i, kind))
  })
  const how = labels ? 'give events of both signal and background' : 'name the column of labels: --label COLUMN'
  return {
    id: 'cuts',
    title: 'Cuts',
    sentence: `An event passes a cut where its score is at least that of the cut. Where the fraction that passes depends on an input, the cut changes the shape of that input.${which(report.inputs.length, MOST_INPUTS)}`,
    content: cuts.length === 0 ? [missing('The efficiency of cuts', how)] : [figures(drawn)],
  }
}

function cutFigures(report: Report, { name: cut, threshold, inputs }: CutCounts, i: number, kind: Kind): Drawn[] {
  const named = inputs.map((kinds, at) => {
    const sides = sidesOf(kinds.find((other) => other.kind === kind)!.value)
    return { name: report.inputs[at]!.name, sides }
  })
  const entries = named[0]!.sides.map(({ name }, at): Entry => ({ name, look: 'points', number: at + 1 }))
  const small = mostImportant(report, named, MOST_INPUTS).map(({ name, sides }): SmallFigure => {
    const series = sides.map((side) => ({ name: side.name, points: side.value }))
    const y = { label: 'efficiency' }
    return { name, plot: (small) => profilePlot({ ...small, title: name, x: { label: name }, y, series }) }
  })
  const title = `${cut}: fraction of the ${kind} that passes`
  return drawnTogether({ id: `cut-${i + 1}-${kind}`, title, entries }, small, (names) => {
    return `Cut “${cut}”, a score of at least ${numberText(threshold, 4)}: the fraction of the ${kind} that passes, with binomial errors, by ${names}.`
  })
}
