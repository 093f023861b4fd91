/** A teacher's answers to many events. */
import type { Numbers, Teacher } from 'nndrone'
import { InputError } from '../errors.ts'
import { progress } from './progress.ts'
import { counted } from './terminal.ts'

/** Events that are asked about at once. */
const PIECE = 4096

/**
 * Asks about some events.
 * @param events [n × inputs]
 * @returns [n × outputs]; NaN where the teacher has no answer
 * @throws InputError where it gives another number of answers than there are events
 */
export async function ask(teacher: Teacher, events: Numbers): Promise<Float32Array> {
  const { inputs, outputs } = teacher
  const count = events.length / inputs.length
  const answers = await teacher.predictBatch(events)
  if (outputs.length > 0 && answers.length === count * outputs.length) return answers
  const expected = outputs.length === 0 ? 'at least one for each' : count * outputs.length
  throw new InputError(
    `the teacher gave ${counted(answers.length, 'answer')} to ${counted(count, 'event')}, expected ${expected}`,
  )
}

/** Asks about a piece of the events after the other, with a bar. */
export async function answersOf(
  teacher: Teacher,
  events: Float64Array,
  { quiet }: { quiet?: boolean } = {},
): Promise<Float32Array> {
  const [inputs, outputs] = [teacher.inputs.length, teacher.outputs.length]
  const count = events.length / inputs
  const answers = new Float32Array(count * outputs)
  const bar = progress('asking the teacher', count, quiet)
  try {
    for (let from = 0; from < count; from += PIECE) {
      const to = Math.min(from + PIECE, count)
      answers.set(await ask(teacher, events.subarray(from * inputs, to * inputs)), from * outputs)
      bar.update(to)
      // The answers may come at once: timers and Ctrl-C have their turn all the same.
      await new Promise(setImmediate)
    }
  } finally {
    bar.stop()
  }
  return answers
}

/** How far the answers to an event may be from 1 in sum, and still be probabilities of classes. */
const SUM = 1e-3

/** What the last layer has to be to give such answers: softmax and sigmoid give 0 to 1, linear anything. */
export function kindOf(answers: Float32Array, outputs: number): 'sigmoid' | 'softmax' | 'linear' {
  if (answers.some((answer) => answer < 0 || answer > 1)) return 'linear'
  if (outputs === 1) return 'sigmoid'
  for (let at = 0; at < answers.length; at += outputs) {
    const sum = answers.subarray(at, at + outputs).reduce((a, b) => a + b, 0)
    if (Math.abs(sum - 1) > SUM) return 'sigmoid'
  }
  return 'softmax'
}
