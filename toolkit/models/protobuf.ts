/** Protocol buffers: the fields of a message, read and written. https://protobuf.dev/programming-guides/encoding/ */

/** A number, eight or four bytes, or what has a length: a text, a message, numbers one after the other. */
const WIRE = { VARINT: 0, EIGHT: 1, BYTES: 2, FOUR: 5 }

export interface Field {
  readonly number: number
  /** How it is written, which tells what the value is. */
  readonly wire: number
  readonly value: bigint | Uint8Array
}

/** Bytes that are no message. */
export class ProtobufError extends Error {
  override name = 'ProtobufError'
}

/** @throws ProtobufError where the bytes are no message */
export function decode(bytes: Uint8Array): Field[] {
  const fields: Field[] = []
  let at = 0
  const varint = () => {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (at >= bytes.length) throw new ProtobufError('a number is cut short')
      const byte = bytes[at++]!
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return BigInt.asUintN(64, value)
    }
    throw new ProtobufError('a number of more than ten bytes')
  }
  const slice = (length: number) => {
    if (length > bytes.length - at)
      throw new ProtobufError(`a field of ${length} bytes, but ${bytes.length - at} are left`)
    at += length
    return bytes.subarray(at - length, at)
  }
  while (at < bytes.length) {
    const tag = Number(varint())
    const [number, wire] = [Math.floor(tag / 8), tag % 8]
    if (number === 0) throw new ProtobufError('a field without a number')
    if (wire === WIRE.VARINT) fields.push({ number, wire, value: varint() })
    else if (wire === WIRE.BYTES) fields.push({ number, wire, value: slice(Number(varint())) })
    else if (wire === WIRE.EIGHT || wire === WIRE.FOUR) {
      fields.push({ number, wire, value: slice(wire === WIRE.EIGHT ? 8 : 4) })
    } else throw new ProtobufError(`a field of type ${wire}`)
  }
  return fields
}

/** The bytes of a message. */
export function encode(fields: readonly Field[]): Uint8Array {
  const pieces = fields.flatMap(({ number, wire, value }) => {
    const tag = varintBytes(BigInt(number * 8 + wire))
    if (typeof value === 'bigint') return [tag, varintBytes(value)]
    return wire === WIRE.BYTES ? [tag, varintBytes(BigInt(value.length)), value] : [tag, value]
  })
  const { buffer, byteOffset, length } = Buffer.concat(pieces)
  return new Uint8Array(buffer, byteOffset, length)
}

/** A number of seven bits a byte, the lowest first. */
export function varintBytes(value: bigint): Uint8Array {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, value)
  do {
    const byte = Number(rest & 127n)
    rest >>= 7n
    bytes.push(rest === 0n ? byte : byte | 128)
  } while (rest !== 0n)
  return Uint8Array.from(bytes)
}

/** A whole number, which may be negative. */
export function integerField(number: number, value: number | bigint): Field {
  return { number, wire: WIRE.VARINT, value: BigInt.asUintN(64, BigInt(value)) }
}

/** A float32. */
export function fourField(number: number, value: number): Field {
  return { number, wire: WIRE.FOUR, value: new Uint8Array(Float32Array.of(value).buffer) }
}

export function bytesField(number: number, value: Uint8Array): Field {
  return { number, wire: WIRE.BYTES, value }
}

export function textField(number: number, text: string): Field {
  return bytesField(number, new TextEncoder().encode(text))
}

export function messageField(number: number, fields: readonly Field[]): Field {
  return bytesField(number, encode(fields))
}

/** The text of the first field of a number; '' where there is none. */
export function textOf(fields: readonly Field[], number: number): string {
  const value = fields.find((field) => field.number === number)?.value
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : ''
}

/** The whole number of the first field of a number; 0 where there is none. */
export function integerOf(fields: readonly Field[], number: number): number {
  const value = fields.find((field) => field.number === number)?.value
  return typeof value === 'bigint' ? Number(BigInt.asIntN(64, value)) : 0
}

/** The messages, texts or lists of all fields of a number. */
export function bytesOf(fields: readonly Field[], number: number): Uint8Array[] {
  return fields.flatMap((field) => (field.number === number && field.value instanceof Uint8Array ? field.value : []))
}

/** Fields with each message of a number replaced by what `change` makes of its fields. */
export function mapped(
  fields: readonly Field[],
  number: number,
  change: (message: Field[]) => readonly Field[],
): Field[] {
  return fields.map((field) => {
    const { value } = field
    return field.number === number && value instanceof Uint8Array ? messageField(number, change(decode(value))) : field
  })
}
