/** How faithful a drone is to the answers that it learnt. */
import type { Drone } from '../drone.ts'
import { type Fidelity, FidelitySum } from '../metrics.ts'
import type { Data, Split } from './data.ts'
import { inPieces } from './pauses.ts'

/** A mean squared error, and how well it is known. */
interface Measured {
  mse: number
  /** Its standard error: a few events carry most of an MSE. Absent where there is one event alone. */
  mseError?: number
  events: number
}

/** How faithful the drone is, on the held-out events if there are any, else on those that it was trained with. */
export interface MeasuredFidelity extends Fidelity, Measured {
  heldOut: boolean
  /** The same on the events that it was trained with, where others are held out. */
  inSample?: Measured
}

/** @param answers [count × outputs] */
export async function measure(
  drone: Drone,
  data: Data,
  answers: Float32Array,
  { training, heldOut }: Split,
): Promise<MeasuredFidelity> {
  if (heldOut.length === 0) return { ...(await measureOn(training, drone, data, answers)), heldOut: false }
  const { mse, mseError, events } = await measureOn(training, drone, data, answers)
  return { ...(await measureOn(heldOut, drone, data, answers)), heldOut: true, inSample: { mse, mseError, events } }
}

async function measureOn(
  chosen: Uint32Array,
  drone: Drone,
  { events, names }: Data,
  answers: Float32Array,
): Promise<Fidelity & Measured> {
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
  return count > 1 ? { ...result, mseError: Math.sqrt(variance / (count - 1)) } : result
}
