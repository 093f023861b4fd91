/** How the events differ from those of the training. */
import type { Report } from '../../jobs/report/numbers.ts'
import { numberText } from '../../plots/index.ts'
import type { Section } from '../page.ts'
import { missing, table } from '../pieces.ts'
import { percent } from '../words.ts'

/** Inputs that are listed. */
const MOST = 20

export function driftSection({ drift }: Report): Section {
  const { variables, events, training, limit } = drift
  return {
    id: 'drift',
    title: 'Drift',
    sentence:
      'How far the inputs and the score have moved from what they were in training: the population stability index (PSI) and the statistic of Kolmogorov and Smirnov (KS).',
    content:
      variables.length === 0
        ? [missing('The drift', 'make the report of a drone that keeps quantiles of its training')]
        : [
            tableOf(
              drift,
              `${numberText(events)} events compared with ${numberText(training)} of the training. Drifted: a PSI above ${limit} and above what chance makes of so few events`,
            ),
          ],
  }
}

function tableOf({ variables }: Report['drift'], caption: string) {
  const inputs = variables.filter(({ kind }) => kind === 'input').sort((a, b) => b.psi - a.psi)
  const scores = variables.filter(({ kind }) => kind === 'output')
  const more = inputs.length - MOST
  const rows = [...scores, ...inputs.slice(0, MOST)].map((variable) => [
    variable.kind === 'output' ? `score ${variable.name}` : variable.name,
    ...[variable.psi, variable.ks, percent(variable.missing), percent(variable.missingInTraining)],
    variable.drifted ? 'drifted' : '',
  ])
  const header = ['', 'PSI', 'KS', 'missing', 'missing in training', '']
  return table(`${caption}${more > 0 ? `; ${numberText(more)} inputs of the least are left out` : ''}`, header, rows)
}
