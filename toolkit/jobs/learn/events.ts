/** The events that a drone learns with: real ones, probes, or both. */
import { Random } from 'nndrone'
import { OptionError } from '../../errors.ts'
import type { EventSource } from '../../events/index.ts'
import type { Model } from '../../models/index.ts'
import { type ProbeOptions, probesLike } from '../../probe/index.ts'
import type { Scale } from '../../scaling/scale.ts'
import { scalesFor } from '../../scaling/scaling.ts'
import { counted, listed } from '../../text.ts'
import { checkCorrelated, checkInputs } from '../answer-columns.ts'
import { columnsOf, inputColumns } from '../columns.ts'
import { checkLabels } from '../labels.ts'
import { probesInRanges, tellCoordinates } from '../probe.ts'
import { type ReadingRate, readEvents } from '../read.ts'
import { isScaling, scaleColumn, scaleOf, scalingEvents } from '../scaling.ts'
import { interleaved, pick } from '../tables.ts'
import { warnOfColumns } from '../warnings.ts'
import type { LearnOptions } from './options.ts'

export interface Examples {
  features: readonly string[]
  /** [events × features], the real ones first. */
  events: Float64Array
  /** Of drone and teacher, where events are standardised for both. */
  scale: readonly Scale[] | undefined
  /** The recorded answers [events × outputs]; undefined where a teacher is to be asked. */
  answers?: Float32Array
  /** Of the real events. */
  labels?: Float64Array
  /** What is not learnt from: a fraction of the events, or the numbers of some, which are real ones alone. */
  holdout: number | Uint32Array
  /** How many there are. */
  probes: number
  rate?: ReadingRate
}

/** The fraction that is held out unless another is given. */
const HOLDOUT = 0.2

/** Probes alone, within ranges. */
export function probesAlone(model: Model, options: LearnOptions): Examples {
  const { range, features, probe: count, probeMethod: method, seed = 1, holdout = HOLDOUT, scaleFrom } = options
  if (scalingEvents(scaleFrom)) {
    throw new OptionError('scaleFrom', 'needs `events` to take mean and deviation from; or name a drone or a JSON file')
  }
  const kept = isScaling(scaleFrom) && scaleFrom.ordered ? scaleFrom.names : undefined
  const chosen = features ?? (model.unnamed ? (kept ?? Object.keys(range!)) : model.inputs)
  if (chosen.length !== model.inputs.length) {
    throw new OptionError(
      'range',
      `${counted(chosen.length, 'feature')}, but ${model.file.path} has ${model.inputs.length} inputs`,
    )
  }
  const { events } = probesInRanges(range!, { features: chosen, method, count: count!, seed }, 'probeMethod')
  return { features: chosen, events, scale: knownScale(chosen, options), holdout, probes: count! }
}

/** The columns that are no features. */
function columnsBeside({ target = [], label, scaleFrom }: FeatureOptions): string[] {
  return [...target, label, scaleColumn(scaleFrom)].filter((column) => column !== undefined)
}

/** What decides on the features where no teacher names them. */
export type FeatureOptions = Pick<LearnOptions, 'features' | 'target' | 'label' | 'scaleFrom' | 'range'>

/** The features where no teacher names them: those that are asked for, or all columns, or all ranges. */
export function featuresOf(source: EventSource | undefined, options: FeatureOptions): readonly string[] {
  if (options.features) return options.features
  if (!source) return Object.keys(options.range!)
  const beside = columnsBeside(options)
  return columnsOf(source).filter((column) => !beside.includes(column))
}

/** Events of a source, and probes like them where those are asked for. */
export async function realEvents(
  model: Model | undefined,
  source: EventSource,
  options: LearnOptions,
): Promise<Examples> {
  const { target = [], label, probe: count, probeMethod: method = 'resample', seed = 1, holdout = HOLDOUT } = options
  const features = featuresFor(model, source, options)
  const known = knownScale(features, options)
  const read = await readEvents(source, features, columnsBeside(options), options, { optional: model?.optional })
  const labels = label === undefined ? undefined : read.columns.get(label)!
  if (labels) checkLabels(source, label!, labels, model?.outputs ?? target)
  warnOfColumns(source, features, read, { constant: true, onNotice: options.onNotice })
  if (!model && !options.features) {
    checkCorrelated(source, features, read, target, options)
    options.onNotice?.(`no \`features\` given: takes the columns ${listed(features)}`)
  }
  const measured = scalingEvents(options.scaleFrom)
  const scale = known ?? (measured && (await scaleOf(source, read, measured, options)))
  const answers = target.length > 0 ? interleaved(target.map((column) => read.columns.get(column)!)) : undefined
  const examples = { features, events: read.events, scale, answers, labels, holdout, probes: 0, rate: read.rate }
  if (count === undefined) return examples
  const probing = { method, count, seed, coordinates: options.coordinates }
  const { events, heldOut, coordinates } = await withProbes(read.events, features, holdout, probing)
  tellCoordinates({ coordinates }, options)
  return { ...examples, events, holdout: heldOut, probes: count }
}

function featuresFor(model: Model | undefined, source: EventSource, options: LearnOptions): readonly string[] {
  if (!model) return featuresOf(source, options)
  const { features, scaleFrom, onNotice } = options
  const known = isScaling(scaleFrom) ? scaleFrom : undefined
  const columns = inputColumns(model, source, { features, beside: columnsBeside(options), known, onNotice })
  if (!features) checkInputs(columns, options, model.file.path)
  return columns
}

/** Scales that need no event. */
function knownScale(columns: readonly string[], { features, scaleFrom }: LearnOptions) {
  return isScaling(scaleFrom) ? scalesFor(scaleFrom, columns, features !== undefined) : undefined
}

/** Real events and probes like those that are learnt from: none of what is held out shows in them. */
async function withProbes(events: Float64Array, features: readonly string[], holdout: number, probing: ProbeOptions) {
  const width = features.length
  const count = events.length / width
  const held = Math.round(count * holdout)
  if (held === count)
    throw new OptionError('holdout', `${holdout} of ${counted(count, 'event')} leaves none to learn from`)
  const order = Uint32Array.from({ length: count }, (_, n) => n)
  new Random(probing.seed).shuffle(order)
  const heldOut = order.subarray(0, held).sort()
  const { events: probes, coordinates } = await probesLike(pick(events, width, order.subarray(held)), features, probing)
  const all = new Float64Array(events.length + probes.length)
  all.set(events)
  all.set(probes, events.length)
  return { events: all, heldOut, coordinates }
}
