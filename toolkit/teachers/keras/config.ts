/** The configuration of a Keras model as a list of nodes, each after those that it takes its inputs from. */
import type { InputError } from '../../errors.ts'
import { type Shape, size } from './layer.ts'

export interface Node {
  className: string
  name: string
  options: Readonly<Record<string, unknown>>
  /** As messages name it. */
  where: string
  /** Numbers of the nodes whose outputs come in; −1 is the events. */
  inputs: readonly number[]
}

export interface Graph {
  /** Of an event. */
  input: Shape
  nodes: readonly Node[]
  /** The node that has the answers. */
  output: number
}

type Fail = (message: string) => InputError
type Plain = Readonly<Record<string, unknown>>

/** A layer as the file has it. */
interface Entry {
  className: string
  name: string
  options: Plain
  entry: Plain
  where: string
}

/** An event has no more numbers than this, and a layer no more units. */
const LARGEST = 1 << 24

/**
 * @param config a Sequential, or a functional model of one input and one output
 * @throws InputError that names the place in it
 */
export function graphOf(config: unknown, fail: Fail): Graph {
  const { class_name: kind, config: inside } = plain(config)
  // Keras 1 and 2.1 list the layers of a Sequential; later ones give it a name beside them.
  const layers = Array.isArray(inside) ? inside : plain(inside).layers
  if (!Array.isArray(layers) || layers.length === 0) throw fail('model_config: no layers')
  const entries = layers.map((layer, i) => entryOf(layer, `layers[${i}]`, fail))
  if (kind === 'Sequential') return sequential(entries, plain(inside), fail)
  if (kind === 'Model' || kind === 'Functional') return functional(entries, plain(inside), fail)
  throw fail(`a model of class ${JSON.stringify(kind)} is not known, expected Sequential or Functional`)
}

function entryOf(layer: unknown, where: string, fail: Fail): Entry {
  const entry = plain(layer)
  const options = plain(entry.config)
  const name = options.name ?? entry.name
  if (typeof entry.class_name !== 'string' || typeof name !== 'string') throw fail(`${where}: no class_name or no name`)
  return { className: entry.class_name, name, options, entry, where: `${where} (${entry.class_name} "${name}")` }
}

function sequential(entries: readonly Entry[], inside: Plain, fail: Fail): Graph {
  const [first] = entries
  const layers = first!.className === 'InputLayer' ? entries.slice(1) : entries
  const nodes = layers.map((layer, i): Node => ({ ...layer, inputs: [i - 1] }))
  if (nodes.length === 0) throw fail('no layer but the input')
  return { input: inputShape(first!, fail, inside.build_input_shape), nodes, output: nodes.length - 1 }
}

function functional(entries: readonly Entry[], inside: Plain, fail: Fail): Graph {
  const sources = entries.filter((entry) => entry.className === 'InputLayer')
  if (sources.length !== 1) throw fail(`${sources.length} input layers, expected 1`)
  const outputs = tensors(inside.output_layers)
  if (outputs.length !== 1) throw fail(`${outputs.length} outputs, expected one layer`)
  const numbers = new Map([[sources[0]!.name, -1]])
  const nodes: Node[] = []
  let waiting = entries.filter((entry) => entry !== sources[0])
  while (waiting.length > 0) {
    const later = waiting.filter((entry) => {
      const inputs = callOf(entry, fail).map((name) => numbers.get(name))
      if (inputs.some((input) => input === undefined)) return true
      numbers.set(entry.name, nodes.push({ ...entry, inputs: inputs as number[] }) - 1)
      return false
    })
    if (later.length === waiting.length)
      throw fail(`${later[0]!.where}: takes its input from a layer that is not there`)
    waiting = later
  }
  const output = numbers.get(outputs[0]!)
  if (output === undefined || output < 0) throw fail(`output_layers: no layer ${JSON.stringify(outputs[0])}`)
  return { input: inputShape(sources[0]!, fail), nodes, output }
}

/** The names of the layers that a layer is called with. */
function callOf({ entry, where }: Entry, fail: Fail): string[] {
  const calls = Array.isArray(entry.inbound_nodes) ? entry.inbound_nodes : []
  if (calls.length !== 1) throw fail(`${where}: is used ${calls.length} times, expected once`)
  const inputs = tensors(calls[0])
  if (inputs.length === 0) throw fail(`${where}: no input`)
  return inputs
}

/** The layers of all tensors in a list: `["name", 0, 0]` until Keras 3, since then objects with a `keras_history`. */
function tensors(value: unknown): string[] {
  if (Array.isArray(value)) {
    return typeof value[0] === 'string' && Number.isInteger(value[1]) ? [value[0]] : value.flatMap(tensors)
  }
  const { keras_history: history, args, config } = plain(value)
  return [history, args, config].flatMap((inside) => (inside === undefined ? [] : tensors(inside)))
}

/** The shape of an event, from the first layer or from the model. */
function inputShape({ options, where }: Entry, fail: Fail, build?: unknown): Shape {
  const { input_dim: width } = options
  const whole =
    options.batch_input_shape ?? options.batch_shape ?? build ?? (width === undefined ? width : [null, width])
  if (!Array.isArray(whole)) throw fail(`${where}: does not tell the shape of its input`)
  const shape = whole.slice(1)
  const known = shape.length > 0 && shape.every((length) => Number.isSafeInteger(length) && length > 0)
  if (known && size(shape) <= LARGEST) return shape
  throw fail(`${where}: input shape ${JSON.stringify(whole)}, expected whole numbers after the first`)
}

function plain(value: unknown): Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Plain) : {}
}

/** @throws InputError where a layer would need more memory than a model that is meant */
export function checkSize(shape: Shape, { where }: Node, fail: Fail): void {
  if (size(shape) <= LARGEST) return
  throw fail(`${where}: output of shape [${shape.join(', ')}], more than ${LARGEST} numbers`)
}
