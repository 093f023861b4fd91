/** What a call costs: blocks of calls for the median, since the clock cannot tell one from the next, and single calls. */

import { setImmediate as turn } from 'node:timers/promises'

/** Calls that are timed as one. */
const BLOCK = 1024

/** A block need not take longer than this to be timed well, in ms. */
const LONG_ENOUGH = 2

/** A call is warm after this, in ms: hosts compile what runs often anew. */
const WARMING = 200

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
