/** The answers to learn: recorded ones, or those of a teacher, who is asked in pieces; each is checked. */
import { counted, EvaluationError, shown } from '../errors.ts'
import type { Activation } from '../model/activations.ts'
import type { Teacher } from '../model/teacher.ts'
import type { Data } from './data.ts'
import type { DistillOptions } from './options.ts'
import { inPieces } from './pauses.ts'

export interface Answers {
  /** [count × outputs]; what is not finite is no answer. */
  values: Float32Array
  /** The numbers of the events of which every output has an answer. */
  answered: Uint32Array
}

/**
 * @throws EvaluationError that names the event and the value; where the signal aborts while the teacher is asked, its
 * reason
 */
export async function answersTo(
  data: Data,
  outputs: readonly string[],
  options: Pick<DistillOptions, 'targets' | 'teacher' | 'signal' | 'onAsk'>,
): Promise<Answers> {
  const { targets, teacher } = options
  const values = targets ? numbersOf(targets, outputs, 0) : await ask(teacher!, data, outputs, options)
  const answered = await finiteRows(values, outputs.length)
  if (answered.length > 0) return { values, answered }
  const whose = targets ? 'targets' : 'the teacher'
  throw new EvaluationError(`${whose}: no finite answer to any of ${counted(data.count, 'event')}`)
}

async function ask(
  teacher: Teacher,
  { events, count, names }: Data,
  outputs: readonly string[],
  { signal, onAsk }: Pick<DistillOptions, 'signal' | 'onAsk'>,
): Promise<Float32Array> {
  const values = new Float32Array(count * outputs.length)
  await inPieces(count, async (from, to) => {
    signal?.throwIfAborted()
    const piece = await teacher.predictBatch(events.subarray(from * names.length, to * names.length))
    const expected = (to - from) * outputs.length
    if (piece?.length !== expected) {
      const shape = `${counted(to - from, 'event')} × ${counted(outputs.length, 'output')}`
      throw new EvaluationError(`the teacher gave ${shown(piece?.length)} answers, expected ${expected} (${shape})`)
    }
    values.set(numbersOf(piece, outputs, from), from * outputs.length)
    onAsk?.(to, count)
  })
  signal?.throwIfAborted()
  return values
}

/**
 * Answers as numbers; null and undefined are none. A typed array would turn '0.5' into 0.5 and null into 0.
 * @param first the number of the first event, for the message
 */
function numbersOf(answers: ArrayLike<unknown>, outputs: readonly string[], first: number): Float32Array {
  if (answers instanceof Float32Array) return answers
  return Float32Array.from(answers, (answer, i) => {
    if (typeof answer === 'number') return answer
    if (answer === null || answer === undefined) return Number.NaN
    throw new EvaluationError(`${placeOf(i, outputs, first)}: ${shown(answer)}, expected a number`)
  })
}

function placeOf(i: number, outputs: readonly string[], first = 0): string {
  return `target ${shown(outputs[i % outputs.length])} of event ${first + Math.floor(i / outputs.length)}`
}

async function finiteRows(values: Float32Array, outputs: number): Promise<Uint32Array> {
  const count = values.length / outputs
  const rows = new Uint32Array(count)
  let length = 0
  await inPieces(count, (from, to) => {
    for (let n = from; n < to; n++) {
      let i = n * outputs
      while (i < (n + 1) * outputs && Number.isFinite(values[i])) i++
      if (i === (n + 1) * outputs) rows[length++] = n
    }
  })
  return rows.subarray(0, length)
}

/** Whether an output of this activation can only lie between 0 and 1. */
export function isBounded(activation: Activation): boolean {
  return activation === 'sigmoid' || activation === 'softmax'
}

/** @throws EvaluationError where the last layer can never give an answer */
export async function checkRange(
  { values, answered }: Answers,
  outputs: readonly string[],
  activation: Activation,
): Promise<void> {
  if (!isBounded(activation)) return
  await inPieces(answered.length, (from, to) => {
    for (const n of answered.subarray(from, to)) {
      for (let i = n * outputs.length; i < (n + 1) * outputs.length; i++) {
        if (values[i]! >= 0 && values[i]! <= 1) continue
        const expected = `expected 0 to 1 (the output is ${activation}; a linear one can give any number)`
        throw new EvaluationError(`${placeOf(i, outputs)}: ${shown(values[i])}, ${expected}`)
      }
    }
  })
}

/** Whether all answers are 0 or 1, and both of them. */
export async function areLabels({ values, answered }: Answers, outputs: number): Promise<boolean> {
  let [zeros, ones, others] = [false, false, false]
  await inPieces(answered.length, (from, to) => {
    for (const n of answered.subarray(from, to)) {
      for (let i = n * outputs; i < (n + 1) * outputs; i++) {
        if (values[i] === 0) zeros = true
        else if (values[i] === 1) ones = true
        else others = true
      }
    }
  })
  return zeros && ones && !others
}

/** How far the answers to an event may be from 1 in sum, and still be probabilities of classes. */
const SUM = 1e-3

/** The activation of a last layer that can give such answers: softmax and sigmoid give 0 to 1, linear anything. */
export async function activationFor({ values, answered }: Answers, outputs: number): Promise<Activation> {
  let bounded = true
  let shares = outputs > 1
  await inPieces(answered.length, (from, to) => {
    for (const n of answered.subarray(from, to)) {
      let sum = 0
      for (let i = n * outputs; i < (n + 1) * outputs; i++) {
        if (values[i]! < 0 || values[i]! > 1) bounded = false
        sum += values[i]!
      }
      if (Math.abs(sum - 1) > SUM) shares = false
    }
  })
  if (!bounded) return 'linear'
  return shares ? 'softmax' : 'sigmoid'
}
