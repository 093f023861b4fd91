/** How faithful a drone is to the answers that it learnt. */
import type { Drone } from '../drone.ts'
import { type Fidelity, FidelitySum } from '../metrics.ts'
import type { Data, Split } from './data.ts'
import { inPieces } from './pauses.ts'

/** How faithful the drone is, on the held-out events if there are any, else on those that it was trained with. */
export interface MeasuredFidelity extends Fidelity {
  heldOut: boolean
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
  await inPieces(chosen.length, (from, to) => {
    const rows = new Float64Array((to - from) * width)
    const expected = new Float32Array((to - from) * outputs)
    for (let n = from; n < to; n++) {
      const event = chosen[n]!
      rows.set(events.subarray(event * width, (event + 1) * width), (n - from) * width)
      expected.set(answers.subarray(event * outputs, (event + 1) * outputs), (n - from) * outputs)
    }
    sum.add(drone.predictBatch(rows), expected)
  })
  return { ...sum.result(outputs), heldOut: chosen === heldOut }
}
