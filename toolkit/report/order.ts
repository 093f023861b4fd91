/** Inputs in the order in which they are drawn. */
import type { Report } from '../jobs/report.ts'

/** So many are all drawn, in the order of the drone. */
const FEW = 8

/** Many inputs by what they matter to the drone, since only the first of them are drawn. */
export function byImportance<Input extends { name: string }>(
  { importance }: Report,
  inputs: readonly Input[],
): Input[] {
  if (!importance || inputs.length <= FEW) return [...inputs]
  const sizes = new Map(importance.inputs.map(({ name, drone }) => [name, drone?.mean || 0]))
  return [...inputs].sort((a, b) => sizes.get(b.name)! - sizes.get(a.name)!)
}
