/** Writes a drone as a model of Keras 2 or 3: dense layers alone, with offset and scale folded into the first. */
import type { Layer, Network } from 'nndrone'
import { InputError } from '../../../errors.ts'
import { zipped } from '../../../files/zip-write.ts'
import { type Exportable, exported } from '../../exported/index.ts'
import { writtenHDF5 } from '../../keras/h5wasm.ts'
import { encodeKeras, type KerasChain, type KerasNode } from './chain.ts'

export interface KerasOptions {
  /** `h5`, the HDF5 file of Keras 2, which Keras 3 and hls4ml read too; or `keras`, the archive of Keras 3; `h5` unless given. */
  format?: 'h5' | 'keras'
}

/** Whose layout the archive has. */
const KERAS_3 = '3.3.0'

/** Folded, an offset of so many units of the net takes all digits that float32 has to spare. */
const FARTHEST = 1000

/**
 * The bytes of a Keras model that answers as the drone does, within the rounding of float32. It has dense layers and
 * activations alone: offset and scale are folded into the first layer, in float64. Keras gives inputs no names.
 * @throws InputError that names what a drone has and Keras has no layer for: a default, an activation, a large offset
 * @example writeFileSync('drone.h5', await exportKeras(drone))
 */
export async function exportKeras(drone: Exportable, { format = 'h5' }: KerasOptions = {}): Promise<Uint8Array> {
  const { network, made } = exported(drone)
  checkInputs(network)
  const keras = format === 'h5' ? 2 : 3
  const chain = chainOf(network, keras)
  if (keras === 2) return encodeKeras(chain, made)
  return zipped({
    'metadata.json': JSON.stringify({ keras_version: KERAS_3, nndrone: made }),
    'config.json': JSON.stringify(configOf(chain, network.inputs.length)),
    'model.weights.h5': await weightsOf(chain),
  })
}

function checkInputs({ inputs }: Network): void {
  for (const [i, { name, offset, scale, default: missing }] of inputs.entries()) {
    const quoted = JSON.stringify(name)
    if (missing !== undefined) {
      throw new InputError(
        `inputs[${i}]: ${quoted} has a default for missing values, which Keras has no layer for; take .onnx, which keeps it, or remove it from the drone's JSON where no event lacks a value`,
      )
    }
    if (Math.abs(offset * scale) > FARTHEST) {
      throw new InputError(
        `inputs[${i}]: ${quoted} has the offset ${offset}, more than ${FARTHEST} times what the net sees as 1: folded into float32, too few of its digits are left; take .onnx, which keeps them`,
      )
    }
  }
}

function chainOf(network: Network, keras: 2 | 3): KerasChain {
  const { inputs, layers } = network
  const chain = { inputs: inputs.length, layers: [] as KerasChain['layers'][0][], nodes: [] as KerasNode[] }
  for (const [k, given] of layers.entries()) {
    const layer = k === 0 ? folded(network) : given
    const units = layer.bias.length
    const { activation, factor, after } = activationOf(layer, k, keras)
    const name = k === 0 ? 'dense' : `dense_${k}`
    chain.nodes.push({
      className: 'Dense',
      name,
      options: {
        name,
        units,
        activation,
        use_bias: true,
      },
    })
    const numbers = (values: Float32Array) => Float64Array.from(values, (value) => value * factor)
    chain.layers.push({ parameters: [numbers(transposed(layer.weights, units)), numbers(layer.bias)], shape: [units] })
    if (!after) continue
    const own = `${after.className.toLowerCase()}_${k}`
    chain.nodes.push({ ...after, name: own, options: { name: own, ...after.options } })
    chain.layers.push({ parameters: [], shape: [units] })
  }
  return chain
}

/** Keras has [inputs, units]. */
function transposed(weights: Float32Array, units: number): Float32Array {
  const inputs = weights.length / units
  return Float32Array.from(weights, (_, at) => weights[(at % units) * inputs + Math.floor(at / units)]!)
}

/** The first layer, of events as they are: W (x + offset) · scale + b. */
function folded({ inputs, layers }: Network): Layer {
  const { weights, bias, ...first } = layers[0]!
  const width = inputs.length
  return {
    ...first,
    weights: weights.map((w, at) => w * inputs[at % width]!.scale),
    bias: bias.map((b, i) =>
      inputs.reduce((sum, { offset, scale }, j) => sum + weights[i * width + j]! * scale * offset, b),
    ),
  }
}

interface KerasActivation {
  /** Of the dense layer. */
  activation: string
  /** What its weights and bias are multiplied by. */
  factor: number
  /** A layer after it, where the activation is one. */
  after?: Pick<KerasNode, 'className' | 'options'>
}

const NAMES = { linear: 'linear', sigmoid: 'sigmoid', rectified: 'relu', tanh: 'tanh', softmax: 'softmax' } as const

/** @throws InputError where Keras has none of its kind */
function activationOf({ activation, alpha }: Layer, k: number, keras: 2 | 3): KerasActivation {
  const plain = (name: string, factor = 1) => ({ activation: name, factor })
  const layer = (className: string, options: object) => ({
    ...plain('linear'),
    after: { className, options: { ...options } },
  })
  const refuse = (why: string): never => {
    throw new InputError(`layers[${k}].activation: ${activation} ${why}; take .onnx, .c, .mjs or .wasm`)
  }
  switch (activation) {
    case 'hard_sigmoid':
      // That of Keras 3 is x/6 + 1/2.
      if (keras === 3) return plain(activation, 1.2)
      return refuse('is not the same in Keras 2 and Keras 3, which both read .h5; take .keras')
    case 'elu':
      return alpha === 1 ? plain('elu') : layer('ELU', { alpha })
    case 'leakyrelu':
      if (alpha < 0) refuse(`with the slope ${alpha} is refused by Keras`)
      return layer('LeakyReLU', keras === 2 ? { alpha } : { negative_slope: alpha })
    case 'swish':
      return alpha === 1 ? plain('swish') : refuse(`with alpha ${alpha} is not known to Keras`)
    case 'abs':
      return refuse('is not known to Keras')
    default:
      return plain(NAMES[activation])
  }
}

/** A Sequential as Keras 3 describes it. */
function configOf({ nodes, layers }: KerasChain, inputs: number): object {
  const described = (module: string, className: string, config: object, shape?: (number | null)[]) => ({
    ...{ module, class_name: className, config, registered_name: null },
    ...(shape && { build_config: { input_shape: shape } }),
  })
  const first = { batch_shape: [null, inputs], dtype: 'float32', sparse: false, name: 'input_layer' }
  const parts = nodes.map(({ className, options }, i) => {
    const width = i === 0 ? inputs : layers[i - 1]!.shape[0]!
    return described('keras.layers', className, { ...options, trainable: true, dtype: 'float32' }, [null, width])
  })
  const config = {
    ...{ name: 'sequential', trainable: true, dtype: 'float32' },
    layers: [described('keras.layers', 'InputLayer', first), ...parts],
    build_input_shape: [null, inputs],
  }
  return { ...described('keras', 'Sequential', config, [null, inputs]), compile_config: null }
}

/** The weights of each layer under the name of its class, and the number of layers of that class before it. */
function weightsOf({ nodes, layers }: KerasChain): Promise<Uint8Array> {
  return writtenHDF5((file) => {
    file.create_group('layers')
    for (const [i, { parameters }] of layers.entries()) {
      if (parameters.length === 0) continue
      const path = `layers/${nodes[i]!.name}`
      file.create_group(path)
      file.create_group(`${path}/vars`)
      const units = parameters[1]!.length
      for (const [k, values] of parameters.entries()) {
        const shape = k === 0 ? [values.length / units, units] : [units]
        file.create_dataset({ name: `${path}/vars/${k}`, data: Float32Array.from(values), shape })
      }
    }
  })
}
