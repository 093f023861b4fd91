/** Transformations of variables before TMVA's methods see them, one after the other. */

import type { Piece } from '../../chain.ts'
import type { Place } from '../../document.ts'
import { readDecorrelation } from './decorrelate.ts'
import { readNormalisation } from './normalise.ts'
import type { Transformation, Transforming } from './transformation.ts'

interface Kind {
  /** As `inspect` tells it. */
  name: string
  read(transform: Place, at: readonly number[], inputs: number): Transforming
}

const KINDS: Readonly<Record<string, Kind>> = {
  Normalize: { name: 'normalisation', read: readNormalisation },
  Decorrelation: { name: 'decorrelation', read: readDecorrelation },
}

export interface Transformations {
  /** As `inspect` lists them. */
  names: readonly string[]
  apply: Transformation
  /** The same as steps of a chain. */
  pieces: readonly Piece[]
}

export function readTransformations(setup: Place, inputs: readonly string[]): Transformations {
  const transforms = setup.has('Transformations') ? setup.get('Transformations') : undefined
  const list = transforms?.has('Transform') ? transforms.get('Transform').list() : []
  const steps = list.map((transform) => {
    const name = transform.get('Name').text()
    if (!Object.hasOwn(KINDS, name)) {
      transform
        .get('Name')
        .refuse(`the transformation ${name} is not read, only ${Object.keys(KINDS).join(' and ')}; train without it`)
    }
    const kind = KINDS[name]!
    return { name: kind.name, ...kind.read(transform, placesOf(transform, inputs), inputs.length) }
  })
  return {
    names: steps.map(({ name }) => name),
    apply: (variables) => {
      for (const step of steps) step.apply(variables)
    },
    pieces: steps.map(({ piece }) => piece),
  }
}

/** Where the variables that are transformed stand among the inputs. */
function placesOf(transform: Place, inputs: readonly string[]): number[] {
  const selection = transform.get('Selection')
  const names = variablesOf(selection.get('Input'), 'Input')
  const written = variablesOf(selection.get('Output'), 'Output')
  if (written.join('\n') !== names.join('\n')) selection.refuse('other outputs than inputs are not read')
  return names.map((name) => {
    const at = inputs.indexOf(name)
    return at < 0 ? selection.refuse(`${JSON.stringify(name)} is no variable`) : at
  })
}

function variablesOf(selection: Place, key: string): string[] {
  const outer = selection.list()[0] ?? selection.fail('a list')
  return outer
    .get(key)
    .list()
    .map((one) => one.get('Label').text())
}
