/** An ONNX graph as a chain of dense layers, where it is one. Numbers of fields: onnx.proto, as in `graph.ts`. */
import type { Activation } from 'nndrone'
import { InputError } from '../../../errors.ts'
import type { Chain, Piece } from '../../chain.ts'
import type { ModelFile } from '../../model.ts'
import { bytesOf, decode, type Field, integerOf, textOf } from '../../protobuf.ts'
import { ownFacts } from './own.ts'

const MODEL = { graph: 7 }
const GRAPH = { node: 1, tensor: 5, input: 11, output: 12 }
const NODE = { input: 1, output: 2, name: 3, operator: 4, attribute: 5 }
const ATTRIBUTE = { name: 1, float: 2, integer: 3, tensor: 5, floats: 7 }
const TENSOR = { size: 1, type: 2, floats: 4, doubles: 10, name: 8, raw: 9 }

const VALUE = { name: 1, type: 2 }

const [FLOAT, DOUBLE] = [1, 11]
const FLOATS: readonly number[] = [FLOAT, DOUBLE]

interface Tensor {
  sizes: readonly number[]
  numbers: ArrayLike<number>
}

interface Node {
  operator: string
  name: string
  inputs: readonly string[]
  output: string
  attributes: ReadonlyMap<string, Field[]>
}

/** @param file whose weights are all in it; @param width columns of an event @throws InputError that names the first node that a drone cannot be */
export function chainOf(file: ModelFile, width: number): Chain {
  if (ownFacts(file.bytes, width)) throw new InputError(`${file.path}: was exported from a drone; take that drone`)
  const graph = decode(bytesOf(decode(file.bytes), MODEL.graph)[0] ?? new Uint8Array())
  return { pieces: new Walk(file.path, graph, width).pieces() }
}

/** From the event to the answer, node by node. */
class Walk {
  readonly #path: string
  readonly #nodes: readonly Node[]
  readonly #constants = new Map<string, Tensor>()
  readonly #inputs: readonly string[]
  readonly #outputs: readonly string[]
  #width: number

  constructor(path: string, graph: readonly Field[], width: number) {
    this.#path = path
    this.#width = width
    for (const tensor of bytesOf(graph, GRAPH.tensor)) this.#keep(textOf(decode(tensor), TENSOR.name), tensor)
    const nodes = bytesOf(graph, GRAPH.node).map((bytes) => nodeOf(decode(bytes)))
    for (const { operator, output, attributes } of nodes) {
      const value = attributes.get('value')
      if (operator === 'Constant' && value) this.#keep(output, bytesOf(value, ATTRIBUTE.tensor)[0] ?? new Uint8Array())
    }
    this.#nodes = nodes.filter(({ operator }) => operator !== 'Constant')
    const values = (number: number) => bytesOf(graph, number).map((bytes) => decode(bytes))
    const inputs = values(GRAPH.input).filter((value) => !this.#constants.has(textOf(value, VALUE.name)))
    this.#inputs = inputs.map((value) => textOf(value, VALUE.name))
    this.#outputs = values(GRAPH.output).map((value) => textOf(value, VALUE.name))
    const other = inputs.find((value) => !FLOATS.includes(elementOf(value)))
    if (other) this.#fail(`the input ${JSON.stringify(textOf(other, VALUE.name))} is neither float32 nor float64`)
  }

  #keep(name: string, bytes: Uint8Array): void {
    const tensor = tensorOf(decode(bytes))
    if (tensor) this.#constants.set(name, tensor)
  }

  pieces(): Piece[] {
    const pieces: Piece[] = []
    if (this.#outputs.length !== 1) this.#fail(`${this.#outputs.length} outputs, and a drone is one chain`)
    let at = this.#start()
    for (let steps = 0; at !== this.#outputs[0]; steps++) {
      const next = this.#nodes.filter(({ inputs }) => inputs.includes(at))
      if (next.length === 0 || steps > this.#nodes.length) this.#fail(`no node leads from ${JSON.stringify(at)} on`)
      const swish = next.length === 2 ? this.#swish(next, at) : undefined
      if (next.length > 1 && !swish)
        this.#fail(`${JSON.stringify(at)} goes into several nodes, and a drone is one chain`)
      const made = swish?.pieces ?? this.#piecesOf(next[0]!, at)
      for (const piece of made) if (piece.kind === 'dense') this.#width = piece.bias.length
      pieces.push(...made)
      at = swish?.output ?? next[0]!.output
    }
    return pieces
  }

  /** The event: the only input, or all of them one after the other. */
  #start(): string {
    const [only, ...more] = this.#inputs
    if (more.length === 0 && only !== undefined) return only
    const joined = this.#nodes.find(({ operator, inputs }) => {
      return operator === 'Concat' && inputs.join('\n') === this.#inputs.join('\n')
    })
    return joined?.output ?? this.#fail(`${this.#inputs.length} inputs, and a drone is one chain`)
  }

  #fail(why: string): never {
    throw new InputError(`${this.#path}: ${why}; distil a drone from this model instead`)
  }

  #refuse({ operator, name }: Node, why: string): never {
    const where = name === '' ? operator : `${operator} ${JSON.stringify(name)}`
    throw new InputError(`${this.#path}: node ${where}: ${why}; distil a drone from this model instead`)
  }

  /** x · σ(x) takes two nodes. */
  #swish(nodes: readonly Node[], at: string): { pieces: Piece[]; output: string } | undefined {
    const inner = nodes.find(({ operator }) => operator === 'Sigmoid')
    const product = nodes.find(({ operator, inputs }) => {
      return operator === 'Mul' && inner && inputs.includes(at) && inputs.includes(inner.output)
    })
    const pieces: Piece[] = [{ kind: 'activation', activation: 'swish', alpha: 1 }]
    return product && { pieces, output: product.output }
  }

  /** Numbers of a tensor, one for each column; one stands for all. */
  #row(node: Node, name: string | undefined, width = this.#width): number[] {
    const { numbers } = this.#constants.get(name ?? '') ?? this.#refuse(node, 'works on what is no constant')
    if (numbers.length === 1) return Array<number>(width).fill(numbers[0]!)
    return numbers.length === width
      ? Array.from(numbers)
      : this.#refuse(node, `${numbers.length} numbers, expected ${width}`)
  }

  #piecesOf(node: Node, at: string): Piece[] {
    const { operator, inputs, attributes } = node
    const number = (name: string, otherwise: number) => {
      const fields = attributes.get(name)
      return fields ? floatOf(fields, integerOf(fields, ATTRIBUTE.integer)) : otherwise
    }
    const activation = (name: Activation, alpha?: number): Piece[] => [{ kind: 'activation', activation: name, alpha }]
    const every = (value: number) => Array<number>(this.#width).fill(value)
    switch (operator) {
      case 'Identity':
      case 'Dropout':
      case 'Flatten':
        return []
      case 'Cast':
        return FLOATS.includes(number('to', 0)) ? [] : this.#refuse(node, 'to a type of fewer digits')
      case 'Gemm':
        return [this.#gemm(node, at, number)]
      case 'MatMul':
        return [this.#product(node, at, false, 1)]
      case 'Add':
      case 'Sub':
      case 'Mul':
      case 'Div':
        return [this.#scale(node, at)]
      case 'BatchNormalization': {
        const [gamma, beta, mean, variance] = inputs.slice(1).map((name) => this.#row(node, name)) as number[][]
        const scale = variance!.map((value, i) => gamma![i]! / Math.sqrt(value + number('epsilon', 1e-5)))
        return [{ kind: 'scale', scale, shift: scale.map((factor, i) => beta![i]! - mean![i]! * factor) }]
      }
      case 'Scaler': {
        const row = (name: string) => {
          const list = floatsOf(attributes.get(name) ?? [])
          return list.length === 1 ? every(list[0]!) : list
        }
        const [offset, scale] = [row('offset'), row('scale')]
        if (offset.length !== this.#width || scale.length !== this.#width) this.#refuse(node, 'not one number a column')
        return [{ kind: 'scale', scale, shift: scale.map((factor, i) => -offset[i]! * factor) }]
      }
      case 'Sigmoid':
        return activation('sigmoid')
      case 'Tanh':
        return activation('tanh')
      case 'Relu':
        return activation('rectified')
      case 'Abs':
        return activation('abs')
      case 'Elu':
        return activation('elu', number('alpha', 1))
      case 'LeakyRelu':
        return activation('leakyrelu', number('alpha', 0.01))
      case 'Softmax':
        if (![-1, 1].includes(number('axis', -1))) this.#refuse(node, `of the axis ${number('axis', -1)}`)
        return activation('softmax')
      case 'HardSigmoid': {
        // alpha x + beta is x/5 + 1/2 of another x.
        const [alpha, beta] = [number('alpha', 0.2), number('beta', 0.5)]
        const before: Piece = { kind: 'scale', scale: every(alpha / 0.2), shift: every((beta - 0.5) / 0.2) }
        return [before, ...activation('hard_sigmoid')]
      }
      default:
        return this.#refuse(node, 'is none that a drone has')
    }
  }

  #gemm(node: Node, at: string, number: (name: string, otherwise: number) => number): Piece {
    if (number('transA', 0) !== 0) this.#refuse(node, 'turns the events')
    const dense = this.#product(node, at, number('transB', 0) === 1, number('alpha', 1))
    if (node.inputs.length < 3) return dense
    const beta = number('beta', 1)
    return { ...dense, bias: this.#row(node, node.inputs[2], dense.bias.length).map((b) => b * beta) }
  }

  #product(node: Node, at: string, turned: boolean, factor: number): Piece & { kind: 'dense' } {
    const { sizes, numbers } =
      this.#constants.get(node.inputs[1] ?? '') ?? this.#refuse(node, 'has no constant weights')
    const [rows, columns] = sizes as [number, number]
    const [inputs, units] = turned ? [columns, rows] : [rows, columns]
    if (node.inputs[0] !== at || sizes.length !== 2 || inputs !== this.#width) {
      this.#refuse(node, `weights of [${sizes.join(', ')}] for ${this.#width} numbers`)
    }
    const weights = Float64Array.from(numbers, (_, n) => {
      const [i, j] = [Math.floor(n / inputs), n % inputs]
      return numbers[turned ? n : j * units + i]! * factor
    })
    return { kind: 'dense', weights, bias: new Float64Array(units) }
  }

  /** With a number for each column. */
  #scale(node: Node, at: string): Piece {
    const { operator, inputs } = node
    const first = inputs[0] === at
    const row = this.#row(node, inputs[first ? 1 : 0])
    const every = (value: number) => row.map(() => value)
    if (operator === 'Add') return { kind: 'scale', scale: every(1), shift: row }
    if (operator === 'Mul') return { kind: 'scale', scale: row, shift: every(0) }
    if (operator === 'Sub') {
      return { kind: 'scale', scale: every(first ? 1 : -1), shift: first ? row.map((value) => -value) : row }
    }
    if (!first) this.#refuse(node, 'divides by the event')
    return { kind: 'scale', scale: row.map((value) => 1 / value), shift: every(0) }
  }
}

/** The type of the numbers of a graph's input. */
function elementOf(value: readonly Field[]): number {
  const inside = (fields: readonly Field[], number: number) => decode(bytesOf(fields, number)[0] ?? new Uint8Array())
  return integerOf(inside(inside(value, VALUE.type), 1), 1)
}

function nodeOf(fields: readonly Field[]): Node {
  const texts = (number: number) => bytesOf(fields, number).map((bytes) => new TextDecoder().decode(bytes))
  const attributes = bytesOf(fields, NODE.attribute).map((bytes): [string, Field[]] => {
    const attribute = decode(bytes)
    return [textOf(attribute, ATTRIBUTE.name), attribute]
  })
  return {
    operator: textOf(fields, NODE.operator),
    name: textOf(fields, NODE.name),
    inputs: texts(NODE.input),
    output: texts(NODE.output)[0] ?? '',
    attributes: new Map(attributes),
  }
}

/** The number of an attribute. @param otherwise where it holds no float */
function floatOf(fields: readonly Field[], otherwise: number): number {
  const value = fields.find(({ number }) => number === ATTRIBUTE.float)?.value
  return value instanceof Uint8Array ? view(value).getFloat32(0, true) : otherwise
}

/** The list of an attribute: each number by itself, or all in one piece. */
function floatsOf(fields: readonly Field[]): number[] {
  return bytesOf(fields, ATTRIBUTE.floats).flatMap((bytes) => numbersOf(bytes, 4))
}

/** Undefined where it holds neither float32 nor float64. */
function tensorOf(fields: readonly Field[]): Tensor | undefined {
  const type = integerOf(fields, TENSOR.type)
  if (type !== FLOAT && type !== DOUBLE) return undefined
  const sizes = fields.flatMap(({ number, value }) => {
    if (number !== TENSOR.size) return []
    return typeof value === 'bigint' ? [Number(value)] : [...decodeNumbers(value)]
  })
  const bytes = type === FLOAT ? 4 : 8
  const raw = bytesOf(fields, TENSOR.raw)[0]
  const pieces = raw ? [raw] : bytesOf(fields, type === FLOAT ? TENSOR.floats : TENSOR.doubles)
  return { sizes, numbers: pieces.flatMap((piece) => numbersOf(piece, bytes)) }
}

function numbersOf(bytes: Uint8Array, size: 4 | 8): number[] {
  const data = view(bytes)
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, i) => {
    return size === 4 ? data.getFloat32(i * 4, true) : data.getFloat64(i * 8, true)
  })
}

function view({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}

/** Whole numbers one after the other, seven bits a byte. */
function* decodeNumbers(bytes: Uint8Array): Generator<number> {
  let [value, factor] = [0, 1]
  for (const byte of bytes) {
    value += (byte & 127) * factor
    factor *= 128
    if (byte > 127) continue
    yield value
    ;[value, factor] = [0, 1]
  }
}
