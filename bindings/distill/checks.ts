/** Checks that options share. */
import { refuse, shown } from '../errors.ts'
import type { DistillOptions } from './options.ts'

/** A number among the options, or what it is unless given. */
export function numberOf<Key extends keyof DistillOptions, Usual>(
  options: DistillOptions,
  key: Key,
  usual: Usual,
  fits: (value: number) => boolean,
  expected: string,
): number | Usual {
  const value: unknown = options[key]
  if (value === undefined || value === null) return usual
  if (typeof value !== 'number' || !fits(value)) refuse(key, value, expected)
  return value
}

/** The first choice unless another is given. */
export function choiceOf<Key extends 'order' | 'scaling'>(
  options: DistillOptions,
  key: Key,
  choices: readonly NonNullable<DistillOptions[Key]>[],
): NonNullable<DistillOptions[Key]> {
  const value = options[key] ?? choices[0]!
  if (!choices.includes(value)) refuse(key, value, choices.map(shown).join(' or '))
  return value
}

export function whole(least: number, most: number): (value: number) => boolean {
  return (value) => Number.isInteger(value) && value >= least && value <= most
}
