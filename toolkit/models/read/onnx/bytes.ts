/** By what an ONNX model is known. */

/** A version of the format, then one of the fields that follow it: producer, graph, operators. Protobuf has no magic. */
export function isOnnx(bytes: Buffer): boolean {
  return bytes[0] === 0x08 && bytes[1]! < 0x20 && [0x12, 0x3a, 0x42].includes(bytes[2]!)
}
