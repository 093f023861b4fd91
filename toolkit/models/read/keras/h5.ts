/** `model.h5`, the file of Keras 1.2 and later: configuration and weights in one HDF5 file. */
import type { InputError } from '../../../errors.ts'
import { type HDF5Group, withHDF5 } from '../../keras/hdf5.ts'
import type { Stored } from '../../keras/weights.ts'
import type { ModelFile } from '../../model.ts'
import type { Node } from './config.ts'
import { parsed, type Saved } from './saved.ts'

export function withH5<Result>(
  { bytes }: ModelFile,
  fail: (message: string) => InputError,
  use: (saved: Saved) => Result,
): Promise<Result> {
  return withHDF5(bytes, fail, (root) => use(savedIn(root, fail)))
}

function savedIn(root: HDF5Group, fail: (message: string) => InputError): Saved {
  const weights = root.group('model_weights')
  const config = root.text('model_config')
  if (config === undefined || !weights) {
    const missing = config === undefined ? 'no model_config (weights alone?)' : 'no model_weights'
    throw fail(`HDF5, but not a whole Keras model: ${missing}; save it with model.save(…)`)
  }
  const version = root.text('keras_version') ?? weights.text('keras_version')
  return {
    version,
    backend: version?.startsWith('1.') ? backendOf(weights) : (root.text('backend') ?? weights.text('backend')),
    config: parsed(config, 'model_config', fail),
    stored: (node) => storedOf(weights, node, fail),
  }
}

/** Keras 1 does not tell what it computes with. Names in TensorFlow end with the number of an output, those in Theano do not. */
function backendOf(weights: HDF5Group): string | undefined {
  const names = weights.texts('layer_names').flatMap((layer) => weights.group(layer)?.texts('weight_names') ?? [])
  if (names.length === 0) return undefined
  return names.every((name) => name.endsWith(':0')) ? 'tensorflow' : 'theano'
}

/** A layer has a group of its own, which lists its weights. */
function storedOf(weights: HDF5Group, { name, where }: Node, fail: (message: string) => InputError): Stored[] {
  const group = weights.group(name)
  return (group?.texts('weight_names') ?? []).map((path) => {
    const numbers = group!.numbers(path)
    if (numbers) return numbers
    throw fail(`${where}: weights ${JSON.stringify(path)} are not in the file`)
  })
}
