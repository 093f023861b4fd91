/** Makes probes: events to ask a teacher about. */
import { OptionError, UsageError } from '../errors.ts'
import type { EventSource } from '../events/index.ts'
import { isLike, type Method, probesLike, probesWithin, type Range } from '../probe/index.ts'
import { listed } from '../text.ts'
import { columnsOf } from './columns.ts'
import type { JobOptions } from './job.ts'
import { readEvents } from './read.ts'

/** The range of each feature, by name. */
export type Ranges = Readonly<Record<string, Range>>

export interface ProbeOptions extends JobOptions {
  /** Events that the probes are to be like, or whose ranges they are to have. */
  like?: EventSource
  /** The ranges of the features, for probes without events. */
  range?: Ranges
  /** The columns; all of the events, or all that have a range, unless given. */
  features?: readonly string[]
  /** `resample` where there are events, else `uniform`, unless given. */
  method?: Method
  /** How many probes; 100,000 unless given. */
  count?: number
  /** Of every random choice; 1 unless given. */
  seed?: number
  /** How `resample` moves columns, where that is not as it finds: `log(pt)`, `max - min`, `log(max - min)`, or `pt` as it is. */
  coordinates?: readonly string[]
}

export interface Probes {
  features: readonly string[]
  /** [count × features] */
  events: Float64Array
}

/**
 * Makes events like those of a file, or anywhere in the ranges of the features.
 * @throws UsageError where options do not fit together, InputError that names what is wrong in a file
 * @example
 * const { features, events } = await probe({ range: { pt: [0, 50], eta: [1, 6] }, count: 10_000 })
 */
export async function probe(options: ProbeOptions): Promise<Probes> {
  const { like, range, features, method, count = 100_000, seed = 1, coordinates, onNotice } = options
  if (coordinates && (!like || (method ?? 'resample') !== 'resample')) {
    throw new OptionError('coordinates', 'needs events that are resampled', coordinates.join())
  }
  if ((like === undefined) === (range === undefined)) {
    throw new UsageError('the probes need either events with `like`, or ranges with `range`')
  }
  if (!like) return probesInRanges(range!, { features, method, count, seed })
  const chosen = features ?? columnsOf(like)
  if (!features) onNotice?.(`no \`features\` given: takes the columns ${listed(chosen)}`)
  const { events } = await readEvents(like, chosen, [], options)
  const probes = await probesLike(events, chosen, { method: method ?? 'resample', count, seed, coordinates })
  tellCoordinates(probes, options)
  return { features: chosen, events: probes.events }
}

/** Tells how columns were moved, where `resample` found it out. */
export function tellCoordinates(
  { coordinates: found }: { coordinates?: readonly string[] },
  { coordinates, onNotice }: Pick<ProbeOptions, 'coordinates' | 'onNotice'>,
): void {
  if (found && !coordinates) onNotice?.(`no \`coordinates\` given: moves events in ${listed(found)}`)
}

interface Choice {
  features?: readonly string[]
  method?: Method
  count: number
  seed: number
}

/**
 * Probes in the ranges of these features, which are all that have a range unless they are named.
 * @param option that names the method
 * @throws OptionError where a feature has no range, or a range no feature
 */
export function probesInRanges(range: Ranges, choice: Choice, option = 'method'): Probes {
  const { features = Object.keys(range), method = 'uniform', count, seed } = choice
  if (isLike(method)) throw new OptionError(option, 'needs events that the probes are to be like', method)
  const without = features.find((name) => !Object.hasOwn(range, name))
  if (without !== undefined) throw new OptionError('range', `no range for the feature ${JSON.stringify(without)}`)
  const unknown = Object.keys(range).find((name) => !features.includes(name))
  if (unknown !== undefined) {
    throw new OptionError('range', `${JSON.stringify(unknown)} is not a feature; there are ${listed(features)}`)
  }
  const ranges = features.map((name) => range[name]!)
  return { features, events: probesWithin(ranges, method, count, seed) }
}
