/** The shape of the network to learn with: outputs, units, activations, and the layers to start from. */
import { ConfigurationError, refuse } from '../errors.ts'
import { ACTIVATIONS, type Activation, isActivation } from '../model/activations.ts'
import { checkLayers, checkNames, checkParameters, type Layer } from '../model/network.ts'
import { whole } from './checks.ts'
import type { DistillOptions } from './options.ts'

export interface Shape {
  outputs: readonly string[]
  /** Units of the hidden layers. */
  hidden: readonly number[]
  /** Of the hidden layers; they differ only where layers are given. */
  activations: readonly Activation[]
  /** Where it is undefined, the answers decide. */
  outputActivation: Activation | undefined
  layers: readonly Layer[] | undefined
}

/** Units of a layer to start with. */
const MOST_UNITS = 4096

/**
 * @param inputs how many there are
 * @throws ConfigurationError that names the option and the value
 */
export function shapeOf(options: DistillOptions, inputs: number): Shape {
  const outputs = outputsOf(options)
  if (options.layers !== undefined) return shapeOfLayers(options, inputs, outputs)
  const { activation = 'sigmoid', outputActivation, hidden = [5] } = options
  for (const [key, value] of Object.entries({ activation, outputActivation: outputActivation ?? 'sigmoid' })) {
    if (!isActivation(value)) refuse(key, value, `one of ${ACTIVATIONS.join(', ')}`)
  }
  if (activation === 'softmax') {
    throw new ConfigurationError('activation: "softmax" is possible in the last layer only')
  }
  if (!Array.isArray(hidden)) refuse('hidden', hidden, 'an array of numbers of units')
  for (const [k, units] of hidden.entries()) {
    if (!whole(1, MOST_UNITS)(units)) refuse(`hidden[${k}]`, units, `a whole number from 1 to ${MOST_UNITS}`)
  }
  const widths = [inputs, ...hidden, outputs.length]
  checkParameters(widths.slice(1).reduce((sum, units, k) => sum + units * (widths[k]! + 1), 0))
  return { outputs, hidden, activations: hidden.map(() => activation), outputActivation, layers: undefined }
}

/** @throws ConfigurationError that names the option and the value */
export function outputsOf(options: DistillOptions): readonly string[] {
  const outputs = options.outputs ?? options.teacher?.outputs ?? ['score']
  if (!Array.isArray(outputs) || outputs.length === 0) refuse('outputs', outputs, 'an array of names')
  checkNames(outputs, (i) => `outputs[${i}]`)
  return outputs
}

function shapeOfLayers({ layers, hidden }: DistillOptions, inputs: number, outputs: readonly string[]): Shape {
  if (hidden) throw new ConfigurationError('hidden: cannot be combined with layers, which have units of their own')
  if (!Array.isArray(layers) || layers.length === 0) refuse('layers', layers, 'an array of layers')
  layers.forEach(checkArrays)
  checkLayers(layers, inputs, outputs)
  const below: Layer[] = layers.slice(0, -1)
  return {
    outputs,
    hidden: below.map((layer) => layer.bias.length),
    activations: below.map((layer) => layer.activation),
    outputActivation: layers.at(-1)!.activation,
    layers,
  }
}

function checkArrays(layer: Partial<Layer> | null | undefined, k: number): void {
  for (const key of ['weights', 'bias'] as const) {
    if (!(layer?.[key] instanceof Float32Array)) refuse(`layers[${k}].${key}`, layer?.[key], 'a Float32Array')
  }
}
