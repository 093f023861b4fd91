/**
 * Unpacks what ROOT has packed: blocks, each behind nine bytes that tell the codec and two sizes.
 * https://root.cern.ch/doc/master/RZip_8cxx_source.html
 */
import { inflateSync } from 'node:zlib'
import { quoted } from '../../source.ts'
import { unpackZstd } from '../zstd.ts'
import type { RootFile } from './file.ts'

/** Bytes before each block. */
const HEAD = 9

/** Unpacks a block of which only the content is given, or the whole with its head, into `size` bytes. */
type Unpack = (content: Buffer, size: number, whole: Buffer) => Uint8Array | Promise<Uint8Array>

/**
 * @param size bytes that it has to become
 * @throws Error where the bytes are broken, or become something else
 */
export async function unpackBlocks({ io }: RootFile, packed: Buffer, size: number): Promise<Uint8Array> {
  const codecs = await codecsOf(io)
  const blocks: Uint8Array[] = []
  let length = 0
  for (let at = 0; at < packed.length && length < size; ) {
    const kind = packed.toString('latin1', at, at + 2)
    const unpack = codecs[kind]
    if (packed.length - at < HEAD || !unpack) throw new Error(`packed by ${quoted(kind)}, expected ZL, ZS, L4 or XZ`)
    const end = at + HEAD + packed.readUIntLE(at + 3, 3)
    const room = packed.readUIntLE(at + 6, 3)
    if (end > packed.length || length + room > size) throw new RangeError(`a block of ${end - at} bytes for ${room}`)
    const block = await unpack(packed.subarray(at + HEAD, end), room, packed.subarray(at, end))
    if (block.length !== room) throw new RangeError(`${block.length} bytes unpacked instead of ${room}`)
    blocks.push(block)
    length += room
    at = end
  }
  return Buffer.concat(blocks)
}

async function codecsOf(io: RootFile['io']): Promise<Record<string, Unpack>> {
  const { decompressZstd, decompressLz4Raw } = await import('hyparquet-compressors')
  return {
    ZL: (content, maxOutputLength) => inflateSync(content, { maxOutputLength }),
    ZS: (content, size) => unpackZstd(decompressZstd, content, size),
    // Before it stands a checksum.
    L4: (content, size) => decompressLz4Raw(content.subarray(8), size),
    XZ: async (_, size, { buffer, byteOffset, byteLength }) => {
      const view = await io.R__unzip(new DataView(buffer, byteOffset, byteLength), size, true)
      if (!view) throw new Error('a block of LZMA that jsroot does not unpack')
      return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
    },
  }
}
