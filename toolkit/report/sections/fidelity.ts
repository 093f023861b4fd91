/** How closely the drone answers as its teacher does. */

import type { OutputFidelity, Report } from '../../jobs/report/numbers.ts'
import { heatMapPlot, histogramPlot, numberText, profilePlot } from '../../plots/index.ts'
import { mostImportant } from '../order.ts'
import type { Section } from '../page.ts'
import {
  type Cell,
  type Drawn,
  drawn,
  drawnTogether,
  facts,
  figures,
  type Html,
  missing,
  type SmallFigure,
  table,
} from '../pieces.ts'
import { which } from '../words.ts'

/** Inputs by which differences are drawn, and those of the worst events that are listed. */
const MOST_INPUTS = 12

export function fidelitySection(report: Report): Section {
  const { fidelity } = report
  const section = {
    id: 'fidelity',
    title: 'Fidelity',
    sentence: `The drone answers as its teacher does where the events lie on the diagonal and the differences around 0; a slope in a difference shows where the drone is biased.${which(report.inputs.length, MOST_INPUTS)}`,
  }
  if (!fidelity) {
    const how = 'name the teacher, nndrone report DRONE TEACHER, or the column of its answers: --target COLUMN'
    return { ...section, content: [missing('The comparison with the teacher', how)] }
  }
  const { events, mse, mae, maxError, outputs, worst } = fidelity
  return {
    ...section,
    content: [
      facts([
        ['events compared', events],
        ['mean squared error', mse],
        ['mean absolute error', mae],
        ['largest error', maxError],
      ]),
      ...(outputs.length > 1 ? [outputTable(outputs)] : []),
      figures([
        ...outputs.flatMap((output, i) => outputFigures(output, i, outputs.length)),
        ...byInput(report, fidelity),
      ]),
      ...(worst.length > 0 ? [worstTable(report, worst)] : []),
    ],
  }
}

function outputTable(outputs: readonly OutputFidelity[]): Html {
  const rows = outputs.map(({ name, mse, mae, maxError }) => [name, mse, mae, maxError])
  return table('Each output', ['output', 'mean squared error', 'mean absolute error', 'largest error'], rows)
}

function outputFigures({ name, scatter, residuals, byScore }: OutputFidelity, i: number, outputs: number): Drawn[] {
  const of = outputs > 1 ? ` of ${name}` : ''
  const difference = { label: `drone − teacher${of}` }
  return [
    drawn(
      heatMapPlot,
      {
        ...{
          id: `scatter-${i + 1}`,
          title: `Score of the drone by that of the teacher${of}`,
          grid: scatter,
          diagonal: true,
        },
        ...{ x: { label: `score of the teacher${of}` }, y: { label: `score of the drone${of}` } },
      },
      'Events by both scores; the shades are logarithmic. On the dashed line both are the same.',
    ),
    drawn(
      histogramPlot,
      {
        ...{ id: `residuals-${i + 1}`, title: `Differences of drone and teacher${of}`, scale: 'log' as const },
        ...{ x: difference, series: [{ name: 'events', histogram: residuals }] },
      },
      'Events by the difference of the two scores, on a logarithmic scale.',
    ),
    drawn(
      profilePlot,
      {
        ...{ id: `residuals-by-score-${i + 1}`, title: `Difference by score${of}`, y: difference },
        ...{
          x: { label: `score of the teacher${of}` },
          series: [{ name: 'mean and one standard deviation', points: byScore }],
        },
      },
      "The mean difference by the teacher's score; the bars show how far the differences spread.",
    ),
  ]
}

function byInput(report: Report, { byInput, outputs }: NonNullable<Report['fidelity']>): Drawn[] {
  const y = { label: outputs.length > 1 ? 'mean |drone − teacher|' : 'drone − teacher' }
  const inputs = byInput.map((points, i) => ({ name: report.inputs[i]!.name, points }))
  const small = mostImportant(report, inputs, MOST_INPUTS).map(({ name, points }): SmallFigure => {
    const series = [{ name: 'mean and one standard deviation', points }]
    return { name, plot: (small) => profilePlot({ ...small, title: name, x: { label: name }, y, series }) }
  })
  return drawnTogether({ id: 'residuals-by-input', title: 'Difference by each input' }, small, (names) => {
    return `The mean difference and one standard deviation, by ${names}.`
  })
}

function worstTable(report: Report, worst: NonNullable<Report['fidelity']>['worst']): Html {
  const names = report.inputs.map(({ name }, i) => ({ name, i }))
  const shown = mostImportant(report, names, MOST_INPUTS)
  const rows = worst.map(({ event, difference, drone, teacher, values }): Cell[] => {
    return [
      numberText(event),
      difference,
      scores(teacher),
      scores(drone),
      ...shown.map(({ i }) => valueText(values[i]!)),
    ]
  })
  const more = names.length > shown.length ? `; the ${MOST_INPUTS} inputs that matter most` : ''
  const caption = `The events with the largest differences, by their number among these events, from 0${more}`
  return table(caption, ['event', 'difference', 'teacher', 'drone', ...shown.map(({ name }) => name)], rows)
}

function scores(values: readonly number[]): Cell {
  return values.length === 1 ? values[0] : values.map((value) => numberText(value, 4)).join(', ')
}

function valueText(value: number): Cell {
  return Number.isNaN(value) ? 'missing' : value
}
