/** Writes a Keras model as Keras 2 does: configuration and weights in one HDF5 file. */
import type { Group } from 'h5wasm'
import { writtenHDF5 } from '../../keras/h5wasm.ts'
import type { Layer } from '../../keras/layer.ts'
import type { Values } from '../../keras/shape.ts'

/** Whose layout the file has. */
const VERSION = '2.2.4'

const PARAMETERS = ['kernel', 'bias']

/** Layers one after the other: their numbers, and what Keras says of them. */
export interface KerasChain {
  layers: readonly Pick<Layer, 'parameters' | 'shape'>[]
  nodes: readonly KerasNode[]
  /** How many numbers an event has, where a layer of its own says so: Keras 3 mistakes what the first of Keras 2 says. */
  inputs?: number
}

export interface KerasNode {
  className: string
  name: string
  options: Readonly<Record<string, unknown>>
}

/** The bytes of the file. @param made how it was made, where it is to say that */
export function encodeKeras(chain: KerasChain, made?: string): Promise<Uint8Array> {
  return writtenHDF5((file) => {
    const layers = [...inputLayer(chain), ...chain.nodes].map((node) => {
      return { class_name: node.className, config: node.options }
    })
    const config = { class_name: 'Sequential', config: { name: 'sequential_1', layers } }
    writeTexts(file, 'model_config', JSON.stringify(config))
    writeVersion(file)
    if (made !== undefined) writeTexts(file, 'nndrone', made)
    writeWeights(file.create_group('model_weights'), chain)
  })
}

function inputLayer({ inputs }: KerasChain): KerasNode[] {
  if (inputs === undefined) return []
  const options = { batch_input_shape: [null, inputs], dtype: 'float32', sparse: false, name: 'input_1' }
  return [{ className: 'InputLayer', name: 'input_1', options }]
}

/** Keras looks for it beside the configuration, and again beside the weights. */
function writeVersion(group: Group): void {
  writeTexts(group, 'keras_version', VERSION)
  writeTexts(group, 'backend', 'tensorflow')
}

/** Texts of a fixed length are those that any version of Keras and h5py can read. None at all are no numbers. */
function writeTexts(group: Group, name: string, texts: string | string[]): void {
  const longest = Math.max(...[texts].flat().map((text) => text.length))
  if (texts.length === 0) group.create_attribute(name, new Float64Array(0), [0])
  else group.create_attribute(name, texts, undefined, `S${longest}`)
}

function writeWeights(weights: Group, { nodes, layers }: KerasChain): void {
  const names = nodes.map((node) => node.name)
  writeTexts(weights, 'layer_names', names)
  writeVersion(weights)
  for (const [i, { parameters, shape }] of layers.entries()) {
    const group = weights.create_group(names[i]!)
    const paths = parameters.map((_, k) => `${names[i]}/${PARAMETERS[k]}:0`)
    writeTexts(group, 'weight_names', paths)
    if (paths.length > 0) group.create_group(names[i]!)
    for (const [k, values] of parameters.entries()) {
      group.create_dataset({ name: paths[k]!, data: Float32Array.from(values), shape: shapeOf(values, shape, k) })
    }
  }
}

/** Of the parameters of a layer whose output is [units] or [positions × units]: the bias, or the kernel. */
function shapeOf(values: Values, output: readonly number[], k: number): number[] {
  if (k === 1) return [...output]
  const units = output.at(-1)!
  const before = output.slice(0, -1)
  return [...before, values.length / units / (before[0] ?? 1), units]
}
