/** Keras 1.2 to 3: a model with its configuration and weights, in an HDF5 file or in a zip. */
import { InputError } from '../../../errors.ts'
import type { Chain } from '../../chain.ts'
import { isHDF5 } from '../../keras/hdf5.ts'
import type { Layer } from '../../keras/layer.ts'
import type { KerasNetwork } from '../../keras/network.ts'
import { size } from '../../keras/shape.ts'
import type { Description, Facts, Model, ModelFile, ModelFormat } from '../../model.ts'
import { numbered } from '../../names.ts'
import { columnNames, type Port } from '../../ports.ts'
import { isArchitecture, withArchitecture } from './architecture.ts'
import { isArchive, withArchive } from './archive.ts'
import { networkOf } from './build.ts'
import { chainOf } from './chain.ts'
import { type Graph, graphOf } from './config.ts'
import { withH5 } from './h5.ts'
import type { Saved } from './saved.ts'

export const keras: ModelFormat = {
  matches: (file) => isHDF5(file.bytes) || isArchive(file.bytes) || isArchitecture(file),
  read: readKeras,
}

/** @throws InputError that names the file, and the place in it that is not known */
export function readKeras(file: ModelFile): Promise<KerasModel> {
  const fail = (message: string) => new InputError(`${file.path}: ${message}`)
  const withSaved = isHDF5(file.bytes) ? withH5 : isArchive(file.bytes) ? withArchive : withArchitecture
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
  readonly #graph: Graph
  readonly #keras: number

  /** @param graph that the network was made of; @param facts that `inspect` tells of the file */
  constructor(file: ModelFile, network: KerasNetwork, graph: Graph, keras: number, facts: Facts) {
    const { inputs, nodes, outputs } = graph
    this.#graph = graph
    this.#keras = keras
    this.file = file
    this.network = network
    this.inputs = namesOf(
      'x',
      inputs.map(({ name, shape }) => ({ name, columns: size(shape) })),
    )
    const heads = outputs.map((at, k) => ({ name: nodes[at]!.name, columns: network.outputSizes[k]! }))
    this.outputs = network.outputs === 1 ? ['score'] : namesOf('score', heads)
    this.#layers = nodes.map(({ name, className }) => ({ name, class: className }))
    this.#facts = facts
  }

  predict(event: ArrayLike<number>): Float64Array {
    return this.network.predict(event)
  }

  predictBatch(events: Float32Array | Float64Array): Float32Array {
    return this.network.predictBatch(events)
  }

  chain(): Chain {
    return chainOf(this.file.path, this.#graph, this.network, this.#keras)
  }

  describe(): Description {
    const { network, outputs } = this
    return {
      format: 'Keras',
      ...this.#facts,
      parameters: network.parameters,
      inputs: network.inputShapes.length === 1 ? network.inputShapes[0] : this.inputs,
      layers: network.layers.map((layer, i) => ({ ...this.#layers[i], output: layer.shape, parameters: count(layer) })),
      outputs,
    }
  }
}

/** Columns of one tensor are numbered; those of several have its name. */
function namesOf(letter: string, ports: readonly Port[]): string[] {
  return ports.length === 1 ? numbered(letter, ports[0]!.columns) : columnNames(ports)
}

function count({ parameters }: Layer): number {
  return parameters.reduce((sum, values) => sum + values.length, 0)
}

function modelOf(file: ModelFile, saved: Saved, fail: (message: string) => InputError): KerasModel {
  const { version, backend, config, stored } = saved
  const graph = graphOf(config, fail)
  const keras = majorOf(version, fail)
  const network = networkOf({ keras, backend, graph, fail, stored })
  return new KerasModel(file, network, graph, keras, { version, backend })
}

/** Files of Keras 1 before 1.2 do not tell their version. */
function majorOf(version: string | undefined, fail: (message: string) => InputError): number {
  const major = Number.parseInt(version ?? '1', 10)
  if (major >= 1 && major <= 3) return major
  throw fail(`keras_version ${JSON.stringify(version)} is not known, expected 1 to 3`)
}
