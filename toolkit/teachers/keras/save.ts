/** Writes a Keras model as Keras 2 does: configuration and weights in one HDF5 file. */
import type { File } from 'h5wasm'
import { writtenHDF5 } from './hdf5.ts'
import type { Values } from './layer.ts'
import type { PaperTeacher } from './paper.ts'

/** Whose layout the file has. */
const VERSION = '2.2.4'

const PARAMETERS = ['kernel', 'bias']

/** The bytes of the file. */
export function saved(teacher: PaperTeacher): Promise<Uint8Array> {
  return writtenHDF5((file) => {
    const layers = teacher.nodes.map((node) => ({ class_name: node.className, config: node.options }))
    file.create_attribute('model_config', JSON.stringify({ class_name: 'Sequential', config: { layers } }))
    file.create_attribute('keras_version', VERSION)
    file.create_attribute('backend', 'tensorflow')
    writeWeights(file, teacher)
  })
}

function writeWeights(file: File, { nodes, layers }: PaperTeacher): void {
  const weights = file.create_group('model_weights')
  weights.create_attribute(
    'layer_names',
    nodes.map((node) => node.name),
  )
  for (const [i, { parameters, shape }] of layers.entries()) {
    const { name } = nodes[i]!
    const group = weights.create_group(name)
    const paths = parameters.map((_, k) => `${name}/${PARAMETERS[k]}:0`)
    // Without weights there would be no list to write.
    if (paths.length === 0) continue
    group.create_attribute('weight_names', paths)
    group.create_group(name)
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
