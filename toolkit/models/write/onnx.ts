/** Writes a drone as an ONNX graph. Numbers of fields: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
import type { Input, Layer, Network } from 'nndrone'
import manifest from '../../package.json' with { type: 'json' }
import { factsOf } from '../exported/facts.ts'
import { type Exportable, exported } from '../exported/index.ts'
import { bytesField, encode, type Field, fourField, integerField, messageField, textField } from '../protobuf.ts'

const MODEL = { ir: 1, producer: 2, version: 3, doc: 6, graph: 7, operators: 8, metadata: 14 }
const GRAPH = { node: 1, name: 2, tensor: 5, input: 11, output: 12, value: 13 }
const NODE = { input: 1, output: 2, name: 3, operator: 4, attribute: 5 }
const TENSOR = { size: 1, type: 2, name: 8, raw: 9 }
const ATTRIBUTE = { float: 1, integer: 2 }

/** The oldest that has the operators as they are used here. */
const [IR, OPERATORS] = [7, 13]

const FLOAT = 1
const BOOL = 9
const DOUBLE = 11

/** An offset of so many units of the net leaves a float32 four bits less than it has. */
const FAR = 16

/**
 * The bytes of an ONNX model (opset 13) that answers as the drone does, within rounding: `event` [N, inputs] →
 * `answer` [N, outputs]. Offset, scale and defaults are nodes of it, and an event that lacks a value without a default has
 * NaN for an answer. `event` is float32, or float64 where an offset is more than 16 units of the net, so that its last
 * digits count. The metadata `nndrone` holds the names of inputs and outputs, and cuts.
 * @example writeFileSync('drone.onnx', exportONNX(drone))
 */
export function exportONNX(drone: Exportable): Uint8Array {
  const whole = exported(drone)
  const model: Field[] = [
    integerField(MODEL.ir, IR),
    textField(MODEL.producer, 'nndrone'),
    textField(MODEL.version, manifest.version),
    textField(MODEL.doc, whole.made),
    messageField(MODEL.graph, graphOf(whole.network)),
    messageField(MODEL.operators, [textField(1, ''), integerField(2, OPERATORS)]),
    messageField(MODEL.metadata, [textField(1, 'nndrone'), textField(2, JSON.stringify(factsOf(whole)))]),
  ]
  return encode(model)
}

/** Whether events are float64: where float32 would lose digits that the net sees. */
export function isDouble({ inputs }: Network): boolean {
  return inputs.some(({ offset, scale }) => Math.abs(offset * scale) > FAR)
}

function graphOf(network: Network): Field[] {
  const { inputs, layers, outputs } = network
  const graph = new Graph(isDouble(network) ? DOUBLE : FLOAT)
  const known = graph.known(inputs)
  let x = graph.prepared(inputs, known)
  for (const [k, layer] of layers.entries()) {
    x = graph.activated(graph.gemm(x, layer.weights, k === 0 ? graph.firstBias(inputs, layer) : layer.bias), layer)
  }
  graph.add('Add', [x, graph.missing(inputs.length, known, outputs.length)], outputs.length, { output: 'answer' })
  const given = value('event', graph.type, inputs.length)
  return [
    ...graph.nodes,
    textField(GRAPH.name, 'drone'),
    ...graph.tensors,
    messageField(GRAPH.input, given),
    messageField(GRAPH.output, value('answer', FLOAT, outputs.length)),
    ...graph.values,
  ]
}

interface Special {
  attributes?: Readonly<Record<string, Field>>
  type?: number
  output?: string
}

/** Nodes one after the other; a value is known by its name. */
class Graph {
  readonly nodes: Field[] = []
  readonly tensors: Field[] = []
  readonly values: Field[] = []
  /** Of events and what prepares them. */
  readonly type: number

  constructor(type: number) {
    this.type = type
  }

  /** @returns the name of what the node makes, [N, width] */
  add(operator: string, from: readonly string[], width: number, special: Special = {}): string {
    const { attributes = {}, type = FLOAT, output = `${operator.toLowerCase()}_${this.nodes.length}` } = special
    const node = [
      ...from.map((name) => textField(NODE.input, name)),
      textField(NODE.output, output),
      textField(NODE.name, `${operator}_${this.nodes.length}`),
      textField(NODE.operator, operator),
      ...Object.entries(attributes).map(([name, { number, ...field }]) =>
        messageField(NODE.attribute, [
          textField(1, name),
          { ...field, number: number === ATTRIBUTE.float ? 2 : 3 },
          integerField(20, number),
        ]),
      ),
    ]
    this.nodes.push(messageField(GRAPH.node, node))
    if (output !== 'answer') this.values.push(messageField(GRAPH.value, value(output, type, width)))
    return output
  }

  /** @returns the name of numbers that are given, of events' type or as float32 */
  tensor(numbers: Float32Array | Float64Array, ...sizes: number[]): string {
    const name = `constant_${this.tensors.length}`
    const { buffer, byteOffset, byteLength } = numbers
    const tensor = [
      ...sizes.map((size) => integerField(TENSOR.size, size)),
      integerField(TENSOR.type, numbers instanceof Float64Array ? DOUBLE : FLOAT),
      textField(TENSOR.name, name),
      bytesField(TENSOR.raw, new Uint8Array(buffer, byteOffset, byteLength)),
    ]
    this.tensors.push(messageField(GRAPH.tensor, tensor))
    return name
  }

  /** A number for each input, in the events' type. */
  row(numbers: readonly number[]): string {
    const list = this.type === DOUBLE ? Float64Array.from(numbers) : Float32Array.from(numbers)
    return this.tensor(list, list.length)
  }

  /** x − x, which is NaN where x is not finite, else 0. */
  #difference(x: string, width: number): string {
    return this.add('Sub', [x, x], width, { type: this.type })
  }

  /** The event, with the default of every input that it lacks and that has one. */
  known(inputs: readonly Input[]): string {
    if (inputs.every((input) => input.default === undefined)) return 'event'
    const missing = this.add('IsNaN', [this.#difference('event', inputs.length)], inputs.length, { type: BOOL })
    const defaults = this.row(inputs.map((input) => input.default ?? Number.NaN))
    return this.add('Where', [missing, defaults, 'event'], inputs.length, { type: this.type })
  }

  /** (x + offset) · scale, as the net sees it. */
  prepared(inputs: readonly Input[], x: string): string {
    const [width, { type }] = [inputs.length, this]
    const moved = this.add('Add', [x, this.row(inputs.map(({ offset }) => offset))], width, { type })
    const scaled = this.add('Mul', [moved, this.row(inputs.map(({ scale }) => scale))], width, { type })
    return this.#float(scaled, width)
  }

  #float(x: string, width: number): string {
    return this.type === FLOAT ? x : this.add('Cast', [x], width, { attributes: { to: integer(FLOAT) } })
  }

  /** What offsets lose as float32 goes into the bias of the first layer, in float64. */
  firstBias(inputs: readonly Input[], { weights, bias }: Layer): Float32Array {
    if (this.type === DOUBLE) return bias
    const lost = inputs.map(({ offset, scale }) => (offset - Math.fround(offset)) * scale)
    return bias.map((b, i) => lost.reduce((sum, loss, j) => sum + weights[i * lost.length + j]! * loss, b))
  }

  /** W x + b; W is [units, inputs]. */
  gemm(x: string, weights: Float32Array, bias: Float32Array): string {
    const units = bias.length
    const from = [x, this.tensor(weights, units, weights.length / units), this.tensor(bias, units)]
    return this.add('Gemm', from, units, { attributes: { transB: integer(1) } })
  }

  activated(z: string, { activation, alpha, bias }: Layer): string {
    const units = bias.length
    const add = (operator: string, attributes = {}) => this.add(operator, [z], units, { attributes })
    switch (activation) {
      case 'sigmoid':
        return add('Sigmoid')
      case 'rectified':
        return add('Relu')
      case 'tanh':
        return add('Tanh')
      case 'softmax':
        return add('Softmax', { axis: integer(1) })
      case 'hard_sigmoid':
        return add('HardSigmoid', { alpha: float(0.2), beta: float(0.5) })
      case 'elu':
        return add('Elu', { alpha: float(alpha) })
      case 'leakyrelu':
        return add('LeakyRelu', { alpha: float(alpha) })
      case 'swish': {
        const scaled = alpha === 1 ? z : this.add('Mul', [z, this.tensor(Float32Array.of(alpha), 1)], units)
        return this.add('Mul', [z, this.add('Sigmoid', [scaled], units)], units)
      }
      case 'abs':
        return add('Abs')
      default:
        return z
    }
  }

  /** NaN for every output where the event still lacks a value, else 0: not every runtime keeps NaN through an activation. */
  missing(inputs: number, known: string, outputs: number): string {
    const difference = this.#float(this.#difference(known, inputs), inputs)
    const ones = new Float32Array(inputs * outputs).fill(1)
    return this.gemm(difference, ones, new Float32Array(outputs))
  }
}

/** Of an attribute: its kind in the place of a number. */
function integer(value: number): Field {
  return integerField(ATTRIBUTE.integer, value)
}

function float(value: number): Field {
  return fourField(ATTRIBUTE.float, value)
}

/** [N, width] of a type. */
function value(name: string, type: number, width: number): Field[] {
  const shape = [messageField(1, [textField(2, 'N')]), messageField(1, [integerField(1, width)])]
  return [textField(1, name), messageField(2, [messageField(1, [integerField(1, type), messageField(2, shape)])])]
}
