/** Opens models of any known format. */
import { readFile } from 'node:fs/promises'
import { fileError, InputError, UsageError } from '../errors.ts'
import type { Model, ModelFile, ModelFormat } from './model.ts'
import { DroneModel, drone } from './read/drone.ts'
import { keras } from './read/keras/index.ts'
import { lightgbm } from './read/lightgbm.ts'
import { lwtnn } from './read/lwtnn/index.ts'
import { module } from './read/module.ts'
import { onnx } from './read/onnx/index.ts'
import { tmva } from './read/tmva/index.ts'
import { xgboost } from './read/xgboost/index.ts'

/** Each asked in turn whether the file is its own. */
const FORMATS: readonly ModelFormat[] = [xgboost, lightgbm, tmva, lwtnn, module, drone, keras, onnx]

/** @throws InputError where there is no such file, or nothing in it that is known */
export async function openModel(path: string): Promise<Model> {
  const bytes = await readFile(path).catch((error) => {
    throw fileError(path, error)
  })
  return readModel({ path, bytes })
}

/** @throws InputError where it is of no known format, or not as its format has it */
export async function readModel(file: ModelFile): Promise<Model> {
  const format = FORMATS.find((format) => format.matches(file))
  if (format) return format.read(file)
  const problem = file.bytes.length === 0 ? 'empty' : (foreign(file) ?? 'not a model that is known')
  throw new InputError(
    `${file.path}: ${problem}, expected a drone, or a model of Keras (HDF5, .keras), XGBoost (JSON, UBJ), LightGBM (text), TMVA (XML), lwtnn (JSON), ONNX or a module (.mjs)`,
  )
}

/** What else people have at hand, and what to do with it. */
const FOREIGN: readonly [start: string, what: string][] = [
  ['\x80', 'a Python pickle, which only Python reads; save the model in the format of its framework'],
  ['binf', "XGBoost's old binary format, which is not read; save it as JSON"],
  ['PK\x03\x04', 'a zip archive of no known model; export a PyTorch model as ONNX'],
]

function foreign({ bytes }: ModelFile): string | undefined {
  return FOREIGN.find(([start]) => bytes.toString('latin1', 0, start.length) === start)?.[1]
}

/** @throws UsageError where the model is another than a drone */
export async function openDrone(path: string): Promise<DroneModel> {
  const model = await openModel(path)
  if (model instanceof DroneModel) return model
  throw new UsageError(`${path}: expected a drone`)
}
