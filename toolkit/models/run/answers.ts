/** An exported file that runs here: events [events × inputs] → answers [events × outputs]. */
export type Run = (events: Float64Array) => Promise<Float32Array>

/** Why it cannot be run here. */
export class NotHere extends Error {
  override name = 'NotHere'
}
