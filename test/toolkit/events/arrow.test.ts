/** Events from Arrow IPC: what another program wrote (fixtures/arrow.mjs), and what is said of wrong files. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { FlatTable } from '../../../toolkit/events/read/flatbuffer.ts'
import { unpackLZ4 } from '../../../toolkit/events/read/lz4.ts'
import { unpackZstd } from '../../../toolkit/events/read/zstd.ts'
import { root } from '../../support.ts'
import { ended, someDrone } from '../support.ts'
import { Events } from './support.ts'

const test = suite('events: Arrow')
const folder = new Events()

test.after(() => folder.remove())

const fixture = (name: string) => join(root, 'test/toolkit/events/fixtures', name)

const stream = readFileSync(fixture('stream.arrow'))
const numbers = Array.from({ length: 37 }, (_, n) => n)
const events = numbers.flatMap((n) => [n % 10 === 9 ? Number.NaN : Math.fround((n / 8) ** 2 - 3), n / 8])
const beside = [
  numbers.map((n) => -n || 0),
  numbers.map((n) => n % 2),
  numbers.map((n) => 2 ** 53 - n),
  numbers.map((n) => Number(n % 3 === 0)),
]

/** A file as most programs write it: the sign, a stream, a directory, the sign again. */
const file = Buffer.concat([Buffer.from('ARROW1\0\0'), stream, Buffer.alloc(100), Buffer.from('ARROW1')])

test('streams and files', async () => {
  folder.write('file.feather', file)
  for (const path of [fixture('stream.arrow'), 'file.feather', fixture('file.arrow')]) {
    const read = await folder.read(path, ['b', 'a'], ['last', 'label', 'wide', 'flag'])
    assert.equal(read, { count: 37, events, beside }, path)
  }
})

test('a stream as it was before Arrow 0.15, without a sign before each length', async () => {
  const sign = Buffer.from([255, 255, 255, 255])
  const parts: Buffer[] = []
  let at = 0
  while (at < stream.length) {
    assert.ok(stream.subarray(at, at + 4).equals(sign))
    const size = stream.readInt32LE(at + 4)
    const body = size > 0 ? FlatTable.at(stream.subarray(at + 8), 0).int64(3) : 0
    const end = at + 8 + size + body
    parts.push(stream.subarray(at + 4, end))
    at = end
  }
  assert.ok(parts.length > 2)
  folder.write('old.arrow', Buffer.concat(parts))
  const read = await folder.read('old.arrow', ['b', 'a'], ['last', 'label', 'wide', 'flag'])
  assert.equal(read, { count: 37, events, beside })
  folder.write('short.arrow', Buffer.concat(parts).subarray(0, 3))
  await folder.refuses('short.arrow', /.+/)
})

test('packed by LZ4 and zstd', async () => {
  const expected = Array.from({ length: 40000 }, (_, n) => [n % 77, n >> 9]).flat()
  for (const codec of ['lz4', 'zstd']) {
    const read = await folder.read(fixture(`${codec}.arrow`), ['a', 'b'])
    assert.equal(read.events, expected, codec)
  }
})

test('packed by gzip, and from standard input', async () => {
  folder.write('events.gz', gzipSync(file))
  assert.equal((await folder.read('events.gz', ['b', 'a'])).events, events)
  folder.write('file.gz', gzipSync(readFileSync(fixture('file.arrow'))))
  await folder.refuses('file.gz', 'file.gz: Arrow data without a schema at the beginning')
  const drone = someDrone(folder)
  const piped = folder.start('predict', 'drone.json', '--events', '-', '--features', 'a,wide,last')
  piped.stdin.end(stream)
  let out = ''
  for await (const data of piped.stdout) out += data
  assert.is(await ended(piped), 0)
  const scores = out.trim().split('\n').slice(1).map(Number)
  assert.is(scores.length, 37)
  for (const [n, score] of scores.entries()) {
    assert.ok(Math.abs(score - drone.predict([n / 8, 2 ** 53 - n, -n])) < 1e-6, String(n))
  }
})

test('columns that hold no numbers are refused by name, if they are asked for', async () => {
  const path = fixture('stream.arrow')
  const kinds = { name: 'string', list: 'list', when: 'timestamp', kind: 'categories' }
  for (const [name, kind] of Object.entries(kinds)) {
    await folder.refuses(path, new RegExp(`: column "${name}" holds ${kind}, expected numbers$`), ['a', name])
  }
  await folder.refuses(path, /: no column "x"; there are a, b, when, kind, label, wide, flag, name, list, last$/, ['x'])
})

test('cut short, foreign or hostile', async () => {
  folder.write('cut.arrow', stream.subarray(0, 2000))
  await folder.refuses('cut.arrow', 'cut.arrow: ends within Arrow data; is the file whole?')
  folder.write('cut.arrow', file.subarray(0, 8 + stream.length - 8))
  await folder.refuses('cut.arrow', 'cut.arrow: ends within Arrow data; is the file whole?')
  folder.write('hostile.arrow', Buffer.from('ffffffffffffff7f0000', 'hex'))
  await folder.refuses('hostile.arrow', 'hostile.arrow: broken Arrow data (a message of 2147483647 bytes)')
  const twenty = Buffer.from([20, 0, 0, 0, 0, 0, 0, 0])
  let lies = 0
  for (let at = stream.indexOf(twenty); at >= 0; at = stream.indexOf(twenty, at + 1)) {
    const lying = Buffer.from(stream)
    lying.writeBigInt64LE(10n ** 12n, at)
    folder.write('lying.arrow', lying)
    const said = await folder.read('lying.arrow').catch((error: Error) => error.message)
    if (String(said).endsWith('lying.arrow: broken Arrow data (20 values instead of 1000000000000)')) lies++
  }
  assert.is(lies, 1, 'the number of events of the first batch')
})

test('LZ4 frames that are wrong', () => {
  for (const hex of [
    '00000000',
    '04224d1860',
    '04224d18604082ff0000000102',
    '04224d186040820300000000050000',
    '04224d1860408203000000f0ffff',
  ]) {
    assert.throws(() => unpackLZ4(Buffer.from(hex, 'hex'), 1e6), /LZ4|range|bounds/, hex)
  }
  assert.is(Buffer.from(unpackLZ4(Buffer.from('04224d186040820300008061626300000000', 'hex'), 3)).toString(), 'abc')
})

test('files that are cut short or have bytes changed are read or refused', async () => {
  const refused = await folder.fuzz('x.arrow', stream, ['a', 'b', 'wide'], 200)
  assert.ok(refused > 60, `${refused}`)
  for (const codec of ['lz4', 'zstd', 'file']) {
    const refused = await folder.fuzz('x.arrow', readFileSync(fixture(`${codec}.arrow`)), ['a', 'b'], 60)
    assert.ok(refused > 15, `${codec}: ${refused}`)
  }
})

/** Appends tables to a FlatBuffer; what they point to comes later, when `bytes` is asked for its length. */
class Flat {
  readonly bytes: number[] = [0, 0, 0, 0]

  /** A table of fields of four bytes, one of them for each number. Returns where each value stands. */
  table(fields: readonly number[]): Map<number, number> {
    const count = Math.max(-1, ...fields) + 1
    const offsets = Array.from({ length: count }, (_, field) => {
      const at = fields.indexOf(field)
      return at < 0 ? 0 : 4 + 4 * at
    })
    const vtable = this.bytes.length
    for (const value of [4 + 2 * count, 4 + 4 * fields.length, ...offsets]) this.bytes.push(value & 255, value >> 8)
    const table = this.bytes.length
    this.#int(table - vtable)
    return new Map(fields.map((field) => [field, this.#int(0)]))
  }

  /** A list of tables. Returns where each pointer stands. */
  list(length: number): number[] {
    this.#int(length)
    return Array.from({ length }, () => this.#int(0))
  }

  /** Makes a place hold a number, or point to what is appended next. */
  set(at: number, value: number): void {
    for (let k = 0; k < 4; k++) this.bytes[at + k] = (value >> (8 * k)) & 255
  }

  #int(value: number): number {
    const at = this.bytes.length
    this.bytes.push(0, 0, 0, 0)
    this.set(at, value)
    return at
  }
}

/** The schema of a column of structs in structs, each of which has two children that are one and the same. */
function sharedChildren(depth: number): Buffer {
  const flat = new Flat()
  const message = flat.table([1, 2])
  flat.set(0, 4 + 2 * 3 + 4)
  flat.set(message.get(1)!, 1)
  const point = (at: number, toTable: boolean, vtable: number) =>
    flat.set(at, flat.bytes.length - at + (toTable ? vtable : 0))
  point(message.get(2)!, true, 4 + 2 * 2)
  const schema = flat.table([1])
  point(schema.get(1)!, false, 0)
  let places = flat.list(1)
  for (let level = 0; level < depth; level++) {
    for (const at of places) point(at, true, 4 + 2 * 6)
    const field = flat.table([2, 5])
    flat.set(field.get(2)!, 13)
    point(field.get(5)!, false, 0)
    places = flat.list(2)
  }
  for (const at of places) point(at, true, 4 + 2 * 3)
  flat.set(flat.table([2]).get(2)!, 3)
  const head = Buffer.from([255, 255, 255, 255, 0, 0, 0, 0])
  head.writeInt32LE(flat.bytes.length, 4)
  return Buffer.concat([head, Buffer.from(flat.bytes)])
}

test('children that several fields share are not passed over and over', async () => {
  folder.write('shared.arrow', sharedChildren(40))
  await folder.refuses('shared.arrow', 'shared.arrow: broken Arrow data (more fields than there is room for)')
  folder.write('deep.arrow', sharedChildren(1))
  await folder.refuses('deep.arrow', 'deep.arrow: no column "a"; there are ')
})

/** A schema of columns whose names are one and the same text. */
function sharedNames(columns: number, length: number, bigEndian = false): Buffer {
  const flat = new Flat()
  const message = flat.table([1, 2])
  flat.set(0, 4 + 2 * 3 + 4)
  flat.set(message.get(1)!, 1)
  const point = (at: number, vtable: number) => flat.set(at, flat.bytes.length - at + vtable)
  point(message.get(2)!, 4 + 2 * 2)
  const schema = flat.table([0, 1])
  flat.set(schema.get(0)!, Number(bigEndian))
  point(schema.get(1)!, 0)
  const places = flat.list(columns)
  for (const at of places) point(at, 4 + 2 * 3)
  const field = flat.table([0, 2])
  flat.set(field.get(2)!, 3)
  point(field.get(0)!, 0)
  flat.bytes.push(...[0, 8, 16].map((shift) => (length >> shift) & 255), 0, ...Array(length).fill(97))
  const head = Buffer.from([255, 255, 255, 255, 0, 0, 0, 0])
  head.writeInt32LE(flat.bytes.length, 4)
  return Buffer.concat([head, Buffer.from(flat.bytes)])
}

test('a name that many columns share is not copied over and over', async () => {
  folder.write('one.arrow', sharedNames(1, 100))
  await folder.refuses('one.arrow', `one.arrow: no column "a"; there are ${'a'.repeat(40)}…`)
  folder.write('shared.arrow', sharedNames(100_000, 100_000))
  await folder.refuses('shared.arrow', 'shared.arrow: broken Arrow data (longer names than there is room for)')
})

test('big-endian data is named', async () => {
  folder.write('big.arrow', sharedNames(1, 1, true))
  await folder.refuses(
    'big.arrow',
    'big.arrow: big-endian Arrow data, which is not read; read it with pyarrow (pyarrow.ipc), which swaps the bytes, and write it again',
  )
})

test('messages and batches that tell of more than is read at once', async () => {
  folder.write('large.arrow', Buffer.from('ffffffffffffff7f', 'hex'))
  await folder.refuses('large.arrow', 'large.arrow: broken Arrow data (a message of 2147483647 bytes)')
  const bytes = Buffer.from(stream)
  const schema = 8 + bytes.readInt32LE(4)
  const message = bytes.subarray(schema + 8)
  const table = message.readInt32LE(0)
  const places = table - message.readInt32LE(table)
  message.writeBigInt64LE(2n ** 40n, table + message.readUInt16LE(places + 4 + 2 * 3))
  folder.write('large.arrow', bytes)
  await folder.refuses(
    'large.arrow',
    'large.arrow: broken Arrow data (a batch of 1099511627776 bytes, at most 2147483648 are read)',
  )
})

test('what unpacks to more than the declared rows need is refused', async () => {
  const bytes = readFileSync(fixture('lz4.arrow'))
  const count = Buffer.alloc(8)
  count.writeBigInt64LE(40000n)
  for (let at = bytes.indexOf(count); at >= 0; at = bytes.indexOf(count, at + 1)) bytes.writeBigInt64LE(1n, at)
  folder.write('few.arrow', bytes)
  await folder.refuses('few.arrow', 'few.arrow: broken Arrow data (an LZ4 frame of more than 65552 bytes)')
})

test('Zstandard frames are looked at before they are unpacked', () => {
  const sign = Buffer.from('28b52ffd', 'hex')
  const refuse = (): Uint8Array => {
    throw new Error('unpacked')
  }
  const run = (blocks: number) =>
    Buffer.concat(Array.from({ length: blocks }, (_, k) => Buffer.from([k + 1 === blocks ? 3 : 2, 0, 16, 0])))
  const bomb = Buffer.concat([sign, Buffer.from([0, 0x58]), run(10_000)])
  assert.throws(() => unpackZstd(refuse, bomb, 1000), /^10000 Zstandard blocks for at most 1000 bytes$/)
  const large = Buffer.concat([sign, Buffer.from([0xe0]), Buffer.from('0000008000000000', 'hex'), run(1)])
  assert.throws(() => unpackZstd(refuse, large, 1000), /^a Zstandard frame of 2147483648 bytes, expected at most 1000$/)
  const wide = Buffer.concat([sign, Buffer.from([0, 0xa0]), run(1)])
  assert.throws(() => unpackZstd(refuse, wide, 1000), /^a Zstandard window of 1073741824 bytes$/)
  assert.throws(() => unpackZstd(refuse, Buffer.from('00000000', 'hex'), 1000), /^no Zstandard frame$/)
  assert.throws(() => unpackZstd(refuse, bomb.subarray(0, 20), 1000), /out of range|outside/)
  const good = Buffer.concat([sign, Buffer.from([0, 0x58]), run(1)])
  assert.equal(
    unpackZstd(() => Buffer.from('abc'), good, 3),
    Buffer.from('abc'),
  )
})

test.run()
