/** Events to ask a teacher about: like those of a file, or anywhere in the ranges of the features. */
import { Random, statistics } from 'nndrone'
import { gaussian, latinHypercube, type Range, uniform } from './box.ts'
import { munged } from './munge.ts'
import { resampled } from './resample.ts'

export type { Range } from './box.ts'

/** Methods that need real events. */
const LIKE = { resample: resampled, munge: munged } as const

/** Methods that need ranges alone. */
const WITHIN = { uniform, normal: gaussian, 'latin-hypercube': latinHypercube } as const

type LikeMethod = keyof typeof LIKE
export type WithinMethod = keyof typeof WITHIN
export type Method = LikeMethod | WithinMethod

export const METHODS = [...Object.keys(LIKE), ...Object.keys(WITHIN)] as Method[]

export interface ProbeOptions {
  method: Method
  count: number
  seed: number
}

/**
 * Probes like the real events [n × width]; methods that need ranges take those that the events have.
 * @returns [count × width]
 */
export async function probesLike(events: Float64Array, width: number, { method, count, seed }: ProbeOptions) {
  const random = new Random(seed)
  if (isLike(method)) return LIKE[method](events, width, count, random)
  return WITHIN[method](await rangesOf(events, width), count, random)
}

/** @returns [count × ranges] */
export function probesWithin(
  ranges: readonly Range[],
  method: WithinMethod,
  count: number,
  seed: number,
): Float64Array {
  return WITHIN[method](ranges, count, new Random(seed))
}

export function isLike(method: Method): method is LikeMethod {
  return method in LIKE
}

async function rangesOf(events: Float64Array, width: number): Promise<Range[]> {
  return (await statistics(events, width)).map(({ min, max }): Range => (min <= max ? [min, max] : [0, 0]))
}
