/** An architecture as `model.to_json()` writes it, and the weights that `model.save_weights()` writes beside it. */
import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { InputError } from '../../../errors.ts'
import { isJSONWith, parseJSON } from '../../document.ts'
import { isHDF5, withHDF5 } from '../../keras/hdf5.ts'
import type { ModelFile } from '../../model.ts'
import { MODELS, plain } from './entry.ts'
import type { Saved } from './saved.ts'
import { weightsOf } from './stored.ts'

export function isArchitecture(file: ModelFile): boolean {
  return isJSONWith(file, 'class_name', 'config') && MODELS.some((name) => file.bytes.includes(`"${name}"`))
}

type Architecture = Omit<Saved, 'stored'>

function architectureIn(file: ModelFile): Architecture {
  const config = parseJSON(file).value
  const { keras_version: version, backend } = plain(config)
  return {
    // Keras 3 does not tell its version, but the modules of its classes.
    version: typeof version === 'string' ? version : plain(config).module === undefined ? '2' : '3',
    backend: typeof backend === 'string' ? backend : undefined,
    config,
  }
}

type Fail = (message: string) => InputError

export async function withArchitecture<Result>(
  file: ModelFile,
  fail: Fail,
  use: (saved: Saved) => Result,
): Promise<Result> {
  const architecture = architectureIn(file)
  const found = await firstOf(weightsNames(file.path))
  if (!found || !isHDF5(found.bytes)) {
    const [name] = weightsNames(basename(file.path))
    throw fail(
      `the architecture of a Keras model without its weights; save them beside it: model.save_weights('${name}'), or save it whole: model.save('model.h5')`,
    )
  }
  const failWeights = (message: string) => new InputError(`${found.path}: ${message}`)
  return withHDF5(found.bytes, failWeights, (root) => use({ ...architecture, stored: weightsOf(root, failWeights) }))
}

/** The architecture that belongs to a file of weights, where there is one. */
export async function architectureBeside(path: string): Promise<Architecture | undefined> {
  const found = await firstOf(architectureNames(path))
  return found && isArchitecture(found) ? architectureIn(found) : undefined
}

async function firstOf(paths: readonly string[]): Promise<ModelFile | undefined> {
  for (const path of paths) {
    const bytes = await readFile(path).catch(() => undefined)
    if (bytes) return { path, bytes }
  }
  return undefined
}

const ARCHITECTURE = /(architecture|arch|model)(?=[^\\/]*$)/i

/** How people name the weights of `model.json` and of `architecture.json`. */
function weightsNames(path: string): string[] {
  const stem = path.replace(/\.json$/i, '')
  const names = [`${stem}_weights.h5`, `${stem}.weights.h5`, `${stem}.h5`, `${stem}_weights.hdf5`]
  const renamed = stem.replace(ARCHITECTURE, 'weights')
  if (renamed !== stem) names.push(`${renamed}.h5`, `${renamed}.hdf5`)
  return [...names, join(dirname(path), 'weights.h5'), join(dirname(path), 'model.weights.h5')]
}

/** What was trained further has more parts in its name: `jets_pruned_weights.h5` may be weights of `jets.json`. */
function architectureNames(path: string): string[] {
  const stem = path.replace(/\.(h5|hdf5|keras)$/i, '')
  const bare = stem.replace(/[._-]?weights(?=[^\\/]*$)/i, '')
  const others = ['architecture', 'arch', 'model'].map((name) => stem.replace(/weights(?=[^\\/]*$)/i, name))
  const names = [stem, bare, ...others, `${bare}_architecture`, join(dirname(path), 'architecture')]
  for (let rest = bare; /_[^\\/_]*$/.test(rest); names.push(rest)) rest = rest.replace(/_[^\\/_]*$/, '')
  return names.filter((name) => !/[\\/]$|^$/.test(name)).map((name) => `${name}.json`)
}
