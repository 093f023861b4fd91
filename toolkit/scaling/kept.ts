/** What a drone keeps of its teacher in its JSON, `nndrone.teacher`: who it was, and how events were standardised for it. */
import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { InputError } from '../errors.ts'
import { Place } from '../models/document.ts'
import type { DroneModel, Model } from '../models/index.ts'
import { repeated } from '../models/names.ts'
import type { Scale } from './scale.ts'
import type { Scaling } from './scaling.ts'

export interface TeacherRecord {
  name: string
  sha256?: string
  /** How its answer was made of its outputs, where it was not these. */
  answer?: string
  scaling?: { name: string; offset: number; scale: number }[]
}

/**
 * The record of a teacher, which tells no path, no host and no command.
 * @param scales of the features, where events were standardised by them
 */
export function teacherRecord(
  model: Model,
  features: readonly string[],
  scales: readonly Scale[] | undefined,
): TeacherRecord {
  const { path, name = basename(path), bytes } = model.file
  const scaling = model.unscaled && scales?.map(({ offset, scale }, i) => ({ name: features[i]!, offset, scale }))
  return {
    name,
    ...(bytes && { sha256: sha256(bytes) }),
    ...(model.answer !== undefined && { answer: model.answer }),
    ...(scaling && { scaling }),
  }
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** How the teacher's answer was made of its outputs, where the drone keeps that. */
export function answerKept(drone: DroneModel): string | undefined {
  const answer = teacherOf(drone)?.get('answer').value
  return typeof answer === 'string' ? answer : undefined
}

/** @throws InputError where the drone keeps none, or where something in it is wrong */
export function keptScaling(drone: DroneModel): Scaling {
  const teacher = teacherOf(drone)
  if (teacher?.has('scaling')) return readKept(teacher.get('scaling'))
  throw new InputError(
    `${drone.file.path}: keeps no mean and scale of a teacher (nndrone.teacher.scaling); take a drone that was distilled from standardised events, or a JSON file of mean and scale`,
  )
}

/** The scaling of this very model, where the drone learnt from it and keeps one. */
export function scalingKeptOf(model: Model, drone: DroneModel): Scaling | undefined {
  const teacher = teacherOf(drone)
  const { bytes } = model.file
  if (!bytes || !model.unscaled || !teacher?.has('scaling')) return undefined
  return teacher.get('sha256').value === sha256(bytes) ? readKept(teacher.get('scaling')) : undefined
}

/** Undefined where it says nothing of a teacher: others write drones, too. */
function teacherOf({ file, drone }: DroneModel): Place | undefined {
  const teacher = new Place(file.path, 'nndrone.teacher', drone.network.nndrone?.teacher)
  return typeof teacher.value === 'object' ? teacher : undefined
}

function readKept(place: Place): Scaling {
  const entries = place.list()
  if (entries.length === 0) place.fail('an entry for each input')
  const names = entries.map((entry) => entry.get('name').text())
  const twice = repeated(names)
  if (twice !== undefined) place.refuse(`${JSON.stringify(twice)} stands twice`)
  const scales = entries.map((entry) => ({ offset: entry.get('offset').number(), scale: factor(entry.get('scale')) }))
  return { file: place.file, names, scales, ordered: true }
}

function factor(place: Place): number {
  return place.number() || place.fail('a finite number other than 0')
}
