/** A network as an ONNX model: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, of which this writes what it needs. */
import type { Layer } from '../../dist/index.js'

const FLOAT = 1
const INT = 2

/** What a message is made of: numbers become varints, texts and bytes are preceded by their length. */
type Field = [number: number, value: number | string | Uint8Array]

const VARINT = 0
const LENGTH = 2

function varint(value: number): number[] {
  const bytes: number[] = []
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128)
  return [...bytes, value]
}

function message(...fields: Field[]): Uint8Array {
  return Buffer.concat(
    fields.map(([number, value]) => {
      if (typeof value === 'number') return Buffer.from([...varint(number * 8 + VARINT), ...varint(value)])
      const bytes = Buffer.from(value)
      return Buffer.concat([Buffer.from([...varint(number * 8 + LENGTH), ...varint(bytes.length)]), bytes])
    }),
  )
}

/** A TensorProto: dimensions, element type, name, raw little-endian numbers. */
function tensor(name: string, dimensions: number[], numbers: Float32Array): Uint8Array {
  const sizes = dimensions.map((size): Field => [1, size])
  return message(
    ...sizes,
    [2, FLOAT],
    [8, name],
    [9, new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)],
  )
}

/** A ValueInfoProto: a matrix of as many rows as there are events. */
function value(name: string, width: number): Uint8Array {
  const shape = message([1, message([2, 'events'])], [1, message([1, width])])
  return message([1, name], [2, message([1, message([1, FLOAT], [2, shape])])])
}

/** A NodeProto: inputs, outputs, operator, attributes. */
function node(operator: string, inputs: string[], output: string, ...attributes: Uint8Array[]): Uint8Array {
  const named = inputs.map((input): Field => [1, input])
  return message(...named, [2, output], [4, operator], ...attributes.map((attribute): Field => [5, attribute]))
}

/** Gemm and Sigmoid for each layer, from `x` [events × inputs] to `y` [events × outputs]. */
export function onnx(layers: readonly Layer[]): Uint8Array {
  const nodes: Uint8Array[] = []
  const parameters: Uint8Array[] = []
  const transposed = message([1, 'transB'], [3, 1], [20, INT])
  const width = (layer: Layer) => layer.weights.length / layer.bias.length
  let from = 'x'
  for (const [k, layer] of layers.entries()) {
    const to = k === layers.length - 1 ? 'y' : `y${k}`
    parameters.push(tensor(`w${k}`, [layer.bias.length, width(layer)], layer.weights))
    parameters.push(tensor(`b${k}`, [layer.bias.length], layer.bias))
    nodes.push(node('Gemm', [from, `w${k}`, `b${k}`], `z${k}`, transposed), node('Sigmoid', [`z${k}`], to))
    from = to
  }
  const graph = message(
    ...nodes.map((bytes): Field => [1, bytes]),
    [2, 'drone'],
    ...parameters.map((bytes): Field => [5, bytes]),
    [11, value('x', width(layers[0]!))],
    [12, value('y', layers.at(-1)!.bias.length)],
  )
  const [version, operators] = [8, 13]
  return message([1, version], [7, graph], [8, message([1, ''], [2, operators])])
}
