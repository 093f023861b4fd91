/** Reads a scaling from a drone, or from a JSON file of mean and scale as scikit-learn's StandardScaler has them. */
import { readFile } from 'node:fs/promises'
import { fileError, InputError } from '../errors.ts'
import { type Place, parseJSON } from '../models/document.ts'
import { DroneModel } from '../models/index.ts'
import type { ModelFile } from '../models/model.ts'
import { keptScaling } from './kept.ts'
import type { Scale } from './scale.ts'
import type { Scaling } from './scaling.ts'

/** @throws InputError where there is no such file, or where something in it is wrong: the file, the place and the value */
export async function openScaling(path: string): Promise<Scaling> {
  const bytes = await readFile(path).catch((error) => {
    throw fileError(path, error)
  })
  return readScaling({ path, bytes })
}

export function readScaling(file: ModelFile): Scaling {
  const begins = file.bytes.toString('utf8', 0, 1024)
  if (!/^(\ufeff)?\s*\{/.test(begins)) {
    throw new InputError(`${file.path}: expected a drone, or a JSON object of mean and scale`)
  }
  const top = parseJSON(file)
  if (top.has('nndrone') || top.has('layers')) return keptScaling(new DroneModel(file))
  return ['mean', 'mean_', 'scale', 'scale_'].some((key) => top.has(key)) ? readColumns(top) : readEntries(top)
}

/** { pt: { mean, scale }, … } */
function readEntries(top: Place): Scaling {
  const entries = top.entries()
  if (entries.length === 0) top.refuse('is empty, expected mean and scale of each input')
  const scales = entries.map(([, entry]) => scaleOf(entry.get('mean'), entry.get('scale')))
  return { file: top.file, names: entries.map(([name]) => name), scales }
}

/** { mean: …, scale: … }: two lists in the order of the inputs, or two objects by name. */
function readColumns(top: Place): Scaling {
  const [mean, scale] = ['mean', 'scale'].map((key) => top.get(top.has(`${key}_`) ? `${key}_` : key)) as [Place, Place]
  const unknown = top.entries().find(([key]) => key !== mean.path && key !== scale.path)
  unknown?.[1].refuse(`is not known beside ${mean.path} and ${scale.path}, leave it out`)
  if (Array.isArray(mean.value)) {
    const means = mean.list()
    if (means.length === 0) mean.fail('a number for each input')
    scale.numbers(means.length)
    const scales = scale.list()
    return { file: top.file, scales: means.map((each, i) => scaleOf(each, scales[i]!)) }
  }
  if (typeof mean.value !== 'object' || mean.value === null) mean.fail('numbers, in a list or by name')
  const names = [...new Set([...mean.entries(), ...scale.entries()].map(([name]) => name))]
  if (names.length === 0) mean.fail('a number for each input')
  return { file: top.file, names, scales: names.map((name) => scaleOf(mean.get(name), scale.get(name))) }
}

/** As StandardScaler does: (x − mean) / scale. */
function scaleOf(mean: Place, deviation: Place): Scale {
  const [offset, divisor] = [-mean.number(), deviation.number()]
  if (!(divisor > 0 && Number.isFinite(1 / divisor))) deviation.fail('a positive number')
  return { offset, scale: 1 / divisor }
}
