/** Jets of four flavours, 66 inputs: each against the rest, what is taken for what, and b / (b + c). */
import type { Comparison } from '../../toolkit/jobs/comparison.ts'
import { markdown } from '../results.ts'
import { fixed, percent, short, spread, told } from './told.ts'

export function flavours(seeds: readonly number[]): string {
  const all = told<{ learnt: { parameters: number }; compared: Comparison }>(['--flavours'], seeds)
  const compared = all.map((one) => one.compared)
  const names = compared[0]!.classes!.classes.map(({ name }) => name)
  const areas = names.map((name, i) => {
    const of = (side: 'teacher' | 'drone') =>
      spread(
        compared.map(({ classes }) => classes!.classes[i]!.auc![side]),
        fixed(4),
      )
    return [name, of('teacher'), of('drone')]
  })
  const taken = names.map((name, i) => [
    name,
    ...names.map((_, k) => {
      const of = (side: 'teacher' | 'drone') => {
        const shares = compared.map(({ classes }) => {
          const row = classes!.confusion[side][i]!
          return row[k]! / row.reduce((sum, count) => sum + count, 0)
        })
        return spread(shares, percent)
      }
      return `${of('teacher')}, ${of('drone')}`
    }),
  ])
  return `### Four flavours

66 inputs, four outputs, a drone of ${all[0]!.learnt.parameters} parameters; MSE ${spread(
    compared.map(({ mse }) => mse),
    short,
  )}. Both take
${spread(
  compared.map(({ classes }) => classes!.agreement),
  percent,
)} of the jets for the same flavour. Medians over ${seeds.length} seeds, the
least and the greatest.

${markdown(['AUC, one against the rest', 'teacher', 'drone'], areas)}

Jets of each flavour by their largest score: of the teacher, of the drone.

${markdown(['', ...names], taken)}

By b / (b + c), where 90 % of b pass: c rejected by the teacher ${spread(
    compared.map(({ cutOfTeacher }) => cutOfTeacher!.rejection),
    percent,
  )}, by the
drone ${spread(
    compared.map(({ cut }) => cut!.rejection),
    percent,
  )}.`
}
