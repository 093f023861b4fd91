/**
 * What a Zstandard frame declares, looked at before it is unpacked: few bytes can become billions.
 * https://www.rfc-editor.org/rfc/rfc8878
 */

const SIGN = 0xfd2fb528

/** Bytes of the window that any frame may ask for: what every decoder has to support. */
const WINDOW = 1 << 23

/** An encoder cuts at 128 kB, or earlier where it saves something: on average blocks are far longer than this. */
const SHORT_BLOCK = 256
const FEW_BLOCKS = 64

/**
 * Unpacks a frame.
 * @param decompress of hyparquet-compressors; @param most bytes that it may become
 * @throws Error where it declares more, or has more blocks than such a frame
 */
export function unpackZstd(decompress: (packed: Uint8Array) => Uint8Array, packed: Uint8Array, most: number) {
  checkFrame(Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength), most)
  return decompress(packed)
}

function checkFrame(bytes: Buffer, most: number): void {
  if (bytes.readUInt32LE() !== SIGN) throw new Error('no Zstandard frame')
  const flags = bytes.readUInt8(4)
  const single = (flags >> 5) & 1
  const window = single ? 0 : 2 ** (10 + (bytes.readUInt8(5) >> 3)) * (1 + (bytes.readUInt8(5) & 7) / 8)
  if (window > Math.max(WINDOW, 2 * most)) throw new Error(`a Zstandard window of ${window} bytes`)
  const dictionary = [0, 1, 2, 4][flags & 3]!
  const contentAt = 6 - single + dictionary
  const contentBytes = [single, 2, 4, 8][flags >> 6]!
  const content = contentSize(bytes, contentAt, contentBytes)
  if (content !== undefined && content > most)
    throw new Error(`a Zstandard frame of ${content} bytes, expected at most ${most}`)
  const blocks = countBlocks(bytes, contentAt + contentBytes)
  if (blocks > FEW_BLOCKS + most / SHORT_BLOCK) throw new Error(`${blocks} Zstandard blocks for at most ${most} bytes`)
}

/** What the frame becomes, if it tells. */
function contentSize(bytes: Buffer, at: number, size: number): number | undefined {
  if (size === 0) return undefined
  if (size === 8) return Number(bytes.readBigUInt64LE(at))
  return bytes.readUIntLE(at, size) + (size === 2 ? 256 : 0)
}

function countBlocks(bytes: Buffer, from: number): number {
  let blocks = 0
  for (let at = from, last = false; !last; blocks++) {
    const header = bytes.readUIntLE(at, 3)
    last = (header & 1) === 1
    // A block of one byte that is repeated holds that byte alone.
    at += 3 + (((header >> 1) & 3) === 1 ? 1 : header >> 3)
  }
  return blocks
}
