/** Answers that someone else's program gives, checked before anything is learnt from them. */
import { shown } from 'nndrone'
import { InputError } from '../errors.ts'

/**
 * Numbers of a list, NaN where an event has no answer.
 * @param where names the teacher
 * @throws InputError where there are more or fewer than expected, or one is infinite or no number
 */
export function checkedAnswers(
  where: string,
  answers: unknown,
  events: number,
  outputs: readonly string[],
): Float32Array {
  const list = Array.isArray(answers) || ArrayBuffer.isView(answers) ? (answers as ArrayLike<unknown>) : undefined
  const expected = `${events * outputs.length} numbers (${events} events × ${outputs.length})`
  if (!list) throw new InputError(`${where}: the answer is ${shown(answers)}, expected an array of ${expected}`)
  if (list.length !== events * outputs.length) {
    throw new InputError(`${where}: ${list.length} answers, expected ${expected}`)
  }
  const scores = new Float32Array(list.length)
  for (let i = 0; i < list.length; i++) scores[i] = checkedAnswer(where, list[i], i, outputs)
  return scores
}

/** @param i counts through all outputs of all events */
export function checkedAnswer(where: string, answer: unknown, i: number, outputs: readonly string[]): number {
  if (typeof answer === 'number' && Math.abs(Math.fround(answer)) !== Number.POSITIVE_INFINITY) return answer
  const place = `${JSON.stringify(outputs[i % outputs.length])} of event ${Math.floor(i / outputs.length)} (from 0)`
  throw new InputError(`${where}: ${place}: ${shown(answer)}, expected a finite number`)
}

/** Numbers of pieces, one piece after the other. @param make the array that holds them all */
export function concatenated<Part extends Uint8Array | Float32Array | Float64Array>(
  make: new (length: number) => Part,
  parts: readonly Part[],
): Part {
  const all = new make(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
