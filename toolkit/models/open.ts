/** Opens models of any known format. */
import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { fileError, InputError, UsageError } from '../errors.ts'
import { unknown } from '../files/beginning.ts'
import { checkFolder, foreign } from './foreign.ts'
import { FORMATS, type FormatId } from './formats.ts'
import type { Model, ModelFile, ModelFormat, ReadOptions } from './model.ts'
import { DroneModel } from './read/drone.ts'

/**
 * Opens the file of a model. ONNX models and modules run in a process of their own, which ends with this one, or before
 * by `close`.
 * @throws InputError where there is no such file, or nothing in it that is known
 */
export async function openModel(path: string, options: ReadOptions = {}): Promise<Model> {
  const bytes = await readFile(path).catch((error) => {
    if (error.code === 'EISDIR') checkFolder(path)
    throw fileError(path, error)
  })
  return readModel({ path, bytes }, options)
}

/** @throws InputError where it is of no known format, or not as its format has it */
export async function readModel(given: ModelFile, options: ReadOptions = {}): Promise<Model> {
  const file = unzipped(given)
  const hint = foreign(file)
  if (hint) throw new InputError(`${file.path}: ${hint}`)
  const id = formatOf(file)
  if (id) return FORMATS[id].read(file, options)
  throw new InputError(`${file.path}: ${unknown(file.bytes, 'a model')}`)
}

/** What a file packed by gzip may unpack to, in bytes. */
const LARGEST = 1 << 29

/** The file itself, where it is packed by gzip. */
function unzipped({ bytes, ...rest }: ModelFile): ModelFile {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return { bytes, ...rest }
  try {
    return { ...rest, bytes: gunzipSync(bytes, { maxOutputLength: LARGEST }) }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const reason = code === 'ERR_BUFFER_TOO_LARGE' ? `it unpacks to more than ${LARGEST} bytes` : message
    throw new InputError(`${rest.path}: packed by gzip, but ${reason}`)
  }
}

/** The content tells the format; the name does where the content cannot. */
export function formatOf(file: ModelFile): FormatId | undefined {
  const formats = Object.entries(FORMATS) as [FormatId, ModelFormat][]
  const found =
    formats.find(([, format]) => format.matches?.(file)) ?? formats.find(([, { ending }]) => ending?.test(file.path))
  return found?.[0]
}

/** @throws UsageError where the model is another than a drone */
export async function openDrone(path: string): Promise<DroneModel> {
  const model = await openModel(path)
  if (model instanceof DroneModel) return model
  await model.close?.()
  const way = 'make one of it: nndrone distill for any model, nndrone import for a small net of dense layers'
  throw new UsageError(`${path}: expected a drone, which this model is not; ${way}`)
}
