/** The configuration of a Keras model as a list of nodes, each after those that it takes its inputs from. */
import type { InputError } from '../../../errors.ts'
import { short } from '../../keras/options.ts'
import { type Shape, size } from '../../keras/shape.ts'

export interface Node {
  className: string
  name: string
  /** Its class in snake case, numbered among its like in the order of the file: Keras 3 keeps its weights by it. */
  unique: string
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

type Fail<Given = string> = (given: Given) => InputError
type Plain = Readonly<Record<string, unknown>>

/** A layer as the file has it, its inputs not yet looked at. */
interface Entry extends Omit<Node, 'inputs'> {
  calls: unknown
}

/** Limits of a model that is meant: numbers of an event, layers, and how deep the configuration is nested. */
const LARGEST = { event: 1 << 20, layers: 1 << 12, depth: 32 }

/**
 * @param config a Sequential, or a functional model of one input and one output
 * @throws InputError that names the place in it
 */
export function graphOf(config: unknown, fail: Fail): Graph {
  if (deeper(config, LARGEST.depth)) throw fail('model_config: nested too deeply')
  const { class_name: kind, config: inside } = plain(config)
  // Keras 1 and 2.1 list the layers of a Sequential; later ones give it a name beside them.
  const layers = Array.isArray(inside) ? inside : plain(inside).layers
  if (!Array.isArray(layers) || layers.length === 0) throw fail('model_config: no layers')
  if (layers.length > LARGEST.layers) throw fail(`${layers.length} layers, at most ${LARGEST.layers} can be read`)
  const entries = numbered(layers.map((layer, i) => entryOf(layer, `layers[${i}]`, fail)))
  if (kind === 'Sequential') return sequential(entries, plain(inside), fail)
  if (kind === 'Model' || kind === 'Functional') return functional(entries, plain(inside), fail)
  throw fail(`a model of class ${short(kind)} is not known, expected Sequential or Functional`)
}

function deeper(value: unknown, than: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return than === 0 || Object.values(value).some((inside) => deeper(inside, than - 1))
}

function entryOf(layer: unknown, at: string, fail: Fail): Entry {
  const { class_name: className, name: outside, config, module, inbound_nodes: calls } = plain(layer)
  const options = plain(config)
  const name = options.name ?? outside
  if (typeof className !== 'string' || typeof name !== 'string') throw fail(`${at}: no class_name or no name`)
  const where = `${at} (${className} "${name}")`
  // Keras 3 has operations beside layers, and layers of one's own, by the same names.
  if (module === undefined || module === 'keras.layers') return { className, name, unique: '', options, where, calls }
  throw fail(`${where}: of module ${short(module)}, which is not known`)
}

function numbered(entries: readonly Entry[]): Entry[] {
  const counts = new Map<string, number>()
  return entries.map((entry) => {
    const name = snakeCase(entry.className)
    const count = counts.get(name) ?? 0
    counts.set(name, count + 1)
    return { ...entry, unique: count === 0 ? name : `${name}_${count}` }
  })
}

/** As Keras does (keras/src/utils/naming.py): PReLU is p_re_lu, and Conv1D is conv1d. */
function snakeCase(name: string): string {
  return name
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
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
  const numbers = new Map([[sources[0]!.name, -1]])
  const nodes: Node[] = []
  let waiting = entries.filter((entry) => entry !== sources[0]).map((entry) => ({ entry, from: callOf(entry, fail) }))
  while (waiting.length > 0) {
    const later = waiting.filter(({ entry, from }) => {
      const inputs = from.map((name) => numbers.get(name))
      if (inputs.some((input) => input === undefined)) return true
      if (numbers.has(entry.name)) throw fail(`${entry.where}: there is another layer of this name`)
      numbers.set(entry.name, nodes.push({ ...entry, inputs: inputs as number[] }) - 1)
      return false
    })
    if (later.length === waiting.length)
      throw fail(`${later[0]!.entry.where}: takes its input from a layer that is not there`)
    waiting = later
  }
  const outputs = tensors(inside.output_layers, (value) => fail(`output_layers: ${short(value)} is not known`))
  if (outputs.length !== 1) throw fail(`${outputs.length} outputs, expected one layer`)
  const output = numbers.get(outputs[0]!)
  if (output === undefined || output < 0) throw fail(`output_layers: no layer ${JSON.stringify(outputs[0])}`)
  return { input: inputShape(sources[0]!, fail), nodes, output }
}

/** The names of the layers that a layer is called with. */
function callOf({ calls, where }: Entry, fail: Fail): string[] {
  if (!Array.isArray(calls) || calls.length !== 1) {
    throw fail(`${where}: is used ${Array.isArray(calls) ? calls.length : 0} times, expected once`)
  }
  const { args = calls[0], kwargs } = plain(calls[0])
  if (!idle(kwargs)) throw fail(`${where}: called with ${short(kwargs)}, which is not known`)
  const inputs = tensors(args, (value) => fail(`${where}: input ${short(value)} is not known`))
  if (inputs.length === 0) throw fail(`${where}: no input`)
  return inputs
}

/**
 * The layers of all tensors in a list: `["name", 0, 0]`, or with options behind, until Keras 3; since then objects
 * with such a list as their `keras_history`. The numbers tell the uses and the outputs of a layer apart.
 */
function tensors(value: unknown, fail: Fail<unknown>): string[] {
  if (Array.isArray(value) && typeof value[0] !== 'string') return value.flatMap((inside) => tensors(inside, fail))
  const tensor = Array.isArray(value) ? value : plain(plain(value).config).keras_history
  const [name, use, output, options] = Array.isArray(tensor) ? tensor : []
  if (typeof name === 'string' && use === 0 && output === 0 && idle(options)) return [name]
  throw fail(value)
}

/** Whether no option of a call says more than that nothing is trained. */
function idle(options: unknown): boolean {
  return Object.values(plain(options)).every((value) => value === null || value === false)
}

/** The shape of an event, from the first layer or from the model. */
function inputShape({ options, where }: Entry, fail: Fail, build?: unknown): Shape {
  const { input_dim: width } = options
  const whole =
    options.batch_input_shape ?? options.batch_shape ?? build ?? (width === undefined ? width : [null, width])
  if (!Array.isArray(whole)) throw fail(`${where}: does not tell the shape of its input`)
  const shape = whole.slice(1)
  const known = shape.length > 0 && shape.every((length) => Number.isSafeInteger(length) && length > 0)
  if (known && size(shape) <= LARGEST.event) return shape
  throw fail(
    `${where}: input shape ${JSON.stringify(whole)}, expected whole numbers after the first, at most ${LARGEST.event} in all`,
  )
}

function plain(value: unknown): Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Plain) : {}
}
