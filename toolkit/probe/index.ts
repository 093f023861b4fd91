/** Events to ask a teacher about: like those of a file, or anywhere in the ranges of the features. */
import { Random, resample, statistics } from 'nndrone'
import { gaussian, latinHypercube, type Range, uniform } from './box.ts'
import { munged } from './munge.ts'

export type { Range } from './box.ts'

/** Methods that need real events. */
const LIKE = ['resample', 'munge'] as const

/** Methods that need ranges alone. */
const WITHIN = { uniform, normal: gaussian, 'latin-hypercube': latinHypercube } as const

type LikeMethod = (typeof LIKE)[number]
export type WithinMethod = keyof typeof WITHIN
export type Method = LikeMethod | WithinMethod

export const METHODS = [...LIKE, ...Object.keys(WITHIN)] as Method[]

export interface ProbeOptions {
  method: Method
  count: number
  seed: number
  /** How columns are moved, for `resample`; as it finds unless given. */
  coordinates?: readonly string[]
}

export interface Probes {
  /** [count × features] */
  events: Float64Array
  /** How each column was moved, of `resample`. */
  coordinates?: readonly string[]
}

/** Probes like the real events [n × features]; methods that need ranges take those that the events have. */
export async function probesLike(
  events: Float64Array,
  features: readonly string[],
  { method, count, seed, coordinates }: ProbeOptions,
): Promise<Probes> {
  const width = features.length
  if (method === 'resample') return resample(events, features, { count, seed, coordinates })
  const random = new Random(seed)
  if (method === 'munge') return { events: await munged(events, width, count, random) }
  return { events: WITHIN[method](await rangesOf(events, width), count, random) }
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
  return (LIKE as readonly string[]).includes(method)
}

async function rangesOf(events: Float64Array, width: number): Promise<Range[]> {
  return (await statistics(events, width)).map(({ min, max }): Range => (min <= max ? [min, max] : [0, 0]))
}
