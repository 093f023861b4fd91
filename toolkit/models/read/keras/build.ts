/** Makes a network of what a file says of its layers. */
import type { InputError } from '../../../errors.ts'
import type { Layer } from '../../keras/layer.ts'
import { LAYERS } from '../../keras/layers/index.ts'
import { KerasNetwork } from '../../keras/network.ts'
import { Options } from '../../keras/options.ts'
import { type Shape, size } from '../../keras/shape.ts'
import { type Stored, Weights } from '../../keras/weights.ts'
import type { Graph, Node } from './config.ts'
import { translated } from './keras1.ts'

/** Numbers that all layers of a model that is meant put out. */
const LARGEST = 1 << 24

export interface Source {
  /** Of Keras: 1, 2 or 3. */
  keras: number
  /** What Keras computed with, where the file tells. */
  backend?: string
  graph: Graph
  /** The weights of a layer, in the order of the file; those left of a list that layers share. */
  stored(node: Node): Stored[]
  fail(message: string): InputError
}

/** @throws InputError that names the layer, and what of it is not known or does not fit */
export function networkOf(source: Source): KerasNetwork {
  const { graph, fail } = source
  checkMasks(source)
  const layers: Layer[] = []
  const weights: Weights[] = []
  let numbers = 0
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((at) => (at < 0 ? graph.inputs[-1 - at]!.shape : layers[at]!.shape))
    const layer = layerOf(source.keras === 1 ? translated(node) : node, inputs, source, weights)
    numbers += size(layer.shape)
    if (numbers > LARGEST) {
      const shape = `output of shape [${layer.shape.join(', ')}]`
      throw fail(`${node.where}: ${shape}, and all outputs together are more than ${LARGEST} numbers`)
    }
    layers.push(layer)
  }
  for (const each of weights) each.done()
  return new KerasNetwork(
    graph.inputs.map(({ shape }) => shape),
    layers,
    { sources: graph.nodes.map((node) => node.inputs), outputs: graph.outputs },
  )
}

function layerOf(
  node: Node,
  inputs: readonly Shape[],
  { keras, backend, stored, fail }: Source,
  taken: Weights[],
): Layer {
  const make = Object.hasOwn(LAYERS, node.className) ? LAYERS[node.className] : undefined
  if (!make) throw fail(`${node.where}: ${unread(node.className)}`)
  const options = new Options(node.where, node.options, keras, fail)
  const weights = new Weights(stored(node), (message) => options.error(message))
  const layer = make({ inputs, options, weights, backend })
  options.done()
  taken.push(weights)
  return layer
}

const RECURRENT = /^(LSTM|GRU|SimpleRNN|RNN|Bidirectional|CuDNN(LSTM|GRU)|ConvLSTM\dD)$/

/** By the library that they are of. */
const QUANTISED: Readonly<Record<string, RegExp>> = {
  QKeras: /^Q[A-Z]/,
  HGQ: /^(FixedPointQuantizer|H(Quantize|Dense|Conv\dD|Activation|Add))/,
  hls4ml: /^(Binary|Ternary|Xnor)(Dense|Conv\dD)$/,
}

/** Why layers of a class are not read, and what to do. */
function unread(className: string): string {
  const way = 'export the model as ONNX (python -m tf2onnx.convert), or let a Python program answer (--teacher-command)'
  if (RECURRENT.test(className)) return `recurrent layers are not read; ${way}`
  const quantised = Object.keys(QUANTISED).find((of) => QUANTISED[of]!.test(className))
  if (quantised) return `quantised layers of ${quantised} are not read; let a Python program answer (--teacher-command)`
  return `layers of this class are not known; ${way}`
}

/** Layers that answer differently where a mask says which rows count. */
const MASKED = ['GlobalAveragePooling1D', 'Softmax']

function checkMasks({ graph, fail }: Source): void {
  const masks = graph.nodes.some(({ className }) => className === 'Masking')
  const after = graph.nodes.find(({ className }) => MASKED.includes(className))
  if (masks && after) throw fail(`${after.where}: in a model with Masking, and masks are not read`)
}
