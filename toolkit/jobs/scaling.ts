/** How events are standardised for a drone, and for a teacher whose file does not tell. */
import { standardised, statistics } from 'nndrone'
import { InputError, OptionError } from '../errors.ts'
import type { EventSource, Loaded } from '../events/index.ts'
import type { DroneModel, Model } from '../models/index.ts'
import { scalingKeptOf } from '../scaling/kept.ts'
import { type Scale, standardising } from '../scaling/scale.ts'
import type { Scaling } from '../scaling/scaling.ts'
import { counted } from '../text.ts'
import type { JobOptions } from './job.ts'

/** The events whose mean and deviation count: those with a value in a column, or all. */
export type ScalingEvents = 'all' | { column: string; value: number }

/** Events, or a scaling that is known before any event is read. */
export type ScaleFrom = ScalingEvents | Scaling

export function isScaling(from: ScaleFrom | undefined): from is Scaling {
  return typeof from === 'object' && 'scales' in from
}

/** Events that mean and deviation are to be taken from. */
export function scalingEvents(from: ScaleFrom | undefined): ScalingEvents | undefined {
  return isScaling(from) ? undefined : from
}

/** The column that has to be read for it. */
export function scaleColumn(from: ScaleFrom | undefined): string | undefined {
  return typeof from === 'object' && 'column' in from ? from.column : undefined
}

/** What was asked for; else what the drone keeps of its teacher, if the model is this very one. */
export function scaleFromDrone(
  model: Model | undefined,
  drone: DroneModel,
  from: ScaleFrom | undefined,
  { onNotice }: JobOptions,
): ScaleFrom | undefined {
  if (from !== undefined || !model) return from
  const kept = scalingKeptOf(model, drone)
  if (kept) {
    onNotice?.(
      `${model.file.path} is the teacher of ${kept.file}, which keeps its mean and scale: events are standardised by them`,
    )
  }
  return kept
}

/** Of fewer events, mean and deviation depend on which they are. */
const FEW = 1000

/**
 * The scale of each feature by the events; says so where they are few.
 * @throws InputError where no event is of the kind
 */
export async function scaleOf(
  source: EventSource,
  loaded: Loaded,
  from: ScalingEvents,
  { onNotice }: JobOptions = {},
): Promise<Scale[]> {
  const width = loaded.events.length / loaded.count
  const rows = rowsOf(source, loaded, from)
  const count = rows?.reduce((sum, row) => sum + row, 0) ?? loaded.count
  if (count < FEW) onNotice?.(tooFew(from, count))
  return (await statistics(loaded.events, width, rows)).map(standardised)
}

function tooFew(from: ScalingEvents, count: number): string {
  const rule = from === 'all' ? from : `${from.column}=${from.value}`
  return `warning: \`scaleFrom\` ${rule} takes mean and deviation from ${counted(count, 'event')} only, and other events give other answers; take them from a drone of this teacher or from a JSON file of mean and scale`
}

function rowsOf(source: EventSource, loaded: Loaded, from: ScalingEvents): Uint8Array | undefined {
  if (from === 'all') return undefined
  const rows = Uint8Array.from(loaded.columns.get(from.column)!, (cell) => Number(cell === from.value))
  if (rows.includes(1)) return rows
  throw new InputError(
    `${source.name}: no event has ${from.column} ${from.value}, which \`scaleFrom\` takes mean and deviation from`,
  )
}

/** @throws OptionError where nothing would be asked with standardised events, though they are wanted */
export function checkScalable(model: Model | undefined, from: unknown): void {
  if (from === undefined || model?.unscaled) return
  const reason = model ? `${model.file.path} knows by itself how events are standardised` : 'there is no teacher to ask'
  throw new OptionError('scaleFrom', reason)
}

/** The model as it is to be asked: with standardised events, where its file does not tell how they were. */
export function scaledTeacher(
  model: Model,
  scales: readonly Scale[] | undefined,
  { onNotice }: JobOptions = {},
): Model {
  if (!model.unscaled) return model
  if (scales) return standardising(model, scales)
  onNotice?.(
    `${model.file.path} does not tell how its inputs were standardised: it gets them as they are (see \`scaleFrom\`)`,
  )
  return model
}
