/** Measures how long models take for an event. */
import { type Drone, Random, type Teacher } from 'nndrone'
import { OptionError } from '../errors.ts'
import { HdrHistogram } from '../hdr-histogram.ts'
import type { DroneModel, Model } from '../models/index.ts'
import { askOne, BLOCK, type BlockTiming, clockCost, timeModel } from '../models/timing.ts'
import { normal } from '../normal.ts'
import { type Paced, timePaced } from '../paced.ts'
import type { Pause } from '../pauses.ts'
import { type Scale, standardising } from '../scaling/scale.ts'
import { type Scaling, scalesFor } from '../scaling/scaling.ts'
import { counted } from '../text.ts'
import { ask } from './ask.ts'
import type { JobOptions } from './job.ts'
import { asDroneModel, asModel } from './models.ts'
import { checkScalable, isScaling, scaleFromDrone } from './scaling.ts'

export interface LatencyOptions extends JobOptions {
  drone: Drone | DroneModel
  /** Any model to measure beside it. */
  teacher?: Teacher | Model
  /** How events are standardised for the teacher; as the drone keeps it, if this is the one it learnt from, unless given. */
  scaleFrom?: Scaling
  /** For how many milliseconds each figure is measured, calls at a rate five times as long; 1,000 unless given. */
  duration?: number
  /**
   * How many calls a second are due, at least one: single calls are measured once more, as they come from a stream. A time
   * begins when the call was due, so that one which waits for another is as late as it is, and calls that fell out
   * meanwhile are counted too (the correction for coordinated omission).
   */
  rate?: number
}

/** How long calls took, in nanoseconds: so many percent of them at most so long. */
export interface Percentiles {
  calls: number
  p50: number
  p90: number
  p99: number
  p999: number
  p9999: number
  largest: number
}

/** Calls at a rate. Times are in nanoseconds, from when a call was due; the clock's cost is subtracted. */
export interface RateTiming {
  /** Calls a second. */
  rate: number
  /** How many calls were made; those that fell out were added by the correction. */
  made: number
  added: number
  /** What a call itself took, on average. */
  service: number
  /** All calls, and those that no pause fell into. */
  all: Percentiles
  own: Percentiles
  /** Pauses that no call is to blame for. */
  pauses: Record<Pause['cause'], { count: number; total: number; longest: number }>
  /** Of the calls that took longer than the p99 of all: how many a pause fell into. */
  tail: { calls: number; paused: number }
}

/** Times are in nanoseconds. */
export interface ModelTiming {
  name: string
  parameters: number | undefined
  /** An event by itself: over blocks of calls. */
  one: BlockTiming
  /** An event of a batch. */
  batch: { median: number; events: number }
  /** Each call by itself, one right after the other, which shows the rare long ones; the clock's cost is subtracted. */
  single: Percentiles
  /** The same at a rate, where one was given. */
  atRate: RateTiming | undefined
  /** What single calls took, the shortest first; the clock's cost is subtracted. */
  sorted: Float64Array
  /** The calls at a rate, where one was given, else the single ones; its `hgrm()` is what other programs read. */
  histogram: HdrHistogram
}

export interface Latency {
  /** What a look at the clock costs, in nanoseconds. */
  clock: number
  /** The drone, and the teacher where there is one. */
  models: ModelTiming[]
  /** How many times as long the teacher takes. */
  ratio: { one: number; batch: number } | undefined
}

/** Events of a batch. */
export const BATCH = 20_000

/** Rare calls need many: at a rate they are measured so many times as long. */
const LONGER = 5

/**
 * Measures a drone, and its teacher, with made-up events that are normally distributed where the drone was trained.
 * @throws UsageError where options do not fit together, InputError that names what is wrong in a file or an answer
 * @example
 * const { models, ratio } = await measureLatency({ drone, teacher })
 * console.log(`${models[0].one.median} ns an event, ${ratio.one} times faster than its teacher`)
 */
export async function measureLatency(options: LatencyOptions): Promise<Latency> {
  const { duration = 1000, rate, onProgress, onNotice, signal } = options
  if (rate !== undefined && !(rate >= 1 && rate <= 1e7)) {
    throw new OptionError('rate', 'expected 1 to 10,000,000 calls a second', String(rate))
  }
  const drone = asDroneModel(options.drone)
  const model = options.teacher && asModel(options.teacher)
  checkScalable(model, options.scaleFrom)
  const from = scaleFromDrone(model, drone, options.scaleFrom, options)
  const scales = isScaling(from) ? scalesFor(from, columnsOf(model!, drone), true) : undefined
  const clock = await clockCost()
  const teacher = model && scales ? standardising(model, scales) : model
  const models: ModelTiming[] = []
  for (const each of teacher ? [drone, teacher] : [drone]) {
    signal?.throwIfAborted()
    onProgress?.({ stage: 'measuring', done: models.length, total: teacher ? 2 : 1 })
    const events = eventsFor(each, each === drone || !scales ? drone.drone.network.inputs : scales)
    const timing = await timingOf(each, events, { duration, rate, clock, signal })
    const { atRate } = timing
    if (rate && !atRate) {
      onNotice?.(`${timing.name}: runs in a process of its own, where calls at a \`rate\` are not measured`)
    }
    if (atRate && atRate.service > 1e9 / atRate.rate) {
      const possible = counted(Math.floor(1e9 / atRate.service), 'call')
      onNotice?.(`${timing.name}: does not keep up with the \`rate\`; it can do ${possible} a second`)
    }
    models.push(timing)
  }
  const [own, other] = models
  const ratio = other && { one: other.one.median / own!.one.median, batch: other.batch.median / own!.batch.median }
  return { clock, models, ratio }
}

/** A model that does not name its inputs has those of the drone, if there are as many. */
function columnsOf({ unnamed, inputs }: Model, drone: DroneModel): readonly string[] {
  return unnamed && inputs.length === drone.inputs.length ? drone.inputs : inputs
}

/** Values that are normal after standardisation, unless a model is to be asked with values that are so already. */
function eventsFor(model: Model, inputs: readonly Scale[]): Float64Array {
  const random = new Random(1)
  return new Float64Array(BATCH * model.inputs.length).map((_, i) => {
    const z = normal(random)
    const input = inputs[i % model.inputs.length]
    return model.unscaled || !input ? z : z / input.scale - input.offset
  })
}

interface Measuring {
  duration: number
  rate: number | undefined
  clock: number
  signal: JobOptions['signal']
}

async function timingOf(model: Model, events: Float64Array, measuring: Measuring): Promise<ModelTiming> {
  const { duration, rate, clock, signal } = measuring
  await ask(model, events.subarray(0, BLOCK * model.inputs.length))
  const times = await (model.time?.(events, duration) ?? timeModel(model, events, duration))
  const { one, batch } = times
  const sorted = times.sorted.map((time) => Math.max(0, time - clock))
  const single = new HdrHistogram()
  for (const time of sorted) single.record(time)
  const paced =
    rate && !model.time
      ? await timePaced(askOne(model, events), { rate, duration: LONGER * duration, clock, signal })
      : undefined
  return {
    name: model.file.path,
    parameters: model.describe().parameters,
    one,
    batch: { median: batch.median / BATCH, events: BATCH },
    single: percentilesOf(single),
    atRate: paced && rateTimingOf(paced, rate!),
    sorted,
    histogram: paced?.all ?? single,
  }
}

function percentilesOf(histogram: HdrHistogram): Percentiles {
  const [p50, p90, p99, p999, p9999] = [50, 90, 99, 99.9, 99.99].map((percent) => histogram.percentile(percent))
  const { total: calls, largest } = histogram
  return { calls, p50: p50!, p90: p90!, p99: p99!, p999: p999!, p9999: p9999!, largest }
}

function rateTimingOf({ calls, added, service, all, own, pauses }: Paced, rate: number): RateTiming {
  const percentiles = percentilesOf(all)
  const beyond = all.above(percentiles.p99)
  const sumOf = (cause: Pause['cause']) => {
    const times = pauses.filter((pause) => pause.cause === cause).map(({ from, to }) => (to - from) * 1e6)
    const [total, longest] = [times.reduce((sum, time) => sum + time, 0), times.reduce((a, b) => Math.max(a, b), 0)]
    return { count: times.length, total, longest }
  }
  return {
    ...{ rate, made: calls, added, service },
    ...{ all: percentiles, own: percentilesOf(own) },
    pauses: { garbage: sumOf('garbage'), scheduler: sumOf('scheduler') },
    tail: { calls: beyond, paused: beyond - own.above(percentiles.p99) },
  }
}
