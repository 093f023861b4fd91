/** Where the drone may not be trusted: events unlike those of its training, and what its scores depend on. */
import type { Report } from '../../jobs/report/numbers.ts'
import { barPlot, numberText } from '../../plots/index.ts'
import { shortened } from '../../plots/text.ts'
import type { Section } from '../page.ts'
import { drawn, facts, figures, type Html, missing, table } from '../pieces.ts'
import { percent } from '../words.ts'

/** Inputs that are listed. */
const MOST = 20

export function trustSection(report: Report): Section {
  return {
    id: 'trust',
    title: 'Where it may not be trusted',
    sentence:
      'Outside of the ranges that its inputs had in training the drone guesses. A drone and its teacher should depend on the same inputs.',
    content: [...ranges(report), ...importance(report)],
  }
}

function ranges({ outside, fidelity, events }: Report): Html[] {
  if (!outside)
    return [missing('Events outside of the training', 'make the report of a drone that keeps the ranges of its inputs')]
  const counted = outside.inputs.map((input) => ({ ...input, all: input.below + input.above }))
  const worst = counted.filter(({ all }) => all > 0).sort((a, b) => b.all - a.all)
  const rows = worst.slice(0, MOST).map(({ name, range, below, above }) => {
    return [name, ...range, percent(below / events.count), percent(above / events.count)]
  })
  const header = ['input', 'least in training', 'greatest in training', 'events below', 'events above']
  const more = worst.length - rows.length
  const caption = `Inputs with values out of their ranges${more > 0 ? `; ${numberText(more)} more are left out` : ''}`
  return [
    facts([
      [
        'events with a value out of range',
        `${numberText(outside.events)} of ${numberText(events.count)} (${percent(outside.events / events.count)})`,
      ],
      ['mean squared error inside', fidelity?.inside?.mse],
      ['mean squared error outside', fidelity?.outside?.mse],
    ]),
    ...(rows.length > 0 ? [table(caption, header, rows)] : []),
  ]
}

function importance({ importance, teacher }: Report): Html[] {
  if (!importance) return []
  const size = ({ drone, teacher }: (typeof importance.inputs)[number]) => drone?.mean ?? teacher?.mean ?? 0
  const inputs = [...importance.inputs].sort((a, b) => (size(b) || 0) - (size(a) || 0))
  const series = (['teacher', 'drone'] as const)
    .map((name) => ({
      name,
      values: inputs.map((input) => input[name]?.mean ?? Number.NaN),
      errors: inputs.map((input) => input[name]?.error ?? Number.NaN),
    }))
    .filter(({ name }) => name === 'drone' || teacher?.description)
  return [
    figures([
      drawn(
        barPlot,
        {
          ...{
            id: 'importance',
            title: 'Importance of the inputs',
            x: { label: 'mean change of the score' },
            label: 'input',
          },
          ...{ names: inputs.map(({ name }) => shortened(name)), series },
        },
        `How much the score changes on average when the values of one input are exchanged among the events at random, on ${numberText(importance.events)} of them.`,
      ),
    ]),
  ]
}
