/** Trains a drone to answer as a teacher does: on events, on probes, or on both. */
import { auc, type Distilled, type DistillOptions, distill, frontier, smallest, type Teacher } from 'nndrone'
import type { Model } from '../../models/index.ts'
import { teacherRecord } from '../../scaling/kept.ts'
import type { Scale } from '../../scaling/scale.ts'
import { type Classes, classesOf } from '../classes.ts'
import { checkDefaults } from '../defaults.ts'
import { bothKinds } from '../labels.ts'
import { asModel } from '../models.ts'
import type { Pair } from '../pair.ts'
import { tellCoordinates } from '../probe.ts'
import type { ReadingRate } from '../read.ts'
import { scaledTeacher } from '../scaling.ts'
import { pick } from '../tables.ts'
import { type Examples, probesAlone, realEvents } from './events.ts'
import type { LearnOptions } from './options.ts'
import { checkSources } from './sources.ts'

export interface LearnResult extends Distilled {
  /** The columns that the drone sees. */
  features: readonly string[]
  /** Of teacher and drone, on the events that fidelity was measured on; where there are labels of both kinds. */
  auc: Pair | undefined
  /** The same of several outputs, where events are labelled by their class. */
  classes: Classes | undefined
  /** How many probes there were. */
  probes: number
  /** How fast the events were read, where any were. */
  reading: ReadingRate | undefined
  /** Of the training alone; of a frontier, of all its drones. */
  seconds: number
}

/**
 * Trains a drone to answer as a teacher does. The signal ends the training with the best drone so far; before the
 * training, the job rejects with its reason.
 * @throws UsageError where options do not fit together, InputError that names what is wrong in a file or an answer
 * @example
 * const teacher = await openModel('teacher.h5')
 * const events = await openEvents('train.csv', { where: 'pt > 2' })
 * const { drone, fidelity } = await learn({ teacher, events, label: 'label', scaleFrom: 'all' })
 */
export async function learn(options: LearnOptions): Promise<LearnResult> {
  const { mse } = options
  const [result] = await taught(options, async (all) => [await (mse === undefined ? distill(all) : smallest(all, mse))])
  return result!
}

/**
 * Trains a drone of each size, of one hidden layer, all from the same events and questions. The signal ends it with the
 * drones that are done; before the training, the job rejects with its reason.
 * @param sizes numbers of hidden units; 3 to 30 unless given
 * @throws UsageError where options do not fit together, InputError that names what is wrong in a file or an answer
 * @example
 * const drones = await learnFrontier({ teacher, events, holdout: 0.5 })
 * for (const { drone, fidelity } of drones) console.log(drone.parameters, fidelity.mse)
 */
export async function learnFrontier(options: LearnOptions, sizes?: readonly number[]): Promise<LearnResult[]> {
  const results = await taught(options, (all) => frontier(all, sizes))
  return results.filter(({ stopped }) => stopped !== 'aborted')
}

type Make = (options: DistillOptions) => Promise<Distilled[]>

async function taught(options: LearnOptions, make: Make): Promise<LearnResult[]> {
  checkSources(options, options.teacher !== undefined)
  const { target, events: source } = options
  const model = options.teacher && asModel(options.teacher)
  const outputs = model?.outputs ?? (target!.length === 1 ? ['score'] : target!)
  const examples = source ? await realEvents(model, source, options) : probesAlone(model!, options)
  checkDefaults(examples.features, options)
  const recorder = model && recording(examples, scaledTeacher(model, examples.scale, options))
  const trained = await train(examples, outputs, model, recorder?.teacher, options, make)
  const answers = recorder?.answers ?? examples.answers!
  const { features, probes, rate: reading } = examples
  return trained.map((one) => ({ ...one, features, ...toldApart(examples, answers, one), probes, reading }))
}

/** The teacher as `distill` asks it: about the features, in their order. Its answers to the events are kept. */
function recording({ features, events }: Examples, model: Model) {
  const { outputs } = model
  const answers = new Float32Array((events.length / features.length) * outputs.length)
  let length = 0
  const teacher: Teacher = {
    inputs: features,
    outputs,
    async predictBatch(piece) {
      const scores = await model.predictBatch(piece)
      // Questions come after the events, and what is of another length is refused by whoever asked.
      if (length + scores?.length <= answers.length) answers.set(scores, length)
      length += scores?.length
      return scores
    },
  }
  return { answers, teacher }
}

async function train(
  { events, features, scale, holdout, probes, answers, labels }: Examples,
  outputs: readonly string[],
  model: Model | undefined,
  teacher: Teacher | undefined,
  options: LearnOptions,
  make: Make,
): Promise<(Distilled & { seconds: number })[]> {
  const { onProgress, preset, epochs, batchSize, learningRate, loss, growth, seed, engine, signal } = options
  const { hidden, maxHidden, parameters, questions = 0 } = options
  /** The events, and the questions beside them. */
  let left = questions > 0 ? 2 : 1
  let began: number | undefined
  const begin = () => {
    began = performance.now()
    onProgress?.({ stage: 'training', done: 0 })
  }
  if (!teacher) begin()
  const distilled = await make({
    ...{ events, teacher, outputs, holdout, targets: answers, signal },
    ...(questions > 0 && { questions, coordinates: options.coordinates }),
    labels: labels && outputs.length === 1 ? ofAll(labels, events.length / features.length) : undefined,
    ...{ preset, epochs, batchSize, learningRate, loss, hidden, maxHidden, parameters, growth, seed, engine },
    ...{ scaling: options.scaling, outputActivation: options.outputActivation },
    inputs: features.map((name, i) => ({ name, ...inputOf(name, scale?.[i], options) })),
    onAsk(done, total) {
      onProgress?.({ stage: 'asking', done, total })
      if (done < total) return
      left -= 1
      if (left === 0) begin()
    },
    onEpoch: (epoch, total) => onProgress?.({ stage: 'training', done: epoch.epoch, total, epoch }),
    record: {
      teacher: model ? teacherRecord(model, features, scale) : { column: options.target!.join() },
      ...(probes > 0 && { probes }),
      ...options.record,
    },
  })
  if (distilled[0]?.questions) tellCoordinates(distilled[0].questions, options)
  const seconds = (performance.now() - began!) / 1000
  return distilled.map((one) => ({ ...one, seconds }))
}

/** Labels of the real events, which come first; NaN for the probes. */
function ofAll(labels: Float64Array, count: number): Float64Array {
  const all = new Float64Array(count).fill(Number.NaN)
  all.set(labels)
  return all
}

function inputOf(name: string, scale: Scale | undefined, { scaling, default: defaults = {} }: LearnOptions) {
  return {
    // Quantiles are of the drone alone: a teacher was trained with mean and deviation.
    ...(scaling !== 'quantiles' && scale),
    ...(Object.hasOwn(defaults, name) && { default: defaults[name]! }),
  }
}

/** Nothing where there are no labels, or where those of the measured events are all of one kind. */
function toldApart(
  { features, events, labels }: Examples,
  answers: Float32Array,
  { heldOut, drone }: Distilled,
): Pick<LearnResult, 'auc' | 'classes'> {
  const { outputs } = drone
  const width = outputs.length
  const measured = labels ? (heldOut.length > 0 ? heldOut : Uint32Array.from(labels.keys())) : []
  const rows = [...measured].filter((n) => answers.subarray(n * width, (n + 1) * width).every(Number.isFinite))
  if (!labels || rows.length === 0) return { auc: undefined, classes: undefined }
  const both = { teacher: pick(answers, width, rows), drone: drone.predictBatch(pick(events, features.length, rows)) }
  const kinds = pick(labels, 1, rows)
  if (width > 1) return { auc: undefined, classes: classesOf(both, kinds, outputs) }
  if (!bothKinds(kinds)) return { auc: undefined, classes: undefined }
  return { auc: { teacher: auc(both.teacher, kinds), drone: auc(both.drone, kinds) }, classes: undefined }
}
