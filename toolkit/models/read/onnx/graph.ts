/** A graph as a runtime takes it: without ZipMap, and with the weights that the file keeps in others beside it. */
import type { ModelFile } from '../../model.ts'
import {
  bytesOf,
  decode,
  encode,
  type Field,
  integerField,
  integerOf,
  mapped,
  messageField,
  ProtobufError,
  textField,
  textOf,
} from '../../protobuf.ts'
import { Beside } from './beside.ts'

/** Numbers of fields: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
const MODEL = { graph: 7 }
const GRAPH = { node: 1, initializer: 5, output: 12 }
const NODE = { input: 1, output: 2, name: 3, operator: 4, attribute: 5, domain: 7 }
const VALUE = { name: 1, type: 2 }
const TYPE = { tensor: 1, sequence: 4 }
const TENSOR_TYPE = { element: 1 }
const TENSOR = { name: 8, raw: 9, external: 13, location: 14 }
const ATTRIBUTE = { tensor: 5, graph: 6, tensors: 10, graphs: 11 }

const FLOAT = 1
const EXTERNAL = 1

/** How deep graphs may lie in one another. */
const DEEPEST = 16

/**
 * The bytes of a model for a runtime; as they are where nothing has to change.
 * @throws InputError where a file beside it is not there, or does not hold what it should
 */
export function prepared(file: ModelFile): Buffer {
  try {
    return rewritten(file)
  } catch (error) {
    // The runtime says what is wrong with it.
    if (error instanceof ProtobufError) return file.bytes
    throw error
  }
}

function rewritten(file: ModelFile): Buffer {
  const zips = file.bytes.includes('ZipMap')
  const outside = file.bytes.includes('location')
  if (!zips && !outside) return file.bytes
  const beside = new Beside(file)
  const fields = mapped(decode(file.bytes), MODEL.graph, (graph) => {
    const whole = outside ? withTensors(graph, beside, DEEPEST) : graph
    return zips ? withoutZipMap(whole) : whole
  })
  const { buffer, byteOffset, length } = encode(fields)
  return Buffer.from(buffer, byteOffset, length)
}

/**
 * ZipMap makes of an array of probabilities a list of maps from class to probability, which JavaScript runtimes do not
 * return. In its place the array goes through under the same name.
 */
function withoutZipMap(graph: readonly Field[]): Field[] {
  const zipped = new Set<string>()
  const nodes = mapped(graph, GRAPH.node, (node) => {
    if (textOf(node, NODE.operator) !== 'ZipMap') return node
    zipped.add(textOf(node, NODE.output))
    const kept = [NODE.input, NODE.output, NODE.name]
    return [...node.filter(({ number }) => kept.includes(number)), textField(NODE.operator, 'Identity')]
  })
  const type = messageField(VALUE.type, [messageField(TYPE.tensor, [integerField(TENSOR_TYPE.element, FLOAT)])])
  return mapped(nodes, GRAPH.output, (output) => {
    const name = textOf(output, VALUE.name)
    return zipped.has(name) ? [textField(VALUE.name, name), type] : output
  })
}

/** Weights stand in the graph itself, in attributes of its nodes, and in the graphs that those hold. */
function withTensors(graph: readonly Field[], beside: Beside, depth: number): Field[] {
  if (depth === 0) throw new ProtobufError('graphs lie too deep in one another')
  const tensor = (fields: Field[]) => inside(fields, beside)
  const inner = (fields: Field[]) => withTensors(fields, beside, depth - 1)
  const attribute = (fields: Field[]) => {
    const tensors = mapped(mapped(fields, ATTRIBUTE.tensor, tensor), ATTRIBUTE.tensors, tensor)
    return mapped(mapped(tensors, ATTRIBUTE.graph, inner), ATTRIBUTE.graphs, inner)
  }
  const nodes = mapped(graph, GRAPH.node, (node) => mapped(node, NODE.attribute, attribute))
  return mapped(nodes, GRAPH.initializer, tensor)
}

/** A tensor with its numbers in it. */
function inside(tensor: Field[], beside: Beside): Field[] {
  if (integerOf(tensor, TENSOR.location) !== EXTERNAL) return tensor
  const entries = bytesOf(tensor, TENSOR.external).map((bytes) => decode(bytes))
  const entry = (key: string) => {
    const found = entries.find((fields) => textOf(fields, 1) === key)
    return found && textOf(found, 2)
  }
  const raw = beside.read(textOf(tensor, TENSOR.name), entry('location'), entry('offset'), entry('length'))
  const kept = tensor.filter(({ number }) => number !== TENSOR.external && number !== TENSOR.location)
  return [...kept, { number: TENSOR.raw, wire: 2, value: raw }]
}
