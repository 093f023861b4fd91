/** What an event costs, on this machine. */
import { timeBlocks, timeSingle } from '../../timing.ts'

export interface Times {
  /** Nanoseconds of one event by itself: the median of blocks of calls, and their 99th percentile. */
  one: { median: number; p99: number }
  /** Nanoseconds of one event in a batch of so many. */
  batch: { median: number; p99: number; events: number }
  /** Nanoseconds of single calls, the shortest first; each with what a look at the clock costs. */
  calls: Float64Array
}

/** What is timed. */
export interface Timed {
  inputs: readonly string[]
  predict?(event: ArrayLike<number>): unknown
  predictBatch(events: Float64Array): unknown
}

/** Different events that are asked about. */
const EVENTS = 1024
/** Milliseconds of each measurement. */
const DURATION = 300
const CALLS = 200_000

/** @param events [n × inputs] */
export async function timesOf(model: Timed, events: Float64Array): Promise<Times> {
  const width = model.inputs.length
  const count = Math.min(EVENTS, events.length / width)
  const batch = events.subarray(0, count * width)
  const views = Array.from({ length: count }, (_, n) => events.subarray(n * width, (n + 1) * width))
  const rows = views.map((view) => [...view])
  const ask = model.predict
    ? (n: number) => model.predict!(rows[n % count]!)
    : (n: number) => model.predictBatch(views[n % count]!)
  const one = await timeBlocks(ask, DURATION)
  const many = await timeBlocks(() => model.predictBatch(batch), DURATION)
  return {
    one: { median: one.median, p99: one.p99 },
    batch: { median: many.median / count, p99: many.p99 / count, events: count },
    calls: await timeSingle(ask, CALLS, DURATION),
  }
}
