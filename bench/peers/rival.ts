/** What every rival of `rivals/` is. */
import type { Network } from '../../dist/index.js'

export interface Rival {
  readonly name: string
  /**
   * The network as the rival holds it. Loads the rival's package, so that a process has only the one it is for.
   * @throws Lacking where this machine or runtime cannot run it
   */
  prepare(network: Network): Promise<Prepared>
}

export interface Prepared {
  /** Scores one event. */
  one(event: number[]): number | Promise<number>
  /** Scores many, [events × inputs]; the scores are good until the next call. */
  batch(events: Float32Array): Float32Array | Promise<Float32Array>
}

/** Why a rival does not run here; no fault of the network's. */
export class Lacking extends Error {
  override readonly name = 'Lacking'
}
