/** Events as callers give them, and what drones, swarms and pools refuse of them. */
import type { Numbers } from './engines/api.ts'
import { counted, EvaluationError, lengthOf, shown } from './errors.ts'

/** The values of one event in the order of the drone's inputs; null or undefined is a missing one. */
export type Row = ArrayLike<number | null | undefined>

/** An event as it is read: the values by the names of the drone's inputs; other keys do not matter. */
export type EventRecord = Readonly<Record<string, unknown>>

/** Whether an event is a row; else it is a record. */
export function isRow(event: unknown): event is Row {
  return Array.isArray(event) || ArrayBuffer.isView(event)
}

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

/** @throws EvaluationError where there is not room for exactly so many scores */
export function checkOut(out: ArrayLike<number>, outputs: number): void {
  if (out?.length !== outputs) throw new EvaluationError(`out: ${lengthOf(out, 'number')}, expected ${outputs}`)
}

/** @throws EvaluationError where an event by names is no object */
export function checkRecord(event: EventRecord, inputs: readonly string[]): void {
  if (typeof event === 'object' && event !== null) return
  throw new EvaluationError(`event: ${shown(event)}, expected an object with ${inputs.join(', ')}`)
}

/** A value that was read from a record. A key that only the prototype has, such as "constructor", is an absent one. */
export function ownValue(event: EventRecord, name: string, value: unknown): unknown {
  return Object.hasOwn(event, name) ? value : undefined
}

/** @throws EvaluationError where a value that is not a number is not a missing one either */
export function checkMissing(input: string, value: unknown): void {
  if (value === null || value === undefined) return
  throw new EvaluationError(`${shown(input)}: ${shown(value)}, expected a number`)
}

export function refuseLength(event: Row, inputs: readonly string[]): never {
  const expected = `${inputs.length} (${inputs.join(', ')})`
  throw new EvaluationError(`event: ${lengthOf(event, 'value')}, expected ${expected}`)
}

export function refuseDisposed(what: 'drone' | 'swarm'): never {
  throw new EvaluationError(`this ${what} was disposed`)
}
