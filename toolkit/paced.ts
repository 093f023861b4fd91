/**
 * Calls at a given rate, as events of a stream come. A call is timed from when it was due, not from when it could begin, so
 * that whoever is late has to answer for those who wait; and calls that fall out while one lasts are counted with the times
 * that they would have had (coordinated omission).
 */
import { HdrHistogram, missedBy } from './hdr-histogram.ts'
import type { Ask } from './models/timing.ts'
import { GarbageWatch, inOrder, type Pause } from './pauses.ts'

/** Two looks at the clock with nothing between them are not so far apart, in ms, unless others had the processor. */
const GAP = 0.002

/** The event loop turns this often, in ms: it tells of garbage, and of signals. */
const SEGMENT = 100

/** Events of a block (`Ask`). */
const BLOCK = 1024

export interface PacedOptions {
  /** Calls a second. */
  rate: number
  /** In ms. */
  duration: number
  /** What a look at the clock costs, in nanoseconds; it is subtracted from each time. */
  clock: number
  signal?: AbortSignal
  /** The clock, in ms; `performance.now` unless given. */
  now?: () => number
}

export interface Paced {
  /** How many calls were made. */
  calls: number
  /** How many were counted for those that fell out. */
  added: number
  /** All of them, and those that no pause fell into. */
  all: HdrHistogram
  own: HdrHistogram
  pauses: Pause[]
  /** Nanoseconds that a call itself took, on average. */
  service: number
}

/** The calls of a segment, by numbers: when each was due, or began where that was on time, and when it ended. */
interface Segment {
  calls: number
  from: Float64Array
  to: Float64Array
  gaps: Pause[]
  /** What the calls themselves took, in ms. */
  service: number
}

export async function timePaced(ask: Ask, options: PacedOptions): Promise<Paced> {
  const { rate, duration, clock, signal, now = () => performance.now() } = options
  const interval = 1e3 / rate
  const paced: Paced = { calls: 0, added: 0, all: new HdrHistogram(), own: new HdrHistogram(), pauses: [], service: 0 }
  const watch = new GarbageWatch()
  try {
    // The first segment only warms up.
    await callPaced(ask, Math.min(duration, SEGMENT), interval, now)
    await watch.take()
    for (let left = duration; left > 0; left -= SEGMENT) {
      signal?.throwIfAborted()
      const segment = await callPaced(ask, Math.min(left, SEGMENT), interval, now)
      const pauses = inOrder(await watch.take(), segment.gaps)
      count(segment, pauses, interval * 1e6, clock, paced)
      for (const pause of pauses) paced.pauses.push(pause)
      paced.calls += segment.calls
      paced.service += segment.service * 1e6
    }
  } finally {
    watch.end()
  }
  paced.service = paced.service / paced.calls - clock
  return paced
}

async function callPaced(ask: Ask, duration: number, interval: number, now: () => number): Promise<Segment> {
  // Room for all, and no object for a call: what measures is to leave no garbage.
  const most = Math.ceil(duration / interval) + 1
  const segment: Segment = { calls: 0, from: new Float64Array(most), to: new Float64Array(most), gaps: [], service: 0 }
  const start = now()
  let last = start
  for (let slot = 0; slot * interval < duration; slot++) {
    const due = start + slot * interval
    // Until a call is due nothing but looks at the clock, so that it is known where others had the processor.
    let began = last
    let waited = false
    do {
      waited = last < due
      began = now()
      if (began - last > GAP) {
        segment.gaps.push({ cause: 'scheduler', from: last, to: began })
        waited = false
      }
      last = began
    } while (began < due)
    const answer = ask(segment.calls % BLOCK)
    if (answer instanceof Promise) await answer
    last = now()
    // One that had to wait for its time begins between two looks, which is on time.
    const from = waited ? began : due
    segment.from[segment.calls] = from
    segment.to[segment.calls++] = last
    segment.service += last - began
    slot += missedBy(last - from, interval)
  }
  return segment
}

/** @param interval in nanoseconds */
function count(segment: Segment, pauses: readonly Pause[], interval: number, clock: number, into: Paced): void {
  let next = 0
  for (let n = 0; n < segment.calls; n++) {
    const [from, to] = [segment.from[n]!, segment.to[n]!]
    while (next < pauses.length && pauses[next]!.to <= from) next++
    const value = (to - from) * 1e6 - clock
    into.added += into.all.recordExpecting(value, interval)
    if (next === pauses.length || pauses[next]!.from >= to) into.own.recordExpecting(value, interval)
  }
}
