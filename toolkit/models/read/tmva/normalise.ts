/** The transformation of TMVA that is read: each input between its least and its greatest value. */
import type { Place } from '../../document.ts'

/** Least value and width of each input; undefined where one is not transformed. */
export type Ranges = ({ least: number; scale: number } | undefined)[]

export function readTransformations(setup: Place, inputs: readonly string[]): Ranges[] {
  const transforms = setup.has('Transformations') ? setup.get('Transformations') : undefined
  if (!transforms?.has('Transform')) return []
  return transforms
    .get('Transform')
    .list()
    .map((transform) => {
      const name = transform.get('Name').text()
      if (name !== 'Normalize') transform.get('Name').refuse(`the transformation ${name} is not read, only Normalize`)
      return readRanges(transform, inputs)
    })
}

/** The last class stands for all of them together. */
function readRanges(transform: Place, inputs: readonly string[]): Ranges {
  const names = variablesOf(transform.in('Selection', 'Input'), 'Input')
  const written = variablesOf(transform.in('Selection', 'Output'), 'Output')
  if (written.join('\n') !== names.join('\n'))
    transform.get('Selection').refuse('other outputs than inputs are not read')
  const ranges = transform.get('Class').list().at(-1)!.in('Ranges', 'Range')
  const list = ranges.list()
  if (list.length !== names.length) ranges.fail(`${names.length} ranges`)
  const known: Ranges = inputs.map(() => undefined)
  for (const [i, range] of list.entries()) {
    const at = inputs.indexOf(names[i]!)
    if (at < 0) transform.get('Selection').refuse(`${JSON.stringify(names[i])} is no variable`)
    const [least, most] = [Math.fround(range.get('Min').number()), Math.fround(range.get('Max').number())]
    if (!(most > least)) range.get('Max').fail(`more than the minimum ${least}`)
    known[at] = { least, scale: Math.fround(1 / Math.fround(most - least)) }
  }
  return known
}

function variablesOf(selection: Place, key: string): string[] {
  const outer = selection.list()[0] ?? selection.fail('a list')
  return outer
    .get(key)
    .list()
    .map((one) => one.get('Label').text())
}

/** To −1 … 1, step by step in float32 as TMVA's. */
export function normalise(variables: Float32Array, ranges: Ranges): void {
  for (let at = 0; at < variables.length; at += ranges.length) {
    for (const [i, range] of ranges.entries()) {
      if (!range) continue
      const inside = Math.fround(Math.fround(variables[at + i]! - range.least) * range.scale)
      variables[at + i] = Math.fround(inside * 2) - 1
    }
  }
}
