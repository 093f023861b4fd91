/** How faithful a drone is to the answers that it learnt. */
import type { Drone } from '../drone.ts'
import { type Fidelity, FidelitySum } from '../metrics.ts'
import type { Data, Split } from './data.ts'
import { inPieces } from './pauses.ts'

/** How faithful the drone is, on the held-out events if there are any, else on those that it was trained with. */
export interface MeasuredFidelity extends Fidelity {
  heldOut: boolean
  /** The standard error of the MSE of held-out events, if they are several: a few of them carry most of it. */
  mseError?: number
  /** The MSE on the events that the drone was trained with, where others are held out. */
  inSample?: { mse: number; events: number }
}

/** @param answers [count × outputs] */
export async function measure(
  drone: Drone,
  data: Data,
  answers: Float32Array,
  { training, heldOut }: Split,
): Promise<MeasuredFidelity> {
  const { error: _, ...known } = await measureOn(training, drone, data, answers)
  if (heldOut.length === 0) return { ...known, heldOut: false }
  const { error, ...measured } = await measureOn(heldOut, drone, data, answers)
  const inSample = { mse: known.mse, events: known.events }
  return { ...measured, heldOut: true, ...(heldOut.length > 1 && { mseError: error }), inSample }
}

/** The standard error of the MSE is `error`. */
async function measureOn(
  chosen: Uint32Array,
  drone: Drone,
  { events, names }: Data,
  answers: Float32Array,
): Promise<Fidelity & { error: number }> {
  const width = names.length
  const outputs = drone.outputs.length
  const sum = new FidelitySum()
  /** Σ (MSE of an event)² */
  let squares = 0
  await inPieces(chosen.length, (from, to) => {
    const rows = new Float64Array((to - from) * width)
    const expected = new Float32Array((to - from) * outputs)
    for (let n = from; n < to; n++) {
      const event = chosen[n]!
      rows.set(events.subarray(event * width, (event + 1) * width), (n - from) * width)
      expected.set(answers.subarray(event * outputs, (event + 1) * outputs), (n - from) * outputs)
    }
    const scores = drone.predictBatch(rows)
    sum.add(scores, expected)
    for (let n = 0; n < to - from; n++) {
      let mse = 0
      for (let i = n * outputs; i < (n + 1) * outputs; i++) {
        const error = scores[i]! - expected[i]!
        mse += (error * error) / outputs
      }
      squares += mse * mse
    }
  })
  const result = sum.result(outputs)
  const count = chosen.length
  const variance = Math.max(0, squares / count - result.mse * result.mse)
  return { ...result, error: Math.sqrt(variance / (count - 1)) }
}
