/** The lengths of events and scores: what drones, swarms and pools check before they score. */
import type { Numbers } from './engines/api.ts'
import { EvaluationError, shown } from './errors.ts'
import { counted } from './model/network.ts'

/**
 * @returns how many events [events × inputs] there are, and room for their scores [events × outputs]: `out`, or new
 * @throws EvaluationError where lengths do not fit
 */
export function checkBatch(
  events: Numbers,
  inputs: readonly string[],
  outputs: number,
  out?: Float32Array,
): { count: number; scores: Float32Array } {
  if (!(events instanceof Float32Array || events instanceof Float64Array)) {
    throw new EvaluationError(`events: ${shown(events)}, expected a Float32Array or a Float64Array`)
  }
  const width = inputs.length
  const count = width === 0 ? 0 : events.length / width
  if (!Number.isInteger(count) || count * width !== events.length) {
    const got = counted(events.length, 'number')
    throw new EvaluationError(`events: ${got}, expected a multiple of ${width} (inputs: ${inputs.join(', ')})`)
  }
  const scores = out ?? new Float32Array(count * outputs)
  if (!(scores instanceof Float32Array) || scores.length !== count * outputs) {
    throw new EvaluationError(`out: ${shown(out)}, expected a Float32Array of ${count * outputs}`)
  }
  return { count, scores }
}

/** How long something is, for a message, or what it is, where it has no length. */
export function lengthOf(value: ArrayLike<unknown> | undefined, noun: string): string {
  return typeof value?.length === 'number' ? counted(value.length, noun) : shown(value)
}
