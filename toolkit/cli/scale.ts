/** --scale-from: how events are standardised for a drone, and for a teacher whose file does not tell. */
import { type Command, InvalidArgumentError } from 'commander'
import { type Numbers, standardised, statistics, type Teacher } from 'nndrone'
import { InputError, UsageError } from '../errors.ts'
import type { EventSource, Loaded } from '../events/index.ts'
import type { Model } from '../models/index.ts'
import { say } from './terminal.ts'

/** The events whose mean and deviation count: those of COLUMN=VALUE, or all. */
export type ScaleFrom = 'all' | { column: string; value: number }

/** Of one input: (x + offset) · scale. */
export interface Scale {
  offset: number
  scale: number
}

/** @param whose what is standardised, for the help */
export function addScaleOption(command: Command, whose: string): Command {
  return command.option(
    '--scale-from <column=value>',
    `standardise ${whose} by mean and deviation of these events alone, or of all`,
    scaleFrom,
  )
}

/** COLUMN=VALUE or `all` */
function scaleFrom(text: string): ScaleFrom {
  if (text === 'all') return text
  const at = text.lastIndexOf('=')
  const column = text.slice(0, at).trim()
  const value = text.slice(at + 1).trim()
  if (at > 0 && column !== '' && value !== '' && Number.isFinite(Number(value))) return { column, value: Number(value) }
  throw new InvalidArgumentError('Expected COLUMN=NUMBER or all.')
}

/** As the option is written. */
export function scaleText(from: ScaleFrom): string {
  return from === 'all' ? from : `${from.column}=${from.value}`
}

/** The column that has to be read for it. */
export function scaleColumn(from: ScaleFrom | undefined): string | undefined {
  return typeof from === 'object' ? from.column : undefined
}

/**
 * The scale of each feature.
 * @throws InputError where no event is of the kind
 */
export async function scaleOf(source: EventSource, loaded: Loaded, from: ScaleFrom): Promise<Scale[]> {
  const width = loaded.events.length / loaded.count
  return (await statistics(loaded.events, width, chosen(source, loaded, from))).map(standardised)
}

function chosen(source: EventSource, loaded: Loaded, from: ScaleFrom): Uint8Array | undefined {
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
export function scaledTeacher(model: Model, scale: readonly Scale[] | undefined): Teacher {
  const { unscaled, file, inputs, outputs } = model
  if (!unscaled) return model
  if (scale) return { inputs, outputs, predictBatch: (events) => model.predictBatch(scaled(events, scale)) }
  say(`${file.path} does not tell how its inputs were standardised: it gets them as they are (see --scale-from)`)
  return model
}

/** Standardised events [n × inputs]. */
export function scaled(events: Numbers, scale: readonly Scale[]): Float64Array {
  const values = new Float64Array(events.length)
  for (let at = 0; at < events.length; at += scale.length) {
    for (const [i, input] of scale.entries()) values[at + i] = (events[at + i]! + input.offset) * input.scale
  }
  return values
}
