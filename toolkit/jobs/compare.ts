/** Measures how faithfully a drone answers: against its teacher, another drone, or recorded answers. */
import type { Drone, Share, Teacher } from 'nndrone'
import { OptionError, UsageError } from '../errors.ts'
import type { EventSource } from '../events/index.ts'
import type { DroneModel, Model } from '../models/index.ts'
import { answerKept } from '../scaling/kept.ts'
import { scalesFor } from '../scaling/scaling.ts'
import { counted } from '../text.ts'
import { checkInputs } from './answer-columns.ts'
import { askInPieces } from './ask.ts'
import { inputColumns } from './columns.ts'
import { type Comparison, comparisonOf, outsideDomain, rankingOf, scoredByBoth } from './comparison.ts'
import { type CutGoal, checkGoal, cutFor, GOALS, possibleCutFor } from './cuts.ts'
import { readShare } from './discriminator.ts'
import type { JobOptions } from './job.ts'
import { bothKinds, checkLabels } from './labels.ts'
import { asDroneModel, asModel } from './models.ts'
import { type EventsRead, readEvents } from './read.ts'
import {
  checkScalable,
  isScaling,
  type ScaleFrom,
  scaleColumn,
  scaledTeacher,
  scaleFromDrone,
  scaleOf,
  scalingEvents,
} from './scaling.ts'
import { type Slicing, slicesOf } from './slices.ts'
import { interleaved, pick, project } from './tables.ts'
import { warnOfColumns } from './warnings.ts'

/** With a goal, the cut on the drone's score is told that reaches it; that needs `label`. */
export interface CompareOptions extends JobOptions, CutGoal {
  drone: Drone | DroneModel
  /** The model to compare with; or the columns of its answers with `target`. */
  teacher?: Teacher | Model
  target?: readonly string[]
  events: EventSource
  /**
   * A column of 1 for signal and 0 for background, or of several outputs the number of the class, from 0: compares how
   * well they are told apart.
   */
  label?: string
  /** Of several outputs: the share that tells two kinds of classes apart, as `b / (b + c)`. The goal is one of its cuts. */
  discriminator?: string
  /** Columns in the order of the models' inputs, where they have other names. */
  features?: readonly string[]
  /** How events are standardised for the teacher; as the drone keeps it, if this is the one it learnt from, unless given. */
  scaleFrom?: ScaleFrom
  /** A column, which may be an input too: measures apart the events of different values of it. */
  by?: Slicing
}

/**
 * Measures the differences of two sets of answers, and how well each tells signal from background.
 * @throws UsageError where options do not fit together, InputError that names what is wrong in a file or an answer
 * @example
 * const { mse, auc } = await compare({ drone, teacher, events: await openEvents('test.csv'), label: 'label' })
 */
export async function compare(options: CompareOptions): Promise<Comparison> {
  const { target, label, features, by, events: source } = options
  checkAgainst(options, options.teacher !== undefined)
  const drone = asDroneModel(options.drone)
  const model = options.teacher && asModel(options.teacher)
  checkScalable(model, options.scaleFrom)
  const scaleFrom = scaleFromDrone(model, drone, options.scaleFrom, options)
  checkOutputs(drone, model, options)
  const share = shareAskedFor(drone, options)
  const beside = [...(target ?? []), label, scaleColumn(scaleFrom)].filter((column) => column !== undefined)
  const { own, others } = columnsOfBoth(drone, model, { ...options, scaleFrom }, beside)
  const scales = isScaling(scaleFrom) ? scalesFor(scaleFrom, others, features !== undefined) : undefined
  const sliced = by ? [by.column] : []
  const all = [...new Set([...own, ...others, ...sliced])]
  const optional = new Set([...drone.optional, ...(model?.optional ?? []), ...sliced])
  const read = await readEvents(source, all, beside, options, { optional })
  warnOfColumns(source, all, read, { optional, onNotice: options.onNotice })
  const labels = label === undefined ? undefined : read.columns.get(label)!
  if (labels) checkLabels(source, label!, labels, drone.outputs)
  const events = project(read.events, all, own)
  const teachersEvents: EventsRead = { ...read, events: project(read.events, all, others) }
  const measured = scalingEvents(scaleFrom)
  const ask = async () => {
    const scale = scales ?? (measured && (await scaleOf(source, teachersEvents, measured, options)))
    return askInPieces(scaledTeacher(model!, scale, options), teachersEvents.events, options)
  }
  const answers = {
    teacher: model ? await ask() : interleaved(target!.map((column) => read.columns.get(column)!)),
    drone: drone.predictBatch(events),
    labels,
    outside: outsideDomain(drone, events),
  }
  const { outputs } = drone
  const scored = scoredByBoth(answers, outputs.length, source.name)
  const ranking = rankingOf(answers, outputs, share)
  if (ranking && !bothKinds(ranking.labels)) {
    throw new OptionError('discriminator', `${source.name} has no events of both sides of it`, options.discriminator)
  }
  return {
    ...comparisonOf(scored, outputs, share),
    cut: ranking && cutFor(ranking.drone, ranking.labels, options),
    cutOfTeacher: ranking && possibleCutFor(ranking.teacher, ranking.labels, options),
    by: by && slicesOf(scored, pick(project(read.events, all, sliced), 1, scored.events), outputs.length, by),
  }
}

/** @throws OptionError where it does not fit the outputs, or where a goal needs one */
function shareAskedFor({ outputs }: DroneModel, options: CompareOptions): Share | undefined {
  const { discriminator, label } = options
  const goal = GOALS.find((name) => options[name] !== undefined)
  if (discriminator === undefined) {
    if (goal && outputs.length > 1) {
      throw new OptionError(goal, `of ${outputs.length} outputs needs \`discriminator\`, a share as b / (b + c)`)
    }
    return undefined
  }
  if (outputs.length === 1) throw new OptionError('discriminator', 'needs a drone of several outputs', discriminator)
  if (label === undefined) throw new UsageError('`discriminator` needs `label`, which tells the class')
  return readShare(discriminator, outputs)
}

/**
 * @param taught whether there is a teacher to compare with
 * @throws UsageError where there is nothing to compare with, or too much
 */
export function checkAgainst(options: Sources, taught: boolean): void {
  if (!taught && options.target === undefined) {
    throw new UsageError('no teacher given; name one, or a column of recorded answers with `target`')
  }
  checkSources(options, taught)
}

type Sources = Pick<CompareOptions, 'target' | 'features' | 'label' | keyof CutGoal>

/** @throws UsageError where there are two things to compare with, or where an answer is an input */
export function checkSources(options: Sources, taught: boolean): void {
  if (taught && options.target !== undefined) {
    throw new UsageError('a teacher cannot be combined with `target`; compare with only one of them')
  }
  checkGoal(options, options.label)
  if (options.features) checkInputs(options.features, options)
}

export function checkOutputs(
  drone: DroneModel,
  model: Model | undefined,
  { target }: Pick<CompareOptions, 'target'>,
): void {
  const outputs = drone.outputs.length
  if (model && model.outputs.length !== outputs) {
    const answer = answerKept(drone)
    const hint =
      answer !== undefined && model.answer === undefined ? `; the drone learnt another answer: ${answer}` : ''
    throw new UsageError(
      `${drone.file.path} has ${counted(outputs, 'output')}, ${model.file.path} ${model.outputs.length}${hint}`,
    )
  }
  if (target && target.length !== outputs) {
    throw new OptionError(
      'target',
      `${counted(target.length, 'column')}, but ${drone.file.path} has ${counted(outputs, 'output')}`,
    )
  }
}

/** The columns that hold the inputs of the drone, and of the teacher. */
export function columnsOfBoth(
  drone: DroneModel,
  model: Model | undefined,
  options: Omit<CompareOptions, 'drone' | 'teacher'>,
  beside: string[],
) {
  const { events, features, scaleFrom, onNotice } = options
  const own = inputColumns(drone, events, { features, beside, onNotice })
  if (!features) checkInputs(own, options, drone.file.path)
  if (!model) return { own, others: [] }
  // A teacher that does not name its inputs is given those of the drone, if there are as many.
  const alike = model.inputs.length === own.length
  const fromFile = isScaling(scaleFrom) ? scaleFrom : undefined
  const known = alike ? { file: drone.file.path, names: own, ordered: true } : fromFile
  const others = inputColumns(model, events, { features, beside, known, onNotice })
  if (!features) checkInputs(others, options, model.file.path)
  return { own, others }
}
