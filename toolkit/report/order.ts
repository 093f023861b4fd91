/** Inputs in the order in which they are drawn. */
import type { Report } from '../jobs/report/numbers.ts'

/** So many of the inputs: all in the order of the drone, or those that matter most to it. */
export function mostImportant<Input extends { name: string }>(
  { importance }: Report,
  inputs: readonly Input[],
  most: number,
): readonly Input[] {
  if (!importance || inputs.length <= most) return inputs
  const sizes = new Map(importance.inputs.map(({ name, drone }) => [name, drone?.mean || 0]))
  return [...inputs].sort((a, b) => sizes.get(b.name)! - sizes.get(a.name)!).slice(0, most)
}
