/** What a teacher is asked beyond the events: about others like those that are trained with. */
import { Random } from '../../arithmetic/random.ts'
import type { Activation } from '../../model/activations.ts'
import { type Answers, answersTo, isBounded } from '../answers.ts'
import type { Data, Split } from '../data.ts'
import type { DistillOptions } from '../options.ts'
import { inPieces } from '../pauses.ts'
import type { Further } from '../run.ts'
import { resampledBy } from './resample.ts'
import { thinOut } from './thin.ts'

/** What was asked beyond the events. */
export interface Questions {
  asked: number
  /** How many of the answers were learnt from. */
  learnt: number
  /** How each input was moved; see `resample`. */
  coordinates: readonly string[]
}

/** Answers that are learnt from, and what all of them together weigh at most, in units of an event. */
const MOST_LEARNT = 30_000
const MOST_WEIGHT = 40_000

/** None of the held-out events shows in the questions. */
export async function furtherExamples(
  data: Data,
  { training }: Split,
  outputs: readonly string[],
  outputActivation: Activation,
  options: DistillOptions,
): Promise<{ further: Further; questions: Questions }> {
  const { questions: asked = 0, coordinates: given, teacher, signal, onAsk, seed = 1 } = options
  const random = new Random(seed)
  const real = await rowsOf(data, training)
  const { events, coordinates } = await resampledBy(real, data.names, { count: asked, coordinates: given }, random)
  const asking = { ...data, events, count: asked }
  const answers = await answersTo(asking, outputs, { teacher, signal, onAsk })
  const bounded = isBounded(outputActivation)
  const able = bounded ? await probable(answers, outputs.length) : answers.answered
  const { chosen, weights } = await thinOut(answers.values, outputs.length, able, MOST_LEARNT, bounded, random)
  const further = await chosenOf(asking, answers, outputs.length, chosen)
  const each = Math.min(1, MOST_WEIGHT / asked)
  return {
    further: { ...further, weights: weights.map((weight) => each * weight) },
    questions: { asked, learnt: chosen.length, coordinates },
  }
}

async function rowsOf({ events, names }: Data, chosen: Uint32Array): Promise<Float64Array> {
  const width = names.length
  const rows = new Float64Array(chosen.length * width)
  await inPieces(chosen.length, (from, to) => {
    for (let k = from; k < to; k++) rows.set(events.subarray(chosen[k]! * width, (chosen[k]! + 1) * width), k * width)
  })
  return rows
}

/** The numbers of the answers that are probabilities, as those to the events are. */
async function probable({ values, answered }: Answers, outputs: number): Promise<Uint32Array> {
  const able: number[] = []
  await inPieces(answered.length, (from, to) => {
    for (const n of answered.subarray(from, to)) {
      let i = n * outputs
      while (i < (n + 1) * outputs && values[i]! >= 0 && values[i]! <= 1) i++
      if (i === (n + 1) * outputs) able.push(n)
    }
  })
  return Uint32Array.from(able)
}

async function chosenOf(data: Data, { values }: Answers, outputs: number, chosen: Uint32Array) {
  const targets = new Float32Array(chosen.length * outputs)
  for (const [k, n] of chosen.entries()) targets.set(values.subarray(n * outputs, (n + 1) * outputs), k * outputs)
  return { events: await rowsOf(data, chosen), targets }
}
