/**
 * A Keras model at work, written the plain way: flat arrays and loops, an event after the other. It is what a program
 * without a drone would run, and what drones are measured against.
 */
import type { InputError } from '../../errors.ts'
import type { Graph, Node } from '../read/keras/config.ts'
import { translated } from '../read/keras/keras1.ts'
import { type Layer, type Shape, size, type Values } from './layer.ts'
import { LAYERS } from './layers/index.ts'
import { Options } from './options.ts'
import { type Stored, Weights } from './weights.ts'

/** Numbers that all layers of a model that is meant put out. */
const LARGEST = 1 << 24

/** A layer in its place. */
interface Step {
  layer: Layer
  inputs: readonly Values[]
  output: Values
}

export class KerasNetwork {
  readonly input: Shape
  readonly layers: readonly Layer[]
  readonly #steps: readonly Step[]
  readonly #event: Values
  readonly #answer: Values

  /** @param sources for each layer, the numbers of those whose outputs come in; −1 is the event */
  constructor(input: Shape, layers: readonly Layer[], sources: readonly (readonly number[])[], output: number) {
    this.input = input
    this.layers = layers
    this.#event = new Float64Array(size(input))
    const outputs = layers.map((layer) => new Float64Array(size(layer.shape)))
    const values = (source: number) => outputs[source] ?? this.#event
    this.#steps = layers.map((layer, i) => ({ layer, inputs: sources[i]!.map(values), output: outputs[i]! }))
    this.#answer = outputs[output]!
  }

  /** A chain of layers. */
  static sequential(input: Shape, layers: readonly Layer[]): KerasNetwork {
    return new KerasNetwork(
      input,
      layers,
      layers.map((_, i) => [i - 1]),
      layers.length - 1,
    )
  }

  get inputs(): number {
    return this.#event.length
  }

  get outputs(): number {
    return this.#answer.length
  }

  get parameters(): number {
    return this.layers.flatMap((layer) => layer.parameters).reduce((sum, values) => sum + values.length, 0)
  }

  /**
   * The answers to one event: a view, until the next one is asked. All NaN where a value is missing.
   * @throws RangeError on an event of another length
   */
  predict(event: ArrayLike<number>): Values {
    if (event.length !== this.inputs) throw new RangeError(`event of ${event.length} numbers, expected ${this.inputs}`)
    this.#event.set(event)
    if (!this.#event.every(Number.isFinite)) return this.#answer.fill(Number.NaN)
    for (const { layer, inputs, output } of this.#steps) layer.forward(inputs, output)
    return this.#answer
  }

  /** Answers [n × outputs] to events [n × inputs]. */
  predictBatch(events: Float32Array | Float64Array): Float32Array {
    const [width, outputs] = [this.inputs, this.outputs]
    const answers = new Float32Array((events.length / width) * outputs)
    for (let n = 0; n < events.length / width; n++) {
      answers.set(this.predict(events.subarray(n * width, (n + 1) * width)), n * outputs)
    }
    return answers
  }
}

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
