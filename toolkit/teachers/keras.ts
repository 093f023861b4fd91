/** Keras 1.2 to 2: a model with its configuration and weights in one HDF5 file. */
import type { File } from 'h5wasm'
import { InputError } from '../errors.ts'
import { graphOf, type Node } from './keras/config.ts'
import { child, isHDF5, stored, text, texts, withHDF5 } from './keras/hdf5.ts'
import type { Layer } from './keras/layer.ts'
import { type KerasNetwork, networkOf } from './keras/network.ts'
import type { Stored } from './keras/weights.ts'
import type { Description, Model, ModelFile, ModelFormat } from './model.ts'

export const keras: ModelFormat = {
  matches: ({ bytes }) => isHDF5(bytes),
  read: readKeras,
}

/** @throws InputError that names the file, and the place in it that is not known */
export function readKeras(file: ModelFile): Promise<KerasModel> {
  return withHDF5(file, (hdf5) => read(file, hdf5))
}

export class KerasModel implements Model {
  readonly file: ModelFile
  readonly network: KerasNetwork
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly optional: ReadonlySet<string> = new Set()
  readonly unnamed = true
  readonly unscaled = true
  readonly #facts: Description
  readonly #layers: readonly { name: string; class: string }[]

  /** @param layers of the network, by name and class; @param facts that `inspect` tells of the file */
  constructor(file: ModelFile, network: KerasNetwork, layers: readonly Node[], facts: Description) {
    this.file = file
    this.network = network
    this.inputs = Array.from({ length: network.inputs }, (_, i) => `x${i}`)
    this.outputs = network.outputs === 1 ? ['score'] : Array.from({ length: network.outputs }, (_, i) => `score${i}`)
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

function read(file: ModelFile, hdf5: File): KerasModel {
  const fail = (message: string) => new InputError(`${file.path}: ${message}`)
  const weights = child(hdf5, 'model_weights')
  const config = text(hdf5, 'model_config')
  if (config === undefined || !weights) {
    const missing = config === undefined ? 'no model_config (weights alone?)' : 'no model_weights'
    throw fail(`HDF5, but not a whole Keras model: ${missing}; save it with model.save(…)`)
  }
  const version = text(hdf5, 'keras_version') ?? text(weights, 'keras_version')
  const graph = graphOf(parsed(config, fail), fail)
  const network = networkOf({ keras: majorOf(version), graph, fail, stored: (node) => storedOf(node) })
  return new KerasModel(file, network, graph.nodes, { version, backend: text(hdf5, 'backend') })

  function storedOf({ name, where }: Node): Stored[] {
    const group = child(weights!, name)
    if (!group) return []
    return texts(group, 'weight_names').map((path) => stored(group, path, (message) => fail(`${where}: ${message}`)))
  }
}

/** Files of Keras 1 before 1.2 do not tell their version. */
function majorOf(version: string | undefined): number {
  return Number.parseInt(version ?? '1', 10)
}

function parsed(config: string, fail: (message: string) => InputError): unknown {
  try {
    return JSON.parse(config)
  } catch {
    throw fail('model_config is not JSON')
  }
}
