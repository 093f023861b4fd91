/** --scale-from: how events are standardised for a drone, and for a teacher whose file does not tell. */
import { existsSync } from 'node:fs'
import { type Command, InvalidArgumentError } from 'commander'
import type { ScaleFrom, ScalingEvents } from '../../jobs/scaling.ts'
import { openScaling } from '../../scaling/read.ts'

/** As the option has it: events, or a file. */
export type ScaleChoice = ScalingEvents | { file: string }

/** @param whose what is standardised, for the help */
export function addScaleOption(command: Command, whose: string): Command {
  return command.option(
    '--scale-from <file|column=value>',
    `how to standardise ${whose}: by mean and scale from a drone or a JSON file, or by mean and deviation of the events of COLUMN=VALUE, or of all`,
    scaleFrom,
  )
}

/** The option of a command that reads no events. @param whose what is standardised, for the help */
export function addScaleFile(command: Command, whose: string): Command {
  return command.option(
    '--scale-from <file>',
    `how to standardise ${whose}: by mean and scale from a drone or a JSON file`,
    (file) => ({ file }),
  )
}

/** A file is what there is, or what ends in .json. */
export function scaleFrom(text: string): ScaleChoice {
  if (text === 'all') return text
  if (/\.json$/i.test(text) || existsSync(text)) return { file: text }
  const at = text.lastIndexOf('=')
  const column = text.slice(0, at).trim()
  const value = text.slice(at + 1).trim()
  if (at > 0 && column !== '' && value !== '' && Number.isFinite(Number(value))) return { column, value: Number(value) }
  throw new InvalidArgumentError('Expected COLUMN=NUMBER or all, or a file: a drone, or JSON of mean and scale.')
}

/** As jobs take it: a file is read before any event is. */
export async function scaleFromOf(from: ScaleChoice | undefined): Promise<ScaleFrom | undefined> {
  const file = scalingFile(from)
  return file === undefined ? (from as ScalingEvents | undefined) : openScaling(file)
}

/** The file that it names, if it names one. */
export function scalingFile(from: ScaleChoice | undefined): string | undefined {
  return typeof from === 'object' && 'file' in from ? from.file : undefined
}
