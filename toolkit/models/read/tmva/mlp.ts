/** Multilayer perceptrons of TMVA (`MethodANNBase`). */
import type { Activation } from 'nndrone'
import type { Piece } from '../../chain.ts'
import type { Place } from '../../document.ts'

type Neuron = (x: number) => number

/** By the option NeuronType. */
const ACTIVATIONS: Readonly<Record<string, Neuron>> = {
  sigmoid,
  tanh: fastTanh,
  linear: (x) => x,
  radial: (x) => Math.exp((-x * x) / 2),
  ReLU: (x) => (x > 0 ? x : 0),
}

/** By the option EstimatorType. */
const OUTPUTS: Readonly<Record<string, Neuron>> = { CE: sigmoid, MSE: (x) => x }

/** [to × from + 1], the last from a neuron that is always 1. */
type Weights = Float64Array[]

export function readPerceptron(setup: Place, inputs: number, option: (name: string) => string | undefined) {
  const options = setup.get('Options')
  const type = option('NeuronType') ?? 'sigmoid'
  const estimator = option('EstimatorType') ?? 'MSE'
  const sum = option('NeuronInputType') ?? 'sum'
  if (!Object.hasOwn(ACTIVATIONS, type))
    options.refuse(`NeuronType ${type} is not read, only ${Object.keys(ACTIVATIONS).join(', ')}`)
  if (!Object.hasOwn(OUTPUTS, estimator)) options.refuse(`EstimatorType ${estimator} is not read, only CE and MSE`)
  if (sum !== 'sum') options.refuse(`NeuronInputType ${sum} is not read, only sum`)
  const layers = readLayers(setup.in('Weights', 'Layout'), inputs)
  const parameters = layers.flat().reduce((sum, weights) => sum + weights.length, 0)
  const shape = [inputs, ...layers.map((weights) => weights.length)].join(' → ')
  return {
    pieces: () => {
      const inside = OF_DRONES[type] ?? options.refuse(`NeuronType ${type} is none that a drone has${WHY[type] ?? ''}`)
      return piecesOf(layers, inside, estimator === 'CE' ? 'sigmoid' : 'linear')
    },
    facts: { neurons: type, estimator, parameters, shape },
    respond(variables: Float32Array, width: number): Float32Array {
      const scores = new Float32Array(variables.length / width)
      for (let n = 0; n < scores.length; n++) {
        const event = Float64Array.from(variables.subarray(n * width, (n + 1) * width))
        scores[n] = OUTPUTS[estimator]!(computed(layers, event, ACTIVATIONS[type]!))
      }
      return scores
    },
  }
}

/** The activations of drones by the option NeuronType. */
const OF_DRONES: Readonly<Record<string, Activation>> = { sigmoid: 'sigmoid', linear: 'linear', ReLU: 'rectified' }

const WHY: Readonly<Record<string, string>> = {
  tanh: ': that of TMVA is an approximation, which is off by up to 1e-4',
}

/** In each row, the last weight is that of a neuron that is always 1. */
function piecesOf(layers: Weights[], inside: Activation, last: Activation): Piece[] {
  return layers.flatMap((rows, k): Piece[] => [
    {
      kind: 'dense',
      weights: rows.flatMap((row) => [...row.subarray(0, -1)]),
      bias: rows.map((row) => row.at(-1)!),
    },
    { kind: 'activation', activation: k === layers.length - 1 ? last : inside },
  ])
}

/** The input of the only output neuron. */
function computed(layers: Weights[], event: Float64Array, activation: Neuron): number {
  let values = event
  for (const [k, weights] of layers.entries()) {
    const sums = Float64Array.from(weights, (row) => {
      let sum = 0
      for (let i = 0; i < values.length; i++) sum += row[i]! * values[i]!
      return sum + row[values.length]!
    })
    values = k === layers.length - 1 ? sums : sums.map(activation)
  }
  return values[0]!
}

/** The file lists, neuron by neuron, the weights to the neurons of the next layer. */
function readLayers(layout: Place, inputs: number): Weights[] {
  const layers = layout.get('Layer').list()
  if (layers.length < 2) layout.get('Layer').fail('at least two layers')
  const neurons = layers.map((layer) => layer.get('Neuron').list())
  const widths = neurons.map((list, k) => (k === layers.length - 1 ? list.length : list.length - 1))
  if (widths[0] !== inputs)
    layers[0]!.get('Neuron').fail(`${inputs + 1} neurons, one for each variable and one that is 1`)
  if (widths.at(-1) !== 1) layers.at(-1)!.get('Neuron').fail('one neuron')
  return neurons.slice(0, -1).map((from, k) => {
    const rows = from.map((neuron) => readSynapses(neuron, widths[k + 1]!))
    return Array.from({ length: widths[k + 1]! }, (_, to) => Float64Array.from(rows, (row) => row[to]!))
  })
}

function readSynapses(neuron: Place, count: number): Float64Array {
  const text = neuron.get('#text')
  return text
    .with(
      String(text.value ?? '')
        .trim()
        .split(/\s+/),
    )
    .numbers(count)
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x))
}

/** The approximation that TMVA computes with, off by up to 1e-4. */
function fastTanh(x: number): number {
  if (x > 4.97) return 1
  if (x < -4.97) return -1
  const square = Math.fround(x * x)
  const a = Math.fround(x * (135135 + square * (17325 + square * (378 + square))))
  const b = Math.fround(135135 + square * (62370 + square * (3150 + square * 28)))
  return Math.fround(a / b)
}
