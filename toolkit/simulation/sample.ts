/** Events that were made up, with what they are. */
import type { Random } from 'nndrone'
import { UsageError } from '../errors.ts'

export interface Sample {
  features: readonly string[]
  /** [count × features]; NaN where a value is missing. */
  events: Float64Array
  /** [count]: 1 signal and 0 background, or the class. */
  labels: Float64Array
}

/** So many events of each class, mixed by chance: their classes. */
export function mixedLabels(random: Random, counts: readonly number[]): Float64Array {
  const labels = Uint32Array.from(counts.flatMap((count, label) => new Array<number>(count).fill(label)))
  random.shuffle(labels)
  return Float64Array.from(labels)
}

/** The seed of events to measure on, beside those of this seed. */
export function otherSeed(seed: number): number {
  return seed + 2 ** 31
}

/** @throws UsageError where it is no whole number, or less than `least` */
export function checkCount(what: string, count: number, least: number): void {
  if (!Number.isInteger(count) || count < least) {
    throw new UsageError(`${what}: ${count}, expected a whole number from ${least}`)
  }
}
