/** An autoencoder and its drone: how many decays of an unknown kind pass where 1 % of the known ones do. */
import type { Comparison } from '../../toolkit/jobs/comparison.ts'
import { markdown } from '../results.ts'
import { fixed, percent, spread, told } from './told.ts'

export function anomalies(seeds: readonly number[]): string {
  const all = told<{ learnt: { parameters: number }; compared: Comparison }>(['--anomalies'], seeds)
  const compared = all.map((one) => one.compared)
  const rows = [
    [
      'AUC',
      spread(
        compared.map(({ auc }) => auc!.teacher),
        fixed(4),
      ),
      spread(
        compared.map(({ auc }) => auc!.drone),
        fixed(4),
      ),
    ],
    [
      'unknown decays kept at 1 % of the known',
      spread(
        compared.map(({ cutOfTeacher }) => cutOfTeacher!.efficiency),
        percent,
      ),
      spread(
        compared.map(({ cut }) => cut!.efficiency),
        percent,
      ),
    ],
  ]
  return `### Anomalies

An autoencoder of 6 → 16 → 3 → 16 → 6 and a drone of ${all[0]!.learnt.parameters} parameters that learnt the logarithm of its
reconstruction. Medians over ${seeds.length} seeds, the least and the greatest.

${markdown(['', 'teacher', 'drone'], rows)}`
}
