/** A Keras model as a chain of dense layers, where it is one. */
import { InputError } from '../../../errors.ts'
import type { Chain, Piece } from '../../chain.ts'
import { Dense } from '../../keras/layers/dense.ts'
import { Affine } from '../../keras/layers/normalization.ts'
import type { KerasNetwork } from '../../keras/network.ts'
import type { Graph, Node } from './config.ts'

/** Layers that matter in training alone, or reshape what is flat. */
const UNCHANGED =
  /^(Dropout|GaussianDropout|AlphaDropout|SpatialDropout1D|GaussianNoise|ActivityRegularization|Flatten|Reshape)$/

/** @throws InputError that names the first layer that a drone cannot be */
export function chainOf(path: string, { inputs, nodes, outputs }: Graph, network: KerasNetwork, keras: number): Chain {
  const pieces = nodes.flatMap((node, i) => {
    const refuse = (why: string): never => {
      throw new InputError(`${path}: ${node.where}: ${why}; distil a drone from this model instead`)
    }
    if (node.inputs.length !== 1 || node.inputs[0] !== i - 1) refuse('is not the next in a chain of layers')
    const layer = network.layers[i]!
    if (layer.shape.length !== 1)
      refuse(`its output has the shape [${layer.shape.join(', ')}], and a drone's layers have one dimension`)
    if (UNCHANGED.test(node.className)) return []
    if (layer instanceof Affine) return [{ kind: 'scale' as const, scale: [...layer.scale], shift: [...layer.shift] }]
    const activation = activationOf(node, keras, layer.shape[0]!) ?? refuse(`${named(node)} is none that a drone has`)
    if (!(layer instanceof Dense)) return activation
    const [kernel, bias = new Float64Array(layer.shape[0]!)] = layer.parameters
    return [{ kind: 'dense' as const, weights: transposed(kernel!, bias.length), bias }, ...activation]
  })
  if (inputs.length !== 1 || outputs.length !== 1 || outputs[0] !== nodes.length - 1) {
    throw new InputError(`${path}: several inputs or outputs, and a drone is one chain; distil a drone from this model`)
  }
  return { pieces }
}

/** A kernel [inputs × units] of Keras as lwtnn has it, [units × inputs]. */
export function transposed(kernel: ArrayLike<number>, units: number): Float64Array {
  const inputs = kernel.length / units
  return new Float64Array(kernel.length).map((_, at) => kernel[(at % inputs) * units + Math.floor(at / inputs)]!)
}

function named({ className, options }: Node): string {
  const { activation } = options
  const name = typeof activation === 'string' ? activation : JSON.stringify(activation)
  return activation === undefined ? className : `the activation ${name}`
}

const PLAIN: Readonly<Record<string, Piece & { kind: 'activation' }>> = {
  linear: { kind: 'activation', activation: 'linear' },
  sigmoid: { kind: 'activation', activation: 'sigmoid' },
  softmax: { kind: 'activation', activation: 'softmax' },
  tanh: { kind: 'activation', activation: 'tanh' },
  relu: { kind: 'activation', activation: 'rectified' },
  elu: { kind: 'activation', activation: 'elu', alpha: 1 },
  celu: { kind: 'activation', activation: 'elu', alpha: 1 },
  leaky_relu: { kind: 'activation', activation: 'leakyrelu', alpha: 0.2 },
  swish: { kind: 'activation', activation: 'swish', alpha: 1 },
  silu: { kind: 'activation', activation: 'swish', alpha: 1 },
}

/** Undefined where a drone has none of its kind. */
function activationOf({ className, options }: Node, keras: number, width: number): Piece[] | undefined {
  if (className !== 'Dense' && className !== 'Activation') return layerOf(className, options)
  const { activation = 'linear' } = options
  if (typeof activation !== 'object' || activation === null) return named(activation)
  const { class_name: inner, config } = activation as { class_name?: unknown; config?: unknown }
  if (inner === 'function') return named(config)
  return typeof inner === 'string' ? layerOf(inner, (config ?? {}) as Node['options']) : undefined

  function named(name: unknown): Piece[] | undefined {
    if (name === 'hard_sigmoid') return keras < 3 ? [HARD_SIGMOID] : hardSigmoid3(width)
    return typeof name === 'string' && Object.hasOwn(PLAIN, name) ? [PLAIN[name]!] : undefined
  }
}

const HARD_SIGMOID: Piece = { kind: 'activation', activation: 'hard_sigmoid' }

/** That of Keras 3 is x/6 + 1/2, and a drone's x/5 + 1/2. */
function hardSigmoid3(width: number): Piece[] {
  const every = (value: number) => Array<number>(width).fill(value)
  return [{ kind: 'scale', scale: every(5 / 6), shift: every(0) }, HARD_SIGMOID]
}

/** An activation that is a layer, with options. */
function layerOf(className: string, options: Node['options']): Piece[] | undefined {
  const number = (...names: string[]) => names.map((name) => options[name]).find((value) => typeof value === 'number')
  switch (className) {
    case 'Softmax':
      return [PLAIN.softmax!]
    case 'ELU':
      return [{ kind: 'activation', activation: 'elu', alpha: (number('alpha') as number) ?? 1 }]
    case 'LeakyReLU':
      return [
        { kind: 'activation', activation: 'leakyrelu', alpha: (number('negative_slope', 'alpha') as number) ?? 0.3 },
      ]
    case 'ReLU': {
      if (number('max_value') !== undefined || (number('threshold') ?? 0) !== 0) return undefined
      const slope = (number('negative_slope') as number) ?? 0
      return slope === 0 ? [PLAIN.relu!] : [{ kind: 'activation', activation: 'leakyrelu', alpha: slope }]
    }
    default:
      return undefined
  }
}
