/** What a drone is to learn: events, real ones and probes, with the teacher's answers to them. */
import { Random } from 'nndrone'
import { InputError, UsageError } from '../errors.ts'
import type { EventSource } from '../events/index.ts'
import { listed } from '../listed.ts'
import type { Model } from '../models/index.ts'
import { type Method, probesLike } from '../probe/index.ts'
import type { Scale } from '../scaling/scale.ts'
import { type Scaling, scalesFor } from '../scaling/scaling.ts'
import { answersOf } from './asking.ts'
import type { Options } from './distill.ts'
import { checkLabels, checkOneOutput, columnsOf, inputColumns, interleaved, loadShown, pick } from './events.ts'
import { checkFollowers, checkInputs } from './inputs.ts'
import { probesIn, withinMethod } from './probing.ts'
import { scaleColumn, scaledTeacher, scaleOf, scalingEvents } from './scale.ts'
import { counted, say } from './terminal.ts'

export interface Lesson {
  /** [events × features], the real ones first. */
  events: Float64Array
  /** [events × outputs] */
  answers: Float32Array
  /** Of the real events. */
  labels: Float64Array | undefined
  /** Those that are not learnt from: a fraction, or their numbers, which are real ones alone. */
  holdout: number | Uint32Array
  probes: number
  /** How fast the events were read, where any were. */
  pace: string | undefined
  /** Events that the teacher had no answer to, and that are left out. */
  unanswered: number
}

/** All that a run starts from. */
export interface Setting {
  options: Options
  model: Model | undefined
  scale: readonly Scale[] | undefined
  features: readonly string[]
  outputs: readonly string[]
  lesson: Lesson
}

/** Reads the events and asks the teacher; all that is wrong is told before anything is learnt. */
export async function prepared(
  model: Model | undefined,
  source: EventSource | undefined,
  scaling: Scaling | undefined,
  options: Options,
): Promise<Setting> {
  const { target, label, json } = options
  if (model && label !== undefined) checkOneOutput(model.outputs, '--label')
  if (target && label !== undefined) checkOneOutput(target, '--label')
  const { features, scale, ...asked } = source
    ? await real(model, source, scaling, options)
    : invented(model!, scaling, options)
  checkDefaults(features, options)
  const outputs = model?.outputs ?? (target!.length === 1 ? ['score'] : target!)
  const teacher = model && scaledTeacher(model, scale)
  const answers = teacher ? await answersOf(teacher, asked.events, { quiet: json }) : asked.answers!
  const lesson = answered({ ...asked, answers, unanswered: 0 }, features.length, outputs.length)
  if (lesson.events.length === 0) throw new InputError(`${model!.file.path} answers none of the events`)
  return { options, model, scale, features, outputs, lesson }
}

/** Before the teacher was asked. */
interface Question extends Omit<Lesson, 'answers' | 'unanswered'> {
  features: readonly string[]
  scale: readonly Scale[] | undefined
  /** Where they are recorded. */
  answers?: Float32Array
}

/** Probes alone, within ranges. */
function invented(model: Model, scaling: Scaling | undefined, options: Options): Question {
  const { range, features, probe, probeMethod, seed, holdout, scaleFrom } = options
  if (scalingEvents(scaleFrom)) {
    throw new UsageError('--scale-from: there are no --events to take it from; name a drone or a JSON file')
  }
  const kept = scaling?.ordered ? scaling.names : undefined
  const chosen = features ?? (model.unnamed ? (kept ?? [...range!.keys()]) : model.inputs)
  if (chosen.length !== model.inputs.length) {
    throw new UsageError(
      `--range: ${counted(chosen.length, 'feature')}, but ${model.file.path} has ${model.inputs.length} inputs`,
    )
  }
  const events = probesIn(range!, chosen, withinMethod(probeMethod), probe!, seed)
  const scale = scaling && scalesFor(scaling, chosen, features !== undefined)
  return { features: chosen, scale, events, labels: undefined, holdout, probes: probe!, pace: undefined }
}

/** The columns that are no features. */
function besideOf({ target = [], label, scaleFrom }: Options): string[] {
  return [...target, label, scaleColumn(scaleFrom)].filter((column) => column !== undefined)
}

/** The features where no teacher names them: those that are asked for, or all columns, or all ranges. */
export function featuresOf(source: EventSource | undefined, options: Options): readonly string[] {
  if (options.features) return options.features
  if (!source) return [...options.range!.keys()]
  const beside = besideOf(options)
  return columnsOf(source).filter((column) => !beside.includes(column))
}

async function real(
  model: Model | undefined,
  source: EventSource,
  scaling: Scaling | undefined,
  options: Options,
): Promise<Question> {
  const { target = [], label, scaleFrom, probe, probeMethod = 'resample', seed, holdout } = options
  const beside = besideOf(options)
  const features = model ? inputColumns(model, source, options.features, beside, scaling) : featuresOf(source, options)
  if (model && !options.features) checkInputs(model.file.path, features, options)
  const given = scaling && scalesFor(scaling, features, options.features !== undefined)
  const loaded = await loadShown(source, features, beside, options.json, { optional: model?.optional })
  const labels = label === undefined ? undefined : loaded.columns.get(label)!
  if (labels) checkLabels(source, label!, labels)
  if (!model && !options.features) {
    checkFollowers(source, features, loaded, target)
    if (!options.json) say(`no --features given: takes the columns ${listed(features)}`)
  }
  const measured = scalingEvents(scaleFrom)
  const scale = given ?? (measured && (await scaleOf(source, loaded, measured)))
  const answers = target.length > 0 ? interleaved(target.map((column) => loaded.columns.get(column)!)) : undefined
  if (probe === undefined) {
    return { features, scale, events: loaded.events, labels, holdout, probes: 0, answers, pace: loaded.pace }
  }
  const probing = { method: probeMethod, count: probe, seed }
  const { events, heldOut } = await withProbes(loaded.events, features.length, holdout, probing)
  return { features, scale, events, labels, holdout: heldOut, probes: probe, pace: loaded.pace }
}

function checkDefaults(features: readonly string[], options: Options): void {
  const unknown = [...(options.default ?? new Map()).keys()].find((name) => !features.includes(name))
  if (unknown === undefined) return
  throw new UsageError(`--default: ${JSON.stringify(unknown)} is no feature (${features.join(', ')})`)
}

interface Probing {
  method: Method
  count: number
  seed: number
}

/** Real events and probes like those that are learnt from: none of what is held out shows in them. */
async function withProbes(events: Float64Array, width: number, holdout: number, probing: Probing) {
  const count = events.length / width
  const held = Math.round(count * holdout)
  if (held === count) throw new UsageError(`--holdout: ${holdout} of ${count} events leaves none to learn from`)
  const order = Uint32Array.from({ length: count }, (_, n) => n)
  new Random(probing.seed).shuffle(order)
  const heldOut = order.subarray(0, held).sort()
  const probes = await probesLike(pick(events, width, order.subarray(held)), width, probing)
  const all = new Float64Array(events.length + probes.length)
  all.set(events)
  all.set(probes, events.length)
  return { events: all, heldOut }
}

/** Leaves out what the teacher had no answer to. */
function answered(lesson: Lesson, width: number, outputs: number): Lesson {
  const { events, answers, labels, holdout } = lesson
  const count = answers.length / outputs
  const kept = Uint32Array.from({ length: count }, (_, n) => n).filter((n) => {
    return answers.subarray(n * outputs, (n + 1) * outputs).every(Number.isFinite)
  })
  if (kept.length === count) return lesson
  const places = new Map(Array.from(kept, (n, place) => [n, place]))
  return {
    ...lesson,
    events: pick(events, width, kept),
    answers: pick(answers, outputs, kept),
    labels:
      labels &&
      pick(
        labels,
        1,
        kept.filter((n) => n < labels.length),
      ),
    holdout: typeof holdout === 'number' ? holdout : holdout.filter((n) => places.has(n)).map((n) => places.get(n)!),
    unanswered: count - kept.length,
  }
}
