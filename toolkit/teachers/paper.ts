/** The teacher of the paper (Benson and Gizdov, arXiv:1712.09114): 4,111 parameters for 6 inputs, 7,081 for 17. */
import { Random } from 'nndrone'
import { SIGMOID } from '../models/keras/activation.ts'
import type { TrainableLayer } from '../models/keras/layer.ts'
import { Dense } from '../models/keras/layers/dense.ts'
import { LocallyConnected1D } from '../models/keras/layers/locally-connected.ts'
import { GlobalMaxPooling } from '../models/keras/layers/pooling.ts'
import type { Shape } from '../models/keras/shape.ts'
import type { KerasChain, KerasNode } from '../models/write/keras/chain.ts'

const FILTERS = 90
const KERNEL = 2
const HIDDEN = 30

export interface PaperTeacher extends KerasChain {
  input: Shape
  layers: readonly TrainableLayer[]
}

/** The untrained teacher of so many inputs: kernels uniform in ±√(6 / (fan in + fan out)) (Glorot), biases 0. */
export function paperTeacher(inputs: number, seed: number): PaperTeacher {
  const random = new Random(seed)
  const positions = inputs - KERNEL + 1
  const kernel = (count: number, fanIn: number, fanOut: number) => {
    const limit = Math.sqrt(6 / (fanIn + fanOut))
    return new Float64Array(count).map(() => (2 * random.uniform() - 1) * limit)
  }
  const dense = (before: number, units: number) =>
    new Dense([], kernel(before * units, before, units), new Float64Array(units), SIGMOID)
  // Keras takes the positions for the size of the kernel, so that both fans count them.
  const local = kernel(positions * KERNEL * FILTERS, positions * KERNEL, positions * FILTERS)
  const layers = [
    new LocallyConnected1D([positions, FILTERS], 1, local, new Float64Array(positions * FILTERS), SIGMOID),
    new GlobalMaxPooling(FILTERS),
    dense(FILTERS, HIDDEN),
    dense(HIDDEN, 1),
  ]
  return { input: [inputs, 1], layers, nodes: nodesOf(inputs) }
}

function nodesOf(inputs: number): KerasNode[] {
  const sigmoid = { activation: 'sigmoid', use_bias: true }
  const local = { filters: FILTERS, kernel_size: [KERNEL], strides: [1], padding: 'valid', ...sigmoid }
  const layers: [string, string, KerasNode['options']][] = [
    ['LocallyConnected1D', 'locally_connected1d_1', { batch_input_shape: [null, inputs, 1], ...local }],
    ['GlobalMaxPooling1D', 'global_max_pooling1d_1', {}],
    ['Dense', 'dense_1', { units: HIDDEN, ...sigmoid }],
    ['Dense', 'dense_2', { units: 1, ...sigmoid }],
  ]
  return layers.map(([className, name, options]) => ({ className, name, options: { name, ...options } }))
}
