/** A ROOT file packed anew: its baskets, trees and type descriptions by zstd, as ROOT writes them with kZSTD. */
import { inflateSync } from 'node:zlib'

type Compress = (bytes: Uint8Array) => Uint8Array

/** A record and the fields of its key (TKey), for files below 2 GB. */
interface Entry {
  at: number
  size: number
  kind: string
  head: Buffer
  content: Buffer
}

/**
 * The records that are packed are written anew behind all others, and whatever points to them is changed: the tree to
 * its baskets, the list of keys to the tree, the head of the file to the descriptions and to its end.
 */
export function packedByZstd(file: Buffer, compress: Compress): Buffer {
  const packed = [...entries(file)].filter(({ kind }) => /^(TBasket|TTree|TList)$/.test(kind))
  const parts: Buffer[] = [Buffer.from(file)]
  // What was there before cannot be read any more.
  for (const { at, size, head } of packed) parts[0]!.fill(0, at + head.length, at + size)
  let end = file.length
  const append = ({ head, content }: Entry): { at: number; size: number } => {
    const block = zstdBlock(content, compress)
    const [at, size] = [end, head.length + block.length]
    head.writeInt32BE(size, 0)
    head.writeInt32BE(at, 18)
    parts.push(head, block)
    end += size
    return { at, size }
  }
  const of = (kind: string) => packed.filter((entry) => entry.kind === kind)
  const trees = of('TTree')
  for (const basket of of('TBasket')) pointToBasket(trees, basket, append(basket))
  for (const tree of trees) {
    const { at, size } = append(tree)
    const key = keyOf(parts[0]!, tree)
    parts[0]!.writeInt32BE(size, key)
    parts[0]!.writeInt32BE(at, key + 18)
  }
  for (const infos of of('TList')) {
    const { at, size } = append(infos)
    parts[0]!.writeInt32BE(at, 37)
    parts[0]!.writeInt32BE(size, 41)
  }
  parts[0]!.writeInt32BE(end, 12)
  return Buffer.concat(parts)
}

function* entries(file: Buffer): Generator<Entry> {
  for (let at = file.readInt32BE(8); at < file.length - 26; ) {
    const size = file.readInt32BE(at)
    if (size > 0) {
      const record = file.subarray(at, at + size)
      const [length, keyLength] = [record.readInt32BE(6), record.readInt16BE(14)]
      const kind = record.toString('latin1', 27, 27 + record[26]!)
      const content = record.subarray(keyLength)
      const whole = content.length < length ? inflateSync(content.subarray(9)) : Buffer.from(content)
      yield { at, size, kind, head: Buffer.from(record.subarray(0, keyLength)), content: whole }
    }
    at += Math.abs(size)
  }
}

function zstdBlock(content: Buffer, compress: Compress): Buffer {
  const packed = compress(content)
  const head = Buffer.from('ZS\x01......', 'latin1')
  head.writeUIntLE(packed.length, 3, 3)
  head.writeUIntLE(content.length, 6, 3)
  return Buffer.concat([head, packed])
}

/** In a branch, fBasketBytes (int32) stands before fBasketEntry and fBasketSeek (int64), each behind a byte. */
function pointToBasket(trees: readonly Entry[], old: Entry, { at, size }: { at: number; size: number }): void {
  for (const { content } of trees) {
    const seek = content.indexOf(int64(old.at))
    if (seek < 0) continue
    const bytes = content.lastIndexOf(int32(old.size), seek)
    if (bytes < 0 || (seek - bytes - 2) % 12 !== 0) throw new Error(`no size of the basket at ${old.at}`)
    int64(at).copy(content, seek)
    int32(size).copy(content, bytes)
    return
  }
}

/** Where the list of keys has the key of an entry: in the last record that tells its place. */
function keyOf(file: Buffer, { at }: Entry): number {
  return file.lastIndexOf(int32(at)) - 18
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

function int64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(BigInt(value))
  return bytes
}
