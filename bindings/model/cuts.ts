/** Cuts on the score, by name, as the JSON keeps them. */
import { ConfigurationError, refuse, shown } from '../errors.ts'
import type { Network } from './network.ts'

/** An event passes where its score is at least the threshold; a score of NaN passes no cut. */
export interface Cut {
  /** As an f32, which scores are. */
  readonly threshold: number
  /** The output that is compared; it has to be named where a drone has several. */
  readonly output?: string
  /** Fraction of the signal that passed when the cut was set, 0 to 1. */
  readonly efficiency?: number
  /** Fraction of the background that did not pass when the cut was set, 0 to 1. */
  readonly rejection?: number
}

export type Cuts = Readonly<Record<string, Required<Pick<Cut, 'output'>> & Cut>>

/**
 * The cuts of a network, which anyone may have written.
 * @throws ConfigurationError that names the place and the value
 */
export function cutsOf({ outputs, nndrone }: Network): Cuts {
  const { cuts = {} } = nndrone ?? {}
  if (!isObject(cuts)) refuse('nndrone.cuts', cuts, 'an object')
  const read = Object.entries(cuts).map(([name, cut]) => {
    if (!name || name === '__proto__') refuse('nndrone.cuts', name, 'a name for each cut')
    return [name, cutOf(cut, outputs, `nndrone.cuts[${shown(name)}]`)]
  })
  return Object.freeze(Object.fromEntries(read))
}

function cutOf(cut: Partial<Cut>, outputs: readonly string[], path: string): Cuts[string] {
  if (!isObject(cut)) refuse(path, cut, 'an object with a threshold')
  const { output = outputs.length === 1 ? outputs[0]! : undefined } = cut
  if (output === undefined) {
    throw new ConfigurationError(`${path}.output: not given, but this drone has several: ${outputs.join(', ')}`)
  }
  if (!outputs.includes(output)) refuse(`${path}.output`, output, `one of ${outputs.join(', ')}`)
  const threshold = typeof cut.threshold === 'number' ? Math.fround(cut.threshold) : Number.NaN
  if (!Number.isFinite(threshold)) refuse(`${path}.threshold`, cut.threshold, 'a finite number')
  for (const key of ['efficiency', 'rejection'] as const) {
    const value = cut[key]
    if (value !== undefined && !(typeof value === 'number' && value >= 0 && value <= 1)) {
      refuse(`${path}.${key}`, value, 'a number from 0 to 1')
    }
  }
  return Object.freeze({ ...cut, output, threshold })
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
