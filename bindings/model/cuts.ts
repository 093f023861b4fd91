/** Cuts on the score, by name, as the JSON keeps them. */
import { ConfigurationError, refuse, shown } from '../errors.ts'
import type { Network } from './network.ts'
import { array, dictionary, finite } from './values.ts'

/**
 * The share of some outputs in the sum of those and others, as b / (b + c): what tells two of several classes apart,
 * whatever the answer for a third.
 */
export interface Share {
  /** The outputs whose share it is. */
  readonly of: readonly string[]
  /** The others in the sum. */
  readonly against: readonly string[]
}

/** An event passes where its score is at least the threshold; a score of NaN passes no cut. */
export interface Cut {
  /** As an f32, which scores are. */
  readonly threshold: number
  /** The output that is compared, or the share; it has to be named where a drone has several. */
  readonly output?: string | Share
  /** Fraction of the signal that passed when the cut was set, 0 to 1. */
  readonly efficiency?: number
  /** Fraction of the background that did not pass when the cut was set, 0 to 1. */
  readonly rejection?: number
}

export type Cuts = Readonly<Record<string, Required<Pick<Cut, 'output'>> & Cut>>

/**
 * What a cut compares of the scores that begin at `from`: an output, or a share, an f32 as scores are; 0 / 0 is NaN.
 * @param outputs the names of the scores
 * @example const passes = comparedBy(drone.cuts.tight, scores, 0, drone.outputs) >= drone.cuts.tight.threshold
 */
export function comparedBy(
  { output }: Cuts[string],
  scores: ArrayLike<number>,
  from: number,
  outputs: readonly string[],
): number {
  if (typeof output === 'string') return scores[from + outputs.indexOf(output)]!
  // No closure and no array: this is called for every event.
  let part = 0
  let rest = 0
  for (const name of output.of) part += scores[from + outputs.indexOf(name)]!
  for (const name of output.against) rest += scores[from + outputs.indexOf(name)]!
  return Math.fround(part / (part + rest))
}

/**
 * The cuts of a network, which anyone may have written.
 * @throws ConfigurationError that names the place and the value
 */
export function cutsOf({ outputs, nndrone }: Network): Cuts {
  const { cuts = {} } = nndrone ?? {}
  const read = Object.entries(dictionary(cuts, 'nndrone.cuts')).map(([name, cut]) => {
    if (!name || name === '__proto__') refuse('nndrone.cuts', name, 'a name for each cut')
    return [name, cutOf(cut as Partial<Cut>, outputs, `nndrone.cuts[${shown(name)}]`)]
  })
  return Object.freeze(Object.fromEntries(read))
}

function cutOf(cut: Partial<Cut>, outputs: readonly string[], path: string): Cuts[string] {
  dictionary(cut, path)
  const { output = outputs.length > 1 ? undefined : outputs[0]! } = cut
  if (output === undefined) {
    throw new ConfigurationError(`${path}.output: not given, but this drone has several: ${outputs.join(', ')}`)
  }
  const names = typeof output === 'string' ? [output] : namesOf(output, `${path}.output`)
  for (const name of names) {
    if (!outputs.includes(name)) refuse(`${path}.output`, name, `one of ${outputs.join(', ')}`)
  }
  const threshold = Math.fround(finite(cut.threshold, `${path}.threshold`))
  if (!Number.isFinite(threshold)) refuse(`${path}.threshold`, cut.threshold, 'a finite number')
  for (const key of ['efficiency', 'rejection'] as const) {
    const value = cut[key]
    if (value !== undefined && !(typeof value === 'number' && value >= 0 && value <= 1)) {
      refuse(`${path}.${key}`, value, 'a number from 0 to 1')
    }
  }
  return Object.freeze({ ...cut, output, threshold })
}

function namesOf(share: unknown, path: string): string[] {
  const { of, against } = dictionary(share, path)
  return [...array(of, `${path}.of`), ...array(against, `${path}.against`)] as string[]
}
