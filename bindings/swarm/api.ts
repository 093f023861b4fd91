/** What runs a swarm, as an interface. */
import type { Numbers } from '../engines/api.ts'
import type { Network } from '../model/network.ts'

/** A drone of a swarm. */
export interface Member {
  readonly name: string
  readonly network: Network
  /** For each of its inputs, which number of the event it is. */
  readonly columns: readonly number[]
  /** Where its outputs begin among those of the swarm. */
  place: number
}

/**
 * A swarm in an engine. To score one event: write it to `input` from `inputAt` on, call `predict`, read `output` from
 * `outputAt` on. The views may be replaced by any call that allocates.
 */
export interface SwarmRunner {
  readonly name: SwarmEngineName
  readonly input: Float64Array
  readonly inputAt: number
  readonly output: Float32Array
  readonly outputAt: number
  /** Makes room for a drone, and for so many numbers of an event and of an answer; where that fails, nothing changes. */
  put(member: Member, inputs: number, outputs: number): void
  drop(member: Member): void
  /** To be called after drones were put, dropped, or given another place; cannot fail. */
  arrange(inputs: number, outputs: number): void
  predict(): void
  /** Scores `count` events of `events`, [count × inputs], into `out`, [count × outputs]. */
  predictBatch(events: Numbers, count: number, out: Float32Array): void
  release(): void
}

export type SwarmEngineName = 'simd' | 'js'
