/** Asks models about events. */
import { setImmediate as turn } from 'node:timers/promises'
import type { Numbers, Teacher } from 'nndrone'
import { type AtOnce, andThen } from '../at-once.ts'
import { InputError } from '../errors.ts'
import { counted } from '../text.ts'
import type { JobOptions } from './job.ts'

/** Events that are asked about at once. */
export const PIECE = 4096

/**
 * Asks about some events.
 * @param events [n × inputs]
 * @returns [n × outputs], at once where the teacher answers so; NaN where it has no answer
 * @throws InputError where it gives another number of answers than there are events
 */
export function ask(teacher: Teacher, events: Numbers): AtOnce<Float32Array> {
  return andThen(teacher.predictBatch(events), (answers) => checked(teacher, events, answers))
}

function checked({ inputs, outputs }: Teacher, events: Numbers, answers: Float32Array): Float32Array {
  const count = events.length / inputs.length
  const expected = count * outputs.length
  if (answers?.length === expected) return answers
  throw new InputError(
    `the teacher gave ${counted(answers?.length ?? 0, 'answer')} to ${counted(count, 'event')}, expected ${expected}`,
  )
}

/** Asks about many events in pieces. */
export async function askInPieces(
  teacher: Teacher,
  events: Float64Array,
  { onProgress, signal }: JobOptions = {},
): Promise<Float32Array> {
  const [inputs, outputs] = [teacher.inputs.length, teacher.outputs.length]
  const total = events.length / inputs
  const answers = new Float32Array(total * outputs)
  for (let from = 0; from < total; from += PIECE) {
    signal?.throwIfAborted()
    const done = Math.min(from + PIECE, total)
    answers.set(await ask(teacher, events.subarray(from * inputs, done * inputs)), from * outputs)
    onProgress?.({ stage: 'asking', done, total })
    // The answers may come at once: timers and signals have their turn all the same.
    await turn()
  }
  return answers
}
