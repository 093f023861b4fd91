/** The message of a host on which no pool can be started. */
export const NEEDED =
  'Pool.start needs node:worker_threads and SharedArrayBuffer, as Node, Deno and Bun have them; elsewhere use the predictBatch of the drone or swarm'
