/** What a drone can learn from. */
import type { Numbers } from '../engines/api.ts'

/** Any trained classifier. A Drone is one. */
export interface Teacher {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Answers events [n × inputs] with [n × outputs]; NaN where it has no answer. */
  predictBatch(events: Numbers): Float32Array | Promise<Float32Array>
}
