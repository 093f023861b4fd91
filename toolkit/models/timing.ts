/** What a call costs: blocks of calls for the median, since the clock cannot tell one from the next, and single calls. */
import { setImmediate as turn } from 'node:timers/promises'
import type { Teacher } from 'nndrone'

/** Calls that are timed as one; each is about another event. */
export const BLOCK = 1024

/** A block need not take longer than this to be timed well, in ms. */
const LONG_ENOUGH = 2

/** A call is warm after this, in ms: hosts compile what runs often anew. */
const WARMING = 200

/** Single calls at most. */
const CALLS = 200_000

/** Asks about event n of a block. Whoever takes its time returns a promise. */
export type Ask = (n: number) => unknown

export interface BlockTiming {
  /** Nanoseconds a call, over the blocks. */
  median: number
  p99: number
  blocks: number
  /** Calls in a block. */
  calls: number
}

/** What a model takes, in nanoseconds. */
export interface ModelTimes {
  /** A call about one event, over blocks. */
  one: BlockTiming
  /** A call about all events. */
  batch: BlockTiming
  /** Single calls, the shortest first. */
  sorted: Float64Array
}

/** Times a model, for so many ms each. @param events at least those of a block */
export async function timeModel(model: Timed, events: Float64Array, duration: number): Promise<ModelTimes> {
  const call = askOne(model, events)
  const one = await timeBlocks(call, duration)
  const batch = await timeBlocks(() => model.predictBatch(events), duration)
  return { one, batch, sorted: await timeSingle(call, CALLS, duration) }
}

interface Timed extends Teacher {
  predict?(event: ArrayLike<number>): unknown
}

/** Asks about one event, as a program would: by itself where the model can, else in a batch of one. */
export function askOne(model: Timed, events: Float64Array): Ask {
  const inputs = model.inputs.length
  const views = Array.from({ length: BLOCK }, (_, n) => events.subarray(n * inputs, (n + 1) * inputs))
  const { predict } = model
  if (!predict) return (n) => model.predictBatch(views[n]!)
  const rows = views.map((view) => [...view])
  return (n) => predict.call(model, rows[n]!)
}

/** Times blocks of calls for so many ms, at least three. */
export async function timeBlocks(ask: Ask, duration: number): Promise<BlockTiming> {
  const calls = await warm(ask)
  const blocks: number[] = []
  for (const end = performance.now() + duration; blocks.length < 3 || performance.now() < end; ) {
    blocks.push(((await timed(ask, calls)) * 1e6) / calls)
    await turn()
  }
  blocks.sort((a, b) => a - b)
  return { median: quantile(blocks, 0.5), p99: quantile(blocks, 0.99), blocks: blocks.length, calls }
}

/** Calls until all is compiled. Returns how many calls make a block. */
async function warm(ask: Ask): Promise<number> {
  let calls = 1
  for (const end = performance.now() + WARMING; performance.now() < end; ) {
    if ((await timed(ask, calls)) < LONG_ENOUGH) calls = Math.min(2 * calls, BLOCK)
  }
  return calls
}

/** Milliseconds of a block. */
async function timed(ask: Ask, calls: number): Promise<number> {
  const began = performance.now()
  const first = ask(0)
  if (first instanceof Promise) {
    await first
    for (let n = 1; n < calls; n++) await ask(n)
  } else for (let n = 1; n < calls; n++) ask(n)
  return performance.now() - began
}

/**
 * Times calls one by one, until there are `most` or `duration` ms are over. Each figure holds the clock's own cost.
 * @returns nanoseconds, the shortest first
 */
export async function timeSingle(ask: Ask, most: number, duration: number): Promise<Float64Array> {
  const calls = new Float64Array(most)
  const end = performance.now() + duration
  let count = 0
  for (let now = performance.now(); count < most && now < end; ) {
    const answer = ask(count % BLOCK)
    if (answer instanceof Promise) await answer
    const after = performance.now()
    calls[count++] = (after - now) * 1e6
    now = performance.now()
  }
  return calls.slice(0, count).sort()
}

/** What a look at the clock costs, in nanoseconds: the median of blocks. */
export async function clockCost(): Promise<number> {
  return (await timeBlocks(() => performance.now(), 50)).median
}

/** @param sorted the smallest first */
export function quantile(sorted: ArrayLike<number>, fraction: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))]!
}
