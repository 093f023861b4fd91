/** Training: the events go into the engine, and a run begins. */
import type { LearningEngine, TrainingSet } from '../engines/api.ts'
import type { Network } from '../model/network.ts'
import { Growing } from './growing.ts'
import { inPieces, PIECE } from './pauses.ts'
import { type Examples, sizeOf, type Training, type TrainingResult } from './run.ts'
import { Shrinking } from './shrinking.ts'

/** Trains `network`, which stays as it is; it is in the engine for as long as that takes. */
export async function train(
  engine: LearningEngine,
  network: Network,
  examples: Examples,
  training: Training,
): Promise<TrainingResult> {
  const resident = engine.place(network)
  let set: TrainingSet | undefined
  try {
    set = resident.trainingSet(sizeOf(examples))
    await fill(set, examples)
    const { pace, schedule, random, signal } = training
    if (schedule.recipe) return await new Shrinking(engine, network, resident, set, schedule.recipe, training).finish()
    const learning = schedule.preset.method({ resident, set, random, signal }, pace)
    return await new Growing(training, resident, learning, network.outputs.length).finish()
  } finally {
    set?.release()
    resident.release()
  }
}

async function fill(set: TrainingSet, examples: Examples): Promise<void> {
  const { further } = examples
  if (!further) return fillWithChosen(set, examples)
  // All weigh 1 in the mean, so that losses and rates are what they are without weights.
  const total = further.weights.reduce((sum, weight) => sum + weight, examples.chosen.length)
  const unit = sizeOf(examples) / total
  await fillWithChosen(set, examples, unit)
  const { events, targets, weights } = further
  const [width, outputs] = [events.length / weights.length, targets.length / weights.length]
  await inPieces(weights.length, (from, to) => {
    const each = weights.subarray(from, to).map((weight) => unit * weight)
    const answers = targets.subarray(from * outputs, to * outputs)
    set.append(events.subarray(from * width, to * width), answers, to - from, each)
  })
}

/** @param weight of each event */
async function fillWithChosen(set: TrainingSet, { data, chosen, targets }: Examples, weight = 1): Promise<void> {
  const { events, names, count } = data
  const width = names.length
  const outputs = targets.length / count
  const rows = new Float64Array(Math.min(PIECE, chosen.length) * width)
  const answers = new Float32Array(Math.min(PIECE, chosen.length) * outputs)
  const weights = new Float32Array(Math.min(PIECE, chosen.length)).fill(weight)
  await inPieces(chosen.length, (from, to) => {
    for (let n = from; n < to; n++) {
      const event = chosen[n]!
      const at = n - from
      for (let i = 0; i < width; i++) rows[at * width + i] = events[event * width + i]!
      for (let i = 0; i < outputs; i++) answers[at * outputs + i] = targets[event * outputs + i]!
    }
    set.append(rows.subarray(0, (to - from) * width), answers.subarray(0, (to - from) * outputs), to - from, weights)
  })
}
