/** Layers of lwtnn that see one event at a time, in float64 as lwtnn's (`generic/Stack.tcc`). */
import type { Place } from '../../document.ts'
import { softmax } from '../../softmax.ts'

/** Writes what a layer makes of its inputs. */
type Run = (inputs: Float64Array, outputs: Float64Array) => void

export interface LayerOf {
  architecture: string
  activation?: string
  /** Numbers it answers with. */
  units: number
  parameters: number
  run: Run
}

const ARCHITECTURES: Readonly<Record<string, (layer: Place, inputs: number) => LayerOf>> = {
  dense: readDense,
  normalization: readNormalization,
  maxout: readMaxout,
  highway: readHighway,
}

/** @throws InputError that names the place, where the layer is wrong or of a kind that is not read */
export function readLayer(layer: Place, inputs: number): LayerOf {
  const architecture = layer.get('architecture')
  const name = architecture.text()
  const known = Object.keys(ARCHITECTURES)
  if (!known.includes(name)) architecture.refuse(`the layer ${name} is not read, only ${known.join(', ')}`)
  return ARCHITECTURES[name]!(layer, inputs)
}

/** Weights or biases may be left out, as lwtnn allows. */
function readDense(layer: Place, inputs: number): LayerOf {
  const [weights, bias] = [layer.get('weights').numbers(), layer.get('bias').numbers()]
  const units = weights.length > 0 ? rowsOf(layer.get('weights'), weights, inputs) : inputs
  if (bias.length > 0 && bias.length !== units) layer.get('bias').fail(`${units} values, or none`)
  const { name, activate } = readActivation(layer.get('activation'))
  const run: Run = (x, y) => {
    if (weights.length > 0) product(weights, x, y)
    else y.set(x)
    if (bias.length > 0) add(y, bias)
    activate(y)
  }
  return { architecture: 'dense', activation: name, units, parameters: weights.length + bias.length, run }
}

/** w · (x + b) */
function readNormalization(layer: Place, inputs: number): LayerOf {
  const weights = layer.get('weights').numbers(inputs)
  const bias = layer.get('bias').numbers(inputs)
  const run: Run = (x, y) => {
    for (let i = 0; i < inputs; i++) y[i] = weights[i]! * (x[i]! + bias[i]!)
  }
  return { architecture: 'normalization', units: inputs, parameters: 2 * inputs, run }
}

/** The greatest of several products, unit by unit. */
function readMaxout(layer: Place, inputs: number): LayerOf {
  const places = layer.get('sublayers').list()
  const parts = places.map((place) => readProduct(place, inputs))
  const units = parts[0]?.bias.length ?? layer.get('sublayers').fail('at least one')
  const uneven = parts.findIndex(({ bias }) => bias.length !== units)
  if (uneven >= 0) places[uneven]!.refuse(`${parts[uneven]!.bias.length} units, expected ${units} as the first has`)
  const scratch = new Float64Array(units)
  const run: Run = (x, y) => {
    y.fill(Number.NEGATIVE_INFINITY)
    for (const { weights, bias } of parts) {
      product(weights, x, scratch)
      for (let i = 0; i < units; i++) y[i] = Math.max(y[i]!, scratch[i]! + bias[i]!)
    }
  }
  return { architecture: 'maxout', units, parameters: parts.length * units * (inputs + 1), run }
}

/** A gate c decides between a dense layer t and the inputs themselves: c · t + (1 − c) · x */
function readHighway(layer: Place, inputs: number): LayerOf {
  const [t, carry] = ['t', 'carry'].map((key) => {
    const part = readProduct(layer.in('components', key), inputs)
    if (part.bias.length !== inputs) layer.in('components', key).refuse(`${part.bias.length} units, expected ${inputs}`)
    return part
  }) as [Product, Product]
  const { name, activate } = readActivation(layer.get('activation'))
  const gate = new Float64Array(inputs)
  const run: Run = (x, y) => {
    product(carry.weights, x, gate)
    add(gate, carry.bias)
    product(t.weights, x, y)
    add(y, t.bias)
    activate(y)
    for (let i = 0; i < inputs; i++) {
      const c = sigmoid(gate[i]!)
      y[i] = c * y[i]! + (1 - c) * x[i]!
    }
  }
  return { architecture: 'highway', activation: name, units: inputs, parameters: 2 * inputs * (inputs + 1), run }
}

interface Product {
  /** [units × inputs] */
  weights: Float64Array
  bias: Float64Array
}

function readProduct(place: Place, inputs: number): Product {
  const weights = place.get('weights').numbers()
  return { weights, bias: place.get('bias').numbers(rowsOf(place.get('weights'), weights, inputs)) }
}

function rowsOf(place: Place, weights: Float64Array, inputs: number): number {
  const rows = weights.length / inputs
  return Number.isInteger(rows) && rows > 0 ? rows : place.fail(`a multiple of ${inputs} values, one for each input`)
}

function product(weights: Float64Array, x: Float64Array, y: Float64Array): void {
  for (let i = 0, at = 0; i < y.length; i++) {
    let sum = 0
    for (let j = 0; j < x.length; j++) sum += weights[at++]! * x[j]!
    y[i] = sum
  }
}

function add(values: Float64Array, more: Float64Array): void {
  for (let i = 0; i < values.length; i++) values[i]! += more[i]!
}

/** lwtnn clips where the exponential could overflow. */
function sigmoid(x: number): number {
  if (x < -30) return 0
  return x > 30 ? 1 : 1 / (1 + Math.exp(-x))
}

/** Of one number, with its α. Those named `_legacy` in old files are the same functions. */
const ACTIVATIONS: Readonly<Record<string, (x: number, alpha: number) => number>> = {
  linear: (x) => x,
  sigmoid,
  rectified: (x) => (x < 0 ? 0 : x),
  tanh: Math.tanh,
  hard_sigmoid: (x) => Math.min(Math.max(0.2 * x + 0.5, 0), 1),
  elu: (x, alpha) => (x >= 0 ? x : alpha * (Math.exp(x) - 1)),
  leakyrelu: (x, alpha) => (x > 0 ? x : alpha * x),
  swish: (x, alpha) => x * sigmoid(alpha * x),
  abs: Math.abs,
}

const WITH_ALPHA: readonly string[] = ['elu', 'leakyrelu', 'swish']

interface ActivationOf {
  name: string
  activate: (values: Float64Array) => void
}

/** A name, or { function, alpha }. Only elu has an α that goes without saying. */
function readActivation(place: Place): ActivationOf {
  const named = typeof place.value === 'string' ? place : place.get('function')
  const name = named.text().replace(/_legacy$/, '')
  if (name === 'softmax') return { name, activate: softmax }
  if (!Object.hasOwn(ACTIVATIONS, name)) named.fail(`one of softmax, ${Object.keys(ACTIVATIONS).join(', ')}`)
  const implied = named === place && name === 'elu'
  const alpha = WITH_ALPHA.includes(name) && !implied ? alphaOf(place) : 1
  const activation = ACTIVATIONS[name]!
  const activate = (values: Float64Array) => {
    for (let i = 0; i < values.length; i++) values[i] = activation(values[i]!, alpha)
  }
  return { name, activate }
}

function alphaOf(place: Place): number {
  return place.has('alpha') ? place.get('alpha').number() : place.fail('an activation with its alpha')
}
