/** Opens models of any known format. */
import { readFile } from 'node:fs/promises'
import { fileError, InputError, UsageError } from '../errors.ts'
import { DroneModel, drone } from './drone.ts'
import { keras } from './keras.ts'
import type { Model, ModelFormat } from './model.ts'

export { DroneModel } from './drone.ts'
export type { Description, Model } from './model.ts'

/** Each asked in turn whether the file is its own. */
const FORMATS: readonly ModelFormat[] = [drone, keras]

/** @throws InputError where there is no such file, or nothing in it that is known */
export async function openModel(path: string): Promise<Model> {
  const bytes = await readFile(path).catch((error) => {
    throw fileError(path, error)
  })
  const file = { path, bytes }
  const format = FORMATS.find((format) => format.matches(file))
  if (!format)
    throw new InputError(
      `${path}: ${bytes.length === 0 ? 'empty' : 'not a model that is known'}, expected a drone (JSON)`,
    )
  return format.read(file)
}

/** @throws UsageError where the model is another than a drone */
export async function openDrone(path: string): Promise<DroneModel> {
  const model = await openModel(path)
  if (model instanceof DroneModel) return model
  throw new UsageError(`${path}: expected a drone`)
}
