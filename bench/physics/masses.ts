/** A resonance whose mass is an input: AUC by mass of a teacher that never saw the middle one, and of its drone. */
import type { Comparison } from '../../toolkit/jobs/comparison.ts'
import { markdown } from '../results.ts'
import { fixed, short, spread, told } from './told.ts'

export function masses(seeds: readonly number[]): string {
  const all = told<{ compared: Comparison }>(['--masses'], seeds).map(({ compared }) => compared.by!.slices)
  const rows = all[0]!.map(({ from }, i) => {
    const slices = all.map((one) => one[i]!)
    return [
      String(from),
      spread(
        slices.map(({ auc }) => auc!.teacher),
        fixed(4),
      ),
      spread(
        slices.map(({ auc }) => auc!.drone),
        fixed(4),
      ),
      Math.max(...slices.map(({ auc }) => Math.abs(auc!.drone - auc!.teacher))).toFixed(4),
      spread(
        slices.map(({ mse }) => mse),
        short,
      ),
    ]
  })
  return `### A mass that varies

Neither teacher nor drone has seen 1000 GeV. Medians over ${seeds.length} seeds, the least and the greatest.

${markdown(['mass [GeV]', 'AUC of the teacher', 'AUC of the drone', 'largest difference', 'MSE'], rows)}`
}
