/**
 * The numbers of a branch, basket after basket.
 * https://root.cern.ch/doc/master/classTBasket.html
 */
import type { Branch, KeptBasket } from 'jsroot/io'
import { unpackBlocks } from './blocks.ts'
import { broken, type RootFile, readBytes } from './file.ts'

/** The content of a basket, and where that of its events ends. */
interface Basket {
  content: Buffer
  end: number
  events: number
  /** Where each event begins, where the basket tells. */
  starts: Int32Array | undefined
}

/** Bytes of the key that stands before a basket, up to the names in it, at least. */
const LEAST_KEY = 18

/** What the key of a basket has at its end: the number of its events, where they end, and a byte. */
const COUNT_AT = 9
const END_AT = 5

/**
 * Baskets are in the file, or were kept with the tree.
 * @param stride bytes that are wanted of each event, from its beginning
 * @param whole whether an event has no more
 */
export async function* baskets(file: RootFile, branch: Branch, stride: number, whole: boolean) {
  const { fWriteBasket, fBasketSeek, fBasketBytes, fBaskets, fEntryOffsetLen } = branch
  const kept = fBaskets?.arr ?? []
  for (let k = 0; k < Math.max(fWriteBasket, kept.length); k++) {
    const place = k < fWriteBasket ? Number(fBasketSeek[k]) : 0
    const basket = place > 0 ? await readBasket(file, place, Number(fBasketBytes[k]), !whole) : keptBasket(kept[k])
    if (basket) yield eventsOf(file.name, basket, k, stride, whole, fEntryOffsetLen > 0)
  }
}

/** @param exact whether the basket could hold events of several lengths, so that their sum has to be right */
function eventsOf(name: string, basket: Basket, k: number, stride: number, whole: boolean, exact: boolean): Buffer {
  const { content, end, events, starts } = basket
  const wrong = () => broken(name, `basket ${k} of ${end} bytes for ${events} events`)
  if (!(events >= 0 && end <= content.length)) throw wrong()
  if (whole) {
    if (exact ? events * stride !== end : events * stride > end) throw wrong()
    return content.subarray(0, events * stride)
  }
  if (!starts || starts.length < events) throw wrong()
  const bytes = Buffer.alloc(events * stride)
  for (let n = 0; n < events; n++) {
    const from = starts[n]!
    if (!(from >= 0 && from + stride <= end)) throw wrong()
    content.copy(bytes, n * stride, from, from + stride)
  }
  return bytes
}

function keptBasket(kept: KeptBasket | null | undefined): Basket | undefined {
  if (!kept?.fBufferRef) return undefined
  const { buffer, byteOffset, byteLength } = kept.fBufferRef.arr
  const starts = kept.fEntryOffset && Int32Array.from(kept.fEntryOffset, (start) => start - kept.fKeylen)
  return { content: Buffer.from(buffer, byteOffset, byteLength), end: byteLength, events: kept.fNevBuf, starts }
}

/** A basket is behind a key that tells its sizes, and packed if it is shorter than that says. */
async function readBasket(file: RootFile, from: number, size: number, withStarts: boolean): Promise<Basket> {
  const { name } = file
  const wrong = (what: string) => broken(name, `a basket ${what}`)
  if (!(size > LEAST_KEY)) throw wrong(`of ${size} bytes at ${from}`)
  const bytes = await readBytes(file.ranges, from, size).catch(() => {
    throw wrong(`of ${size} bytes at ${from}`)
  })
  const view = Buffer.from(bytes.buffer)
  const [length, keyLength] = [view.readInt32BE(6), view.readInt16BE(14)]
  if (keyLength < LEAST_KEY || keyLength > size) throw wrong(`at ${from} with a key of ${keyLength} bytes`)
  const [events, end] = [view.readInt32BE(keyLength - COUNT_AT), view.readInt32BE(keyLength - END_AT) - keyLength]
  const packed = view.subarray(keyLength)
  const content = packed.length >= length ? packed : await unpacked(file, packed, length)
  return { content, end, events, starts: withStarts ? startsOf(content, end, keyLength) : undefined }
}

async function unpacked(file: RootFile, packed: Buffer, length: number): Promise<Buffer> {
  try {
    const { buffer, byteOffset, byteLength } = await unpackBlocks(file, packed, length)
    return Buffer.from(buffer, byteOffset, byteLength)
  } catch (error) {
    throw broken(file.name, (error as Error).message)
  }
}

/** Behind the events: how many numbers follow, then where each event begins, counted from the key. */
function startsOf(content: Buffer, end: number, keyLength: number): Int32Array | undefined {
  if (!(end >= 0 && end + 4 <= content.length)) return undefined
  const count = content.readInt32BE(end)
  if (!(count >= 0 && end + 4 + 4 * count <= content.length)) return undefined
  return Int32Array.from({ length: count }, (_, n) => content.readInt32BE(end + 4 + 4 * n) - keyLength)
}
