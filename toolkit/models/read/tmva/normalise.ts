/** Normalisation of TMVA: each input between its least and its greatest value. */
import type { Place } from '../../document.ts'
import type { Transforming } from './transformation.ts'

/** Least value and width of each input; undefined where one is not transformed. */
type Ranges = ({ least: number; scale: number } | undefined)[]

/** The last class stands for all of them together. @param at places of the variables among the inputs */
export function readNormalisation(transform: Place, at: readonly number[], inputs: number): Transforming {
  const ranges = transform.get('Class').list().at(-1)!.in('Ranges', 'Range')
  const list = ranges.list()
  if (list.length !== at.length) ranges.fail(`${at.length} ranges`)
  const known: Ranges = Array(inputs).fill(undefined)
  for (const [i, range] of list.entries()) {
    const [least, most] = [Math.fround(range.get('Min').number()), Math.fround(range.get('Max').number())]
    if (!(most > least)) range.get('Max').fail(`more than the minimum ${least}`)
    known[at[i]!] = { least, scale: Math.fround(1 / Math.fround(most - least)) }
  }
  return {
    apply: (variables) => normalise(variables, known),
    piece: {
      kind: 'scale',
      scale: known.map((range) => (range ? 2 * range.scale : 1)),
      shift: known.map((range) => (range ? -2 * range.scale * range.least - 1 : 0)),
    },
  }
}

/** To −1 … 1, step by step in float32 as TMVA's. */
function normalise(variables: Float32Array, ranges: Ranges): void {
  for (let at = 0; at < variables.length; at += ranges.length) {
    for (const [i, range] of ranges.entries()) {
      if (!range) continue
      const inside = Math.fround(Math.fround(variables[at + i]! - range.least) * range.scale)
      variables[at + i] = Math.fround(inside * 2) - 1
    }
  }
}
