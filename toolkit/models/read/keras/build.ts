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
  /** The weights of a layer, in the order of the file. */
  stored(node: Node): readonly Stored[]
  fail(message: string): InputError
}

/** @throws InputError that names the layer, and what of it is not known or does not fit */
export function networkOf(source: Source): KerasNetwork {
  const { graph, fail } = source
  const layers: Layer[] = []
  let numbers = 0
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((at) => layers[at]?.shape ?? graph.input)
    const layer = layerOf(source.keras === 1 ? translated(node) : node, inputs, source)
    numbers += size(layer.shape)
    if (numbers > LARGEST) {
      const shape = `output of shape [${layer.shape.join(', ')}]`
      throw fail(`${node.where}: ${shape}, and all outputs together are more than ${LARGEST} numbers`)
    }
    layers.push(layer)
  }
  return new KerasNetwork(
    graph.input,
    layers,
    graph.nodes.map((node) => node.inputs),
    graph.output,
  )
}

function layerOf(node: Node, inputs: readonly Shape[], { keras, backend, stored, fail }: Source): Layer {
  const make = Object.hasOwn(LAYERS, node.className) ? LAYERS[node.className] : undefined
  if (!make) throw fail(`${node.where}: layers of this class are not known`)
  const options = new Options(node.where, node.options, keras, fail)
  const weights = new Weights(stored(node), (message) => options.error(message))
  const layer = make({ inputs, options, weights, backend })
  options.done()
  weights.done()
  return layer
}
