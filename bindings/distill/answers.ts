/** The teacher's answers to the events: asked in pieces, and checked before anything is learnt from them. */
import { ConfigurationError, EvaluationError, shown } from '../errors.ts'
import { counted } from '../model/network.ts'
import type { Plan } from './plan.ts'
import { PIECE, Turns } from './pauses.ts'

/**
 * The targets [count × outputs] of a plan.
 * @throws ConfigurationError or EvaluationError that names the event and the value
 */
export async function targetsOf(plan: Plan): Promise<Float32Array> {
  const targets = plan.targets ? given(plan, plan.targets) : await asked(plan)
  await check(plan, targets)
  return targets
}

function given({ count, outputs }: Plan, targets: ArrayLike<number>): Float32Array {
  if (targets.length !== count * outputs.length) {
    const shape = `${counted(count, 'event')} × ${counted(outputs.length, 'output')}`
    throw new ConfigurationError(
      `targets: ${counted(targets.length, 'number')}, expected ${count * outputs.length} (${shape})`,
    )
  }
  return floats(targets)
}

/** What is no number becomes NaN: a typed array would turn '0.5' into 0.5 and null into 0. */
function floats(answers: ArrayLike<number>): Float32Array {
  if (answers instanceof Float32Array) return answers
  return Float32Array.from(answers, (answer) => (typeof answer === 'number' ? answer : Number.NaN))
}

async function asked({ teacher, events, names, outputs, count, signal }: Plan): Promise<Float32Array> {
  const width = names.length
  const targets = new Float32Array(count * outputs.length)
  await new Turns().pieces(count, PIECE, async (from, to) => {
    signal?.throwIfAborted()
    const answers = await teacher!.predictBatch(events.subarray(from * width, to * width))
    const expected = (to - from) * outputs.length
    if (answers?.length !== expected) {
      const shape = `${to - from} events × ${counted(outputs.length, 'output')}`
      throw new EvaluationError(`the teacher gave ${shown(answers?.length)} answers, expected ${expected} (${shape})`)
    }
    targets.set(floats(answers), from * outputs.length)
  })
  return targets
}

/** A sigmoid or softmax can answer from 0 to 1 only; nothing can learn what is not finite. */
async function check({ outputs, outputActivation }: Plan, targets: Float32Array): Promise<void> {
  const bounded = outputActivation === 'sigmoid' || outputActivation === 'softmax'
  await new Turns().pieces(targets.length, 1 << 16, (from, to) => {
    for (let i = from; i < to; i++) {
      const target = targets[i]!
      if (Number.isFinite(target) && !(bounded && (target < 0 || target > 1))) continue
      const where = `target ${shown(outputs[i % outputs.length])} of event ${Math.floor(i / outputs.length)}`
      const expected = Number.isFinite(target)
        ? `expected 0 to 1 (the output is ${outputActivation}; a linear one can give any number)`
        : 'expected a finite number'
      throw new EvaluationError(`${where}: ${shown(target)}, ${expected}`)
    }
  })
}
