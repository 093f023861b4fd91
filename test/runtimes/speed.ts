/** What scoring costs in the runtime that this runs in. */
import { Drone, type DroneOptions, Random } from 'nndrone'
import { randomNetwork, randomNumbers } from '../networks.ts'

const BLOCK = 1024
const BATCH = 20_000

/** Nanoseconds an event. */
export interface Speed {
  one: number
  batch: number
}

/** Of a drone of 6→15→1: single events, and those of a batch of 20,000. */
export async function speed({ engine }: DroneOptions): Promise<Speed> {
  const drone = await Drone.load(randomNetwork(new Random(1), { widths: [6, 15, 1] }), { engine })
  const events = randomNumbers(new Random(2), BATCH * 6)
  const rows = Array.from({ length: BLOCK }, (_, n) => [...events.subarray(6 * n, 6 * n + 6)])
  const scores = new Float32Array(BATCH)
  const one = nanoseconds(() => {
    for (let n = 0; n < BLOCK; n++) scores[n] = drone.predict(rows[n]!)
  })
  return { one: one / BLOCK, batch: nanoseconds(() => drone.predictBatch(events, scores)) / BATCH }
}

/** Of one call: the median of blocks, each so long that a browser's coarse clock can tell. */
function nanoseconds(call: () => void): number {
  let calls = 1
  for (const end = performance.now() + 150; performance.now() < end; ) {
    if (block(call, calls) < 10) calls *= 2
  }
  const times = Array.from({ length: 15 }, () => block(call, calls)).sort((a, b) => a - b)
  return (times[7]! / calls) * 1e6
}

/** Milliseconds of so many calls. */
function block(call: () => void, calls: number): number {
  const began = performance.now()
  for (let i = 0; i < calls; i++) call()
  return performance.now() - began
}
