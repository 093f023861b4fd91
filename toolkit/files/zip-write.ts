/** Writes a zip archive of files that are not packed. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
import { crc32 } from 'node:zlib'

const VERSION = 20
/** The first day that a zip can tell, so that the same files give the same archive. */
const DAY = (1 << 5) | 1

/** @param files by their names */
export function zipped(files: Readonly<Record<string, Uint8Array | string>>): Uint8Array {
  const pieces: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let at = 0
  for (const [name, content] of Object.entries(files)) {
    const bytes = Buffer.from(content)
    const facts = factsOf(name, bytes)
    directory.push(record(0x02014b50, VERSION, facts, name, at))
    const local = record(0x04034b50, undefined, facts, name)
    pieces.push(local, bytes)
    at += local.length + bytes.length
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(directory.length, 8)
  end.writeUInt16LE(directory.length, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(at, 16)
  return new Uint8Array(Buffer.concat([...pieces, ...directory, end]))
}

/** What the record before a file and its entry in the directory have in common: 26 bytes. */
function factsOf(name: string, bytes: Uint8Array): Buffer {
  const facts = Buffer.alloc(26)
  facts.writeUInt16LE(VERSION, 0)
  facts.writeUInt16LE(DAY, 8)
  facts.writeUInt32LE(crc32(bytes), 10)
  facts.writeUInt32LE(bytes.length, 14)
  facts.writeUInt32LE(bytes.length, 18)
  facts.writeUInt16LE(Buffer.byteLength(name), 22)
  return facts
}

/** @param maker and @param at of an entry in the directory: the version that made it, and where the file begins */
function record(sign: number, maker: number | undefined, facts: Buffer, name: string, at?: number): Uint8Array {
  const head = Buffer.alloc(maker === undefined ? 4 : 6)
  head.writeUInt32LE(sign, 0)
  if (maker !== undefined) head.writeUInt16LE(maker, 4)
  const tail = Buffer.alloc(at === undefined ? 0 : 14)
  if (at !== undefined) tail.writeUInt32LE(at, 10)
  return Buffer.concat([head, facts, tail, Buffer.from(name)])
}
