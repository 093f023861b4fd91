/** One measurement: which network, how many events a call is about, how long. */
import type { Sizes } from './networks.ts'

export interface Task {
  readonly sizes: Sizes
  /** Events of a call to `batch`; 0 is a call to `one`. */
  readonly batch: number
  readonly milliseconds: number
}

/** What a rival answers: nanoseconds an event, or why there are none. */
export type Answer = { nanoseconds: number } | { lacking: string } | { error: string }

/** Single events and small batches are taken from so many, which lie in the processor's cache, as fresh events do. */
const FEW = 256

/** How many events are scored over and over. */
export function eventCount({ batch }: Task): number {
  return Math.max(batch, FEW)
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}
