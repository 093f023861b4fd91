/** --scale-from: how events are standardised for a drone, and for a teacher whose file does not tell. */
import { existsSync } from 'node:fs'
import { type Command, InvalidArgumentError } from 'commander'
import { standardised, statistics } from 'nndrone'
import { InputError, UsageError } from '../errors.ts'
import type { EventSource, Loaded } from '../events/index.ts'
import type { DroneModel, Model } from '../models/index.ts'
import { scalingKeptOf } from '../scaling/kept.ts'
import { openScaling } from '../scaling/read.ts'
import { type Scale, standardising } from '../scaling/scale.ts'
import type { Scaling } from '../scaling/scaling.ts'
import { counted, say } from './terminal.ts'

/** The events whose mean and deviation count: those of COLUMN=VALUE, or all. */
export type ScalingEvents = 'all' | { column: string; value: number }

/** As the option has it: events, or a file. */
export type ScaleFrom = ScalingEvents | { file: string }

/** @param whose what is standardised, for the help */
export function addScaleOption(command: Command, whose: string): Command {
  return command.option(
    '--scale-from <file|column=value>',
    `standardise ${whose} as a drone keeps it, or by a JSON file of mean and scale; or by mean and deviation of the events of COLUMN=VALUE, or of all`,
    scaleFrom,
  )
}

/** The option of a command that reads no events. @param whose what is standardised, for the help */
export function addScaleFile(command: Command, whose: string): Command {
  return command.option(
    '--scale-from <file>',
    `standardise ${whose} as a drone keeps it, or by a JSON file of mean and scale`,
    (file) => ({ file }),
  )
}

/** A file is what there is, or what ends in .json. */
export function scaleFrom(text: string): ScaleFrom {
  if (text === 'all') return text
  if (/\.json$/i.test(text) || existsSync(text)) return { file: text }
  const at = text.lastIndexOf('=')
  const column = text.slice(0, at).trim()
  const value = text.slice(at + 1).trim()
  if (at > 0 && column !== '' && value !== '' && Number.isFinite(Number(value))) return { column, value: Number(value) }
  throw new InvalidArgumentError('Expected COLUMN=NUMBER or all, or a file: a drone, or JSON of mean and scale.')
}

/** The column that has to be read for it. */
export function scaleColumn(from: ScaleFrom | undefined): string | undefined {
  return typeof from === 'object' && 'column' in from ? from.column : undefined
}

/** What is known before any event is read: the scaling of the file, where the option names one. */
export async function scalingNamed(from: ScaleFrom | undefined): Promise<Scaling | undefined> {
  const file = scalingFile(from)
  return file === undefined ? undefined : openScaling(file)
}

/** The file that it names, if it names one. */
export function scalingFile(from: ScaleFrom | undefined): string | undefined {
  return typeof from === 'object' && 'file' in from ? from.file : undefined
}

/** Without the option, a teacher is asked with what the drone keeps of it, if it learnt from this very one. */
export async function scalingFor(
  model: Model | undefined,
  drone: DroneModel,
  from: ScaleFrom | undefined,
): Promise<Scaling | undefined> {
  if (from !== undefined) return scalingNamed(from)
  const kept = model && scalingKeptOf(model, drone)
  if (kept)
    say(
      `${model.file.path} is the teacher of ${kept.file}, which keeps its mean and scale: events are standardised by them`,
    )
  return kept
}

/** Events that mean and deviation are to be taken from. */
export function scalingEvents(from: ScaleFrom | undefined): ScalingEvents | undefined {
  return typeof from === 'object' && 'file' in from ? undefined : from
}

/** Of fewer events, mean and deviation depend on which they are. */
const FEW = 1000

/**
 * The scale of each feature by the events; says so where they are few.
 * @throws InputError where no event is of the kind
 */
export async function scaleOf(source: EventSource, loaded: Loaded, from: ScalingEvents): Promise<Scale[]> {
  const width = loaded.events.length / loaded.count
  const rows = chosen(source, loaded, from)
  const count = rows?.reduce((sum, row) => sum + row, 0) ?? loaded.count
  if (count < FEW) say(tooFew(from, count))
  return (await statistics(loaded.events, width, rows)).map(standardised)
}

function tooFew(from: ScalingEvents, count: number): string {
  const rule = from === 'all' ? from : `${from.column}=${from.value}`
  return `warning: --scale-from ${rule} takes mean and deviation from ${counted(count, 'event')} only, and other events give other answers; take them from a drone of this teacher (--scale-from drone.json) or from a JSON file of mean and scale`
}

function chosen(source: EventSource, loaded: Loaded, from: ScalingEvents): Uint8Array | undefined {
  if (from === 'all') return undefined
  const rows = Uint8Array.from(loaded.columns.get(from.column)!, (cell) => Number(cell === from.value))
  if (rows.includes(1)) return rows
  throw new InputError(`${source.name}: no event has ${from.column} ${from.value} (--scale-from)`)
}

/** @throws UsageError where nothing would be asked with standardised events, though they are wanted */
export function checkScalable(model: Model | undefined, from: ScaleFrom | undefined): void {
  if (from === undefined || model?.unscaled) return
  const why = model ? `${model.file.path} knows by itself how events are standardised` : 'there is no TEACHER to ask'
  throw new UsageError(`--scale-from: ${why}`)
}

/** The model as it is to be asked: with standardised events, where its file does not tell how they were. */
export function scaledTeacher(model: Model, scales: readonly Scale[] | undefined): Model {
  if (!model.unscaled) return model
  if (scales) return standardising(model, scales)
  say(`${model.file.path} does not tell how its inputs were standardised: it gets them as they are (see --scale-from)`)
  return model
}
