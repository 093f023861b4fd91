/** How faithful a drone is to the answers that it learnt. */
import type { Drone } from '../drone.ts'
import { type Fidelity, FidelitySum } from '../metrics.ts'
import type { Data, Split } from './data.ts'
import { inPieces } from './pauses.ts'

/** How faithful the drone is, on the held-out events if there are any, else on those that it was trained with. */
export interface MeasuredFidelity extends Fidelity {
  heldOut: boolean
  /** The standard error of the MSE; absent where it was measured on one event. */
  mseError?: number
}

/** @param answers [count × outputs] */
export async function measure(
  drone: Drone,
  { events, names }: Data,
  answers: Float32Array,
  { training, heldOut }: Split,
): Promise<MeasuredFidelity> {
  const chosen = heldOut.length > 0 ? heldOut : training
  const width = names.length
  const outputs = drone.outputs.length
  const sum = new FidelitySum()
  const spread = new Spread()
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
    spread.add(scores, expected, outputs)
  })
  return { ...sum.result(outputs), ...spread.result(), heldOut: chosen === heldOut }
}

/** How much the squared errors of events differ, each the mean over its outputs. */
class Spread {
  #count = 0
  #sum = 0
  #squares = 0

  add(scores: Float32Array, expected: Float32Array, outputs: number): void {
    for (let n = 0; n < scores.length; n += outputs) {
      let error = 0
      for (let i = n; i < n + outputs; i++) error += (scores[i]! - expected[i]!) ** 2
      error /= outputs
      this.#count++
      this.#sum += error
      this.#squares += error * error
    }
  }

  result(): Pick<MeasuredFidelity, 'mseError'> {
    const n = this.#count
    if (n < 2) return {}
    const variance = Math.max(0, this.#squares - (this.#sum * this.#sum) / n) / (n - 1)
    return { mseError: Math.sqrt(variance / n) }
  }
}
