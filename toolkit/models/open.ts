/** Opens models of any known format. */
import { readFile } from 'node:fs/promises'
import { fileError, InputError, UsageError } from '../errors.ts'
import { FORMATS, type FormatId } from './formats.ts'
import type { Model, ModelFile, ModelFormat } from './model.ts'
import { DroneModel } from './read/drone.ts'

/** @throws InputError where there is no such file, or nothing in it that is known */
export async function openModel(path: string): Promise<Model> {
  const bytes = await readFile(path).catch((error) => {
    throw fileError(path, error)
  })
  return readModel({ path, bytes })
}

/** @throws InputError where it is of no known format, or not as its format has it */
export async function readModel(file: ModelFile): Promise<Model> {
  const id = formatOf(file)
  if (id) return FORMATS[id].read(file)
  const problem = file.bytes.length === 0 ? 'empty' : (foreign(file) ?? 'not a model that is known')
  throw new InputError(`${file.path}: ${problem}, expected ${known()}`)
}

/** The content tells the format; the name does where the content cannot. */
export function formatOf(file: ModelFile): FormatId | undefined {
  const formats = Object.entries(FORMATS) as [FormatId, ModelFormat][]
  const found =
    formats.find(([, format]) => format.matches?.(file)) ?? formats.find(([, { ending }]) => ending?.test(file.path))
  return found?.[0]
}

function known(): string {
  const { drone, ...others } = FORMATS
  const titles = Object.values(others).map(({ title }) => title)
  return `${drone.title}, or a model of ${titles.slice(0, -1).join(', ')} or ${titles.at(-1)}`
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
