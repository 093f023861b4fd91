/** --efficiency, --rejection and --save-cut: a cut on a drone's score, which its JSON can keep. */
import { stat } from 'node:fs/promises'
import { type Command, InvalidArgumentError } from 'commander'
import { formatJSON, shortest, type WorkingPoint } from 'nndrone'
import { fileError, UsageError } from '../../errors.ts'
import type { CutGoal } from '../../jobs/cuts.ts'
import { readShare } from '../../jobs/discriminator.ts'
import type { DroneModel } from '../../models/index.ts'
import { quoted } from '../../text.ts'
import { checkOutput, writeFile } from '../output.ts'
import { say } from '../view/messages.ts'

export interface CutOptions extends CutGoal {
  saveCut?: string
}

export function addCutOptions(command: Command): Command {
  return command
    .optionsGroup('A cut on the score (an event passes whose score is at least the cut; needs --label):')
    .option('--efficiency <x>', 'the tightest cut that this fraction of the signal passes', share)
    .option('--rejection <x>', 'the loosest cut that rejects this fraction of the background', share)
    .option('--save-cut <name>', "keep this cut in the drone's file by a name: the file DRONE is written anew", cutName)
}

/**
 * Checks that the cut can be kept, before any event is read.
 * @throws UsageError where it cannot
 */
export async function checkSaving(path: string, { saveCut, efficiency, rejection }: CutOptions): Promise<void> {
  if (saveCut === undefined) return
  if (efficiency === undefined && rejection === undefined) {
    throw new UsageError('--save-cut needs --efficiency or --rejection, which says where the cut lies')
  }
  const status = await stat(path).catch((error) => {
    throw fileError(path, error)
  })
  if (!status.isFile()) {
    throw new UsageError(`--save-cut ${saveCut}: ${path} is no file that can be written anew`)
  }
  await checkOutput(path, {}, '--save-cut')
}

/** Writes the drone anew, with the cut in it. */
export async function saveCut(
  { drone, file }: DroneModel,
  name: string,
  cut: WorkingPoint,
  discriminator: string | undefined,
): Promise<void> {
  const before = Object.hasOwn(drone.cuts, name) ? drone.cuts[name]!.threshold : undefined
  const compared = discriminator === undefined ? {} : { output: readShare(discriminator, drone.outputs) }
  drone.setCut(name, { ...cut, ...compared })
  await writeFile(file.path, `${formatJSON(drone.toJSON())}\n`)
  const was = before === undefined ? '' : `; it was ${shortest(before)}`
  say(
    `wrote ${file.path}, which keeps the cut ${quoted(name)} now: ${discriminator ?? 'score'} ≥ ${shortest(cut.threshold)}${was}`,
  )
}

function share(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= 0 && value <= 1) return value
  throw new InvalidArgumentError('Expected a fraction from 0 to 1.')
}

function cutName(text: string): string {
  if (text.trim() === '' || text === '__proto__') throw new InvalidArgumentError('Expected a name.')
  return text
}
