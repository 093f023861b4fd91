/** Keras 1.2 to 3: a model with its configuration and weights, in an HDF5 file or in a zip. */
import { InputError } from '../../../errors.ts'
import { isHDF5 } from '../../keras/hdf5.ts'
import type { Layer } from '../../keras/layer.ts'
import type { KerasNetwork } from '../../keras/network.ts'
import type { Description, Facts, Model, ModelFile, ModelFormat } from '../../model.ts'
import { numbered } from '../../names.ts'
import { isArchive, withArchive } from './archive.ts'
import { networkOf } from './build.ts'
import { graphOf, type Node } from './config.ts'
import { withH5 } from './h5.ts'
import type { Saved } from './saved.ts'

export const keras: ModelFormat = {
  title: 'Keras (HDF5, .keras)',
  matches: ({ bytes }) => isHDF5(bytes) || isArchive(bytes),
  read: readKeras,
}

/** @throws InputError that names the file, and the place in it that is not known */
export function readKeras(file: ModelFile): Promise<KerasModel> {
  const fail = (message: string) => new InputError(`${file.path}: ${message}`)
  const withSaved = isHDF5(file.bytes) ? withH5 : withArchive
  return withSaved(file, fail, (saved) => modelOf(file, saved, fail))
}

export class KerasModel implements Model {
  readonly file: ModelFile
  readonly network: KerasNetwork
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly optional: ReadonlySet<string> = new Set()
  readonly unnamed = true
  readonly unscaled = true
  readonly #facts: Facts
  readonly #layers: readonly { name: string; class: string }[]

  /** @param layers of the network, by name and class; @param facts that `inspect` tells of the file */
  constructor(file: ModelFile, network: KerasNetwork, layers: readonly Node[], facts: Facts) {
    this.file = file
    this.network = network
    this.inputs = numbered('x', network.inputs)
    this.outputs = network.outputs === 1 ? ['score'] : numbered('score', network.outputs)
    this.#layers = layers.map(({ name, className }) => ({ name, class: className }))
    this.#facts = facts
  }

  predict(event: ArrayLike<number>): Float64Array {
    return this.network.predict(event)
  }

  predictBatch(events: Float32Array | Float64Array): Float32Array {
    return this.network.predictBatch(events)
  }

  describe(): Description {
    const { network, outputs } = this
    return {
      format: 'Keras',
      ...this.#facts,
      parameters: network.parameters,
      inputs: network.input,
      layers: network.layers.map((layer, i) => ({ ...this.#layers[i], output: layer.shape, parameters: count(layer) })),
      outputs,
    }
  }
}

function count({ parameters }: Layer): number {
  return parameters.reduce((sum, values) => sum + values.length, 0)
}

function modelOf(file: ModelFile, saved: Saved, fail: (message: string) => InputError): KerasModel {
  const { version, backend, config, stored } = saved
  const graph = graphOf(config, fail)
  const network = networkOf({ keras: majorOf(version, fail), backend, graph, fail, stored })
  return new KerasModel(file, network, graph.nodes, { version, backend })
}

/** Files of Keras 1 before 1.2 do not tell their version. */
function majorOf(version: string | undefined, fail: (message: string) => InputError): number {
  const major = Number.parseInt(version ?? '1', 10)
  if (major >= 1 && major <= 3) return major
  throw fail(`keras_version ${JSON.stringify(version)} is not known, expected 1 to 3`)
}
