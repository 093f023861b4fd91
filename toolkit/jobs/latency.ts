/** Measures how long models take for an event. */
import { type Drone, Random, type Teacher } from 'nndrone'
import type { DroneModel, Model } from '../models/index.ts'
import { normal } from '../normal.ts'
import { type Scale, standardising } from '../scaling/scale.ts'
import { type Scaling, scalesFor } from '../scaling/scaling.ts'
import { BLOCK, type BlockTiming, clockCost, quantile, timeModel } from '../timing.ts'
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
  /** For how many milliseconds each figure is measured; 1,000 unless given. */
  duration?: number
}

/** Times are in nanoseconds. */
export interface ModelTiming {
  name: string
  parameters: number | undefined
  /** An event by itself: over blocks of calls. */
  one: BlockTiming
  /** An event of a batch. */
  batch: { median: number; events: number }
  /** Each call by itself, which shows the rare long ones; the cost of the clock is in it. */
  single: { calls: number; p50: number; p99: number; p999: number; largest: number }
  /** What single calls took, the shortest first. */
  sorted: Float64Array
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

/**
 * Measures a drone, and its teacher, with made-up events that are normally distributed where the drone was trained.
 * @throws UsageError where options do not fit together, InputError that names what is wrong in a file or an answer
 * @example
 * const { models, ratio } = await measureLatency({ drone, teacher })
 * console.log(`${models[0].one.median} ns an event, ${ratio.one} times faster than its teacher`)
 */
export async function measureLatency(options: LatencyOptions): Promise<Latency> {
  const { duration = 1000, onProgress, signal } = options
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
    models.push(await timingOf(each, events, duration))
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

async function timingOf(model: Model, events: Float64Array, duration: number): Promise<ModelTiming> {
  await ask(model, events.subarray(0, BLOCK * model.inputs.length))
  const times = await (model.time?.(events, duration) ?? timeModel(model, events, duration))
  const { one, batch, sorted } = times
  const [p50, p99, p999, largest] = [0.5, 0.99, 0.999, 1].map((fraction) => quantile(sorted, fraction)) as number[]
  return {
    name: model.file.path,
    parameters: model.describe().parameters,
    one,
    batch: { median: batch.median / BATCH, events: BATCH },
    single: { calls: sorted.length, p50: p50!, p99: p99!, p999: p999!, largest: largest! },
    sorted,
  }
}
