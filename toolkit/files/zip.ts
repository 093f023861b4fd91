/**
 * The files in a zip archive, each read as a stream, so that none has to be in memory whole.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
import { createInflateRaw } from 'node:zlib'
import { InputError } from '../errors.ts'
import { type Ranges, readRange } from './ranges.ts'
import { unpacked } from './unpack.ts'

/** The record at the end, with a comment behind it. */
const END = { sign: 0x06054b50, size: 22, comment: 65535 }
const END_64 = { sign: 0x06064b50, size: 56 }
const LOCATOR_64 = { sign: 0x07064b50, size: 20 }
const ENTRY = { sign: 0x02014b50, size: 46 }
const LOCAL = { sign: 0x04034b50, size: 30 }

/** In the place of a number that needs 64 bits, which then stands elsewhere. */
const WIDE = 0xffffffff

const LARGEST_DIRECTORY = 1 << 26

/**
 * The archive's files by their names.
 * @param wanted whether a file is among those that are asked for
 * @throws InputError where it is no archive or one that is cut short
 */
export async function zipEntries(
  name: string,
  archive: Ranges,
  wanted: (file: string) => boolean,
): Promise<Map<string, Ranges>> {
  const { from, to } = await directory(name, archive)
  const bytes = await read(archive, from, to)
  const entries = new Map<string, Ranges>()
  for (let at = 0; at < bytes.length; ) {
    if (bytes.length - at < ENTRY.size || bytes.readUInt32LE(at) !== ENTRY.sign) throw broken(name, 'its directory')
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset))
    const next = at + ENTRY.size + nameLength! + extraLength! + commentLength!
    if (next > bytes.length) throw broken(name, 'its directory')
    const entry = bytes.subarray(at, next)
    const file = entry.toString('utf8', ENTRY.size, ENTRY.size + nameLength!)
    if (wanted(file)) entries.set(file, await content(`${name}: ${file}`, archive, entry))
    at = next
  }
  return entries
}

async function directory(name: string, archive: Ranges): Promise<{ from: number; to: number }> {
  const start = Math.max(0, archive.size - END.size - END.comment)
  const tail = await read(archive, start, archive.size)
  let at = tail.length - END.size
  while (at >= 0 && tail.readUInt32LE(at) !== END.sign) at--
  if (at < 0) throw broken(name, 'the end')
  let size = tail.readUInt32LE(at + 12)
  let from = tail.readUInt32LE(at + 16)
  if (from === WIDE || size === WIDE) {
    const locator = at - LOCATOR_64.size
    if (locator < 0 || tail.readUInt32LE(locator) !== LOCATOR_64.sign) throw broken(name, 'the end')
    const place = Number(tail.readBigUInt64LE(locator + 8))
    const wide = await read(archive, place, place + END_64.size)
    if (wide.length < END_64.size || wide.readUInt32LE() !== END_64.sign) throw broken(name, 'the end')
    size = Number(wide.readBigUInt64LE(40))
    from = Number(wide.readBigUInt64LE(48))
  }
  if (from + size > archive.size || size > LARGEST_DIRECTORY) throw broken(name, 'its directory')
  return { from, to: from + size }
}

/** What an entry of the directory leads to. */
async function content(name: string, archive: Ranges, entry: Buffer): Promise<Ranges> {
  const [flags, method] = [entry.readUInt16LE(8), entry.readUInt16LE(10)]
  if (flags & 1) throw new InputError(`${name}: is encrypted`)
  if (method !== 0 && method !== 8)
    throw new InputError(`${name}: packed by method ${method}, expected 0 or 8 (deflate)`)
  const { packed, size, place } = numbers(name, entry)
  const local = await read(archive, place, place + LOCAL.size)
  if (local.length < LOCAL.size || local.readUInt32LE() !== LOCAL.sign) throw broken(name, 'its beginning')
  const from = place + LOCAL.size + local.readUInt16LE(26) + local.readUInt16LE(28)
  if (from + packed > archive.size) throw broken(name, 'its bytes')
  if (method === 8) return { size, slice: (start, end) => inflated(name, archive, from, packed, start, end) }
  if (packed !== size) throw broken(name, 'its size')
  return { size, slice: (start, end) => archive.slice(from + start, from + Math.min(end, size)) }
}

/** The sizes and the place of a file, in 64 bits where 32 do not hold them. */
function numbers(name: string, entry: Buffer) {
  const narrow = { size: entry.readUInt32LE(24), packed: entry.readUInt32LE(20), place: entry.readUInt32LE(42) }
  const extra = wideField(entry)
  let at = 0
  const wide = (value: number) => {
    if (value !== WIDE) return value
    if (!extra || at + 8 > extra.length) throw broken(name, 'its size')
    at += 8
    return Number(extra.readBigUInt64LE(at - 8))
  }
  return { size: wide(narrow.size), packed: wide(narrow.packed), place: wide(narrow.place) }
}

/** The extra field of 64-bit numbers. */
function wideField(entry: Buffer): Buffer | undefined {
  const from = ENTRY.size + entry.readUInt16LE(28)
  const to = from + entry.readUInt16LE(30)
  for (let at = from; at + 4 <= to; at += 4 + entry.readUInt16LE(at + 2)) {
    if (entry.readUInt16LE(at) === 1) return entry.subarray(at + 4, Math.min(to, at + 4 + entry.readUInt16LE(at + 2)))
  }
  return undefined
}

/** Part of a packed file: what comes before is unpacked too, but not kept. */
async function* inflated(name: string, archive: Ranges, from: number, packed: number, start: number, end: number) {
  let at = 0
  for await (const chunk of unpacked(name, archive.slice(from, from + packed), createInflateRaw())) {
    const wanted = chunk.subarray(Math.max(0, start - at), Math.max(0, end - at))
    if (wanted.length > 0) yield wanted
    at += chunk.length
    if (at >= end) return
  }
}

async function read(archive: Ranges, from: number, to: number): Promise<Buffer> {
  return Buffer.from((await readRange(archive, from, to)).buffer)
}

function broken(name: string, what: string): InputError {
  return new InputError(`${name}: a zip archive without ${what}; is the file whole?`)
}
