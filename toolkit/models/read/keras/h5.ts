/** HDF5 files of Keras 1.2 and later: `model.h5` has configuration and weights, `weights.h5` the weights alone. */
import type { InputError } from '../../../errors.ts'
import { type HDF5Group, withHDF5 } from '../../keras/hdf5.ts'
import type { ModelFile } from '../../model.ts'
import { architectureBeside } from './architecture.ts'
import { parsed, type Saved } from './saved.ts'
import { listedWeights, weightsOf } from './stored.ts'

type Fail = (message: string) => InputError

export async function withH5<Result>(file: ModelFile, fail: Fail, use: (saved: Saved) => Result): Promise<Result> {
  const { bytes, path } = file
  // What lies beside it is looked for first: a file that is open is not waited with.
  const beside = await architectureBeside(path)
  return withHDF5(bytes, fail, (root) => {
    if (root.text('model_config') !== undefined) return use(savedIn(root, fail))
    if (!hasWeights(root)) throw fail("HDF5, but no Keras model; save it whole: model.save('model.h5')")
    if (beside) return use({ ...beside, stored: weightsOf(root, fail) })
    const hint =
      "write model.to_json() to a file of the same name and .json beside it, or save it whole: model.save('model.h5')"
    throw fail(`the weights of a Keras model without its architecture; ${hint}`)
  })
}

function savedIn(root: HDF5Group, fail: Fail): Saved {
  const weights = root.group('model_weights')
  if (!weights) throw fail("HDF5, but not a whole Keras model: no model_weights; save it with model.save('model.h5')")
  const version = root.text('keras_version') ?? weights.text('keras_version')
  return {
    version,
    backend: version?.startsWith('1.') ? backendOf(weights) : (root.text('backend') ?? weights.text('backend')),
    config: parsed(root.text('model_config')!, 'model_config', fail),
    stored: listedWeights(weights, fail),
  }
}

function hasWeights(root: HDF5Group): boolean {
  return (
    root.texts('layer_names').length > 0 ||
    ['model_weights', 'layers', '_layer_checkpoint_dependencies'].some((name) => root.group(name))
  )
}

/** Keras 1 does not tell what it computes with. Names in TensorFlow end with the number of an output, those in Theano do not. */
function backendOf(weights: HDF5Group): string | undefined {
  const names = weights.texts('layer_names').flatMap((layer) => weights.group(layer)?.texts('weight_names') ?? [])
  if (names.length === 0) return undefined
  return names.every((name) => name.endsWith(':0')) ? 'tensorflow' : 'theano'
}
