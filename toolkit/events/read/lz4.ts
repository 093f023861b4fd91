/**
 * Unpacks LZ4 frames, as Arrow has them.
 * https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md and lz4_Block_format.md
 */

const SIGN = 0x184d2204

/** Marks a block that is stored as it is, in its length. */
const STORED = 0x80000000

/**
 * @param most bytes that it may become
 * @throws Error where the bytes are broken or cut short, or become more
 */
export function unpackLZ4(packed: Uint8Array, most: number): Uint8Array {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength)
  if (bytes.readUInt32LE() !== SIGN) throw new Error('no LZ4 frame')
  const flags = bytes.readUInt8(4)
  const output = new Output(most)
  let at = 7 + (flags & 8 ? 8 : 0) + (flags & 1 ? 4 : 0)
  for (let size = bytes.readUInt32LE(at); size !== 0; size = bytes.readUInt32LE(at)) {
    const length = size & ~STORED
    const block = bytes.subarray(at + 4, at + 4 + length)
    if (block.length < length) throw new Error('an LZ4 block that is cut short')
    if (size >= STORED) output.append(block)
    else unpackBlock(block, output)
    at += 4 + length + (flags & 16 ? 4 : 0)
  }
  return output.bytes
}

/** A block is literal bytes and copies of what came before, in this block or in those before it, in turns. */
function unpackBlock(block: Buffer, output: Output): void {
  for (let at = 0; at < block.length; ) {
    const token = block[at++]!
    const length = (nibble: number) => {
      let sum = nibble
      for (let byte = nibble === 15 ? 255 : 0; byte === 255; sum += byte) byte = block.readUInt8(at++)
      return sum
    }
    const literals = length(token >> 4)
    if (literals > block.length - at) throw new Error('an LZ4 block that is cut short')
    output.append(block.subarray(at, at + literals))
    at += literals
    if (at === block.length) return
    const distance = block.readUInt16LE(at)
    at += 2
    output.repeat(distance, 4 + length(token & 15))
  }
}

/** Bytes that grow, up to a length. */
class Output {
  readonly #most: number
  #bytes = new Uint8Array(1 << 16)
  #length = 0

  constructor(most: number) {
    this.#most = most
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  /** Appends what stands `distance` bytes before the end; it may reach into itself. */
  repeat(distance: number, count: number): void {
    if (distance === 0 || distance > this.#length) throw new Error(`an LZ4 distance of ${distance}`)
    this.#reserve(count)
    const bytes = this.#bytes
    const end = this.#length + count
    for (let to = this.#length; to < end; to++) bytes[to] = bytes[to - distance]!
    this.#length = end
  }

  #reserve(count: number): void {
    if (this.#length + count > this.#most) throw new Error(`an LZ4 frame of more than ${this.#most} bytes`)
    if (this.#length + count <= this.#bytes.length) return
    const larger = new Uint8Array(2 * (this.#length + count))
    larger.set(this.bytes)
    this.#bytes = larger
  }
}
