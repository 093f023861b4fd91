/** What holds for the series of every plot. */
import { InputError } from '../errors.ts'
import { SERIES } from './palette.ts'
import { fitted, shortened } from './text.ts'

export const NO_DATA = 'no data'

/** @throws InputError where there are more than can be told apart */
export function checkSeries(id: string, series: readonly unknown[]): void {
  if (series.length <= SERIES) return
  throw new InputError(`${id}: ${series.length} series, but at most ${SERIES} can be told apart; draw several figures`)
}

/** Parts of a description, as sentences of a bounded length. */
export function sentences(parts: readonly (string | undefined)[]): string {
  return parts
    .filter((part) => part !== undefined && part !== '')
    .map((part) => `${part}.`)
    .join(' ')
}

/** A name of people's own in a sentence. */
export function called(name: string): string {
  return fitted(shortened(name), 300)
}

/** `12 below, 3 above`; nothing where all counts are 0. */
export function counted(counts: Readonly<Record<string, number>>, text: (count: number) => string): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${text(count)} ${what}`)
    .join(', ')
}
