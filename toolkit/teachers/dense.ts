/** Teachers of dense layers: a classifier of several classes, an autoencoder. */
import { Random } from 'nndrone'
import { type Activation, SOFTMAX, TRAINABLE } from '../models/keras/activation.ts'
import type { TrainableLayer } from '../models/keras/layer.ts'
import { Dense } from '../models/keras/layers/dense.ts'
import type { Shape } from '../models/keras/shape.ts'
import type { KerasChain } from '../models/write/keras/chain.ts'

export type ActivationName = keyof typeof TRAINABLE | 'softmax'

export interface DenseTeacher extends KerasChain {
  input: Shape
  layers: readonly TrainableLayer[]
  activations: readonly ActivationName[]
}

/**
 * The untrained teacher: kernels uniform in ±√(6 / (fan in + fan out)) (Glorot), biases 0.
 * @param widths the inputs, then the units of each layer
 * @param activations of each layer; a softmax can only be the last, and is trained by CATEGORICAL
 */
export function denseTeacher(
  widths: readonly number[],
  activations: readonly ActivationName[],
  seed: number,
): DenseTeacher {
  const random = new Random(seed)
  const layers = activations.map((name, k) => {
    const [before, units] = [widths[k]!, widths[k + 1]!]
    const limit = Math.sqrt(6 / (before + units))
    const kernel = new Float64Array(before * units).map(() => (2 * random.uniform() - 1) * limit)
    return new Dense([], kernel, new Float64Array(units), activationOf(name))
  })
  const nodes = activations.map((activation, k) => {
    const name = `dense_${k + 1}`
    const shape = k === 0 ? { batch_input_shape: [null, widths[0]] } : {}
    const options = { name, ...shape, units: widths[k + 1], activation, use_bias: true }
    return { className: 'Dense', name, options }
  })
  return { input: [widths[0]!], layers, nodes, activations }
}

/** The slope of a softmax is in that of its loss. */
function activationOf(name: ActivationName): Activation {
  return name === 'softmax' ? { apply: SOFTMAX.apply, slope: () => 1 } : TRAINABLE[name]
}
