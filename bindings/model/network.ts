/** The plain description of a network: what the JSON holds, and what an engine makes resident. */
import { ConfigurationError, counted, shown } from '../errors.ts'
import { ACTIVATIONS, type Activation, isActivation } from './activations.ts'

/** An input by name; the net sees f32((x + offset) · scale). A value that is missing becomes `default`, if there is one. */
export interface Input {
  readonly name: string
  readonly offset: number
  readonly scale: number
  readonly default?: number
}

/** A dense layer: y = φ(W x + b). */
export interface Layer {
  readonly activation: Activation
  /** The parameter of elu, leakyrelu and swish; unused by the others. */
  readonly alpha: number
  /** Row-major, [outputs][inputs]. */
  readonly weights: Float32Array
  /** [outputs] */
  readonly bias: Float32Array
}

export interface Network {
  readonly inputs: readonly Input[]
  readonly layers: readonly Layer[]
  /** The outputs' names, as many as the last layer has units. */
  readonly outputs: readonly string[]
  readonly miscellaneous?: Readonly<Record<string, string>>
  /** Our own part of the JSON; absent in foreign files. */
  readonly nndrone?: Readonly<Record<string, unknown>>
  /** Top-level keys of the JSON that mean nothing here, kept for whom they mean something. */
  readonly rest?: Readonly<Record<string, unknown>>
}

/** The most parameters that a document may hold. */
const MAX_PARAMETERS = 2 ** 24

/** @throws ConfigurationError where there are too many */
export function checkParameters(parameters: number): void {
  if (parameters > MAX_PARAMETERS) {
    throw new ConfigurationError(`layers: ${parameters} parameters, at most ${MAX_PARAMETERS} are possible`)
  }
}

/** Weights and biases of all layers. */
export function parameterCount(network: Pick<Network, 'layers'>): number {
  return network.layers.reduce((sum, layer) => sum + layer.weights.length + layer.bias.length, 0)
}

/** Units of every layer but the last. */
export function hiddenUnits(network: Pick<Network, 'layers'>): number[] {
  return network.layers.slice(0, -1).map((layer) => layer.bias.length)
}

/** Checks a list of names: strings, not empty, each once, none that JavaScript would not store as a plain key. */
export function checkNames(names: readonly unknown[], path: (index: number) => string): void {
  const seen = new Map<unknown, number>()
  for (const [i, name] of names.entries()) {
    if (typeof name !== 'string' || name === '') {
      throw new ConfigurationError(`${path(i)}: ${shown(name)}, expected a name`)
    }
    if (name === '__proto__') throw new ConfigurationError(`${path(i)}: "__proto__" can't be a name`)
    const earlier = seen.get(name)
    if (earlier !== undefined) {
      throw new ConfigurationError(`${path(i)}: ${shown(name)} is the name of ${path(earlier)} too`)
    }
    seen.set(name, i)
  }
}

/**
 * Checks everything that an engine relies on: counts, names, finite numbers, softmax in the last layer only.
 * @throws ConfigurationError that names the place and the value
 */
export function checkNetwork({ inputs, layers, outputs }: Network): void {
  if (inputs.length === 0) throw new ConfigurationError('inputs: none, expected at least one')
  if (layers.length === 0) throw new ConfigurationError('layers: none, expected at least one')
  checkNames(
    inputs.map((input) => input.name),
    (i) => `inputs[${i}].name`,
  )
  checkNames(outputs, (i) => `outputs[${i}]`)
  checkInputs(inputs)
  checkLayers(layers, inputs.length, outputs)
}

export function checkInputs(inputs: readonly Input[]): void {
  for (const [i, input] of inputs.entries()) checkInput(input, `inputs[${i}]`)
}

/** @param width how many inputs there are */
export function checkLayers(layers: readonly Layer[], width: number, outputs: readonly string[]): void {
  for (const [k, layer] of layers.entries()) {
    checkLayer(layer, width, k === layers.length - 1, `layers[${k}]`)
    width = layer.bias.length
  }
  if (outputs.length === width) return
  const got = counted(outputs.length, 'name')
  throw new ConfigurationError(`outputs: ${got}, expected ${width} (units of the last layer)`)
}

function checkInput(input: Input, path: string): void {
  for (const key of ['offset', 'scale', 'default'] as const) {
    const value = input[key]
    if (key === 'default' && value === undefined) continue
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw new ConfigurationError(`${path}.${key}: ${shown(value)}, expected a finite number`)
    }
  }
}

function checkLayer(layer: Layer, inputs: number, last: boolean, path: string): void {
  const outputs = layer.bias.length
  if (!isActivation(layer.activation)) {
    const names = ACTIVATIONS.join(', ')
    throw new ConfigurationError(`${path}.activation: ${shown(layer.activation)}, expected one of ${names}`)
  }
  if (layer.activation === 'softmax' && !last) {
    throw new ConfigurationError(`${path}.activation: "softmax" is possible in the last layer only`)
  }
  if (!Number.isFinite(Math.fround(layer.alpha))) {
    throw new ConfigurationError(`${path}.activation.alpha: ${shown(layer.alpha)}, expected a finite number`)
  }
  if (outputs === 0) throw new ConfigurationError(`${path}.bias: no numbers, expected at least one`)
  if (layer.weights.length !== inputs * outputs) {
    const shape = `${counted(inputs, 'input')} × ${counted(outputs, 'output')}`
    const got = counted(layer.weights.length, 'number')
    throw new ConfigurationError(`${path}.weights: ${got}, expected ${inputs * outputs} (${shape})`)
  }
  for (const key of ['weights', 'bias'] as const) {
    const i = layer[key].findIndex((value) => !Number.isFinite(value))
    if (i >= 0) throw new ConfigurationError(`${path}.${key}[${i}]: ${shown(layer[key][i])}, expected a finite number`)
  }
}
