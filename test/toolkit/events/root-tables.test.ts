/**
 * Trees and RNTuples as jsroot tells of them, with baskets and pages that the tests write: numbers beside lists, baskets
 * that were kept with the tree, folders, every codec, and what is said of wrong bytes.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import type { Branch, Leaf } from 'jsroot/io'
import * as io from 'jsroot/io'
import type { Builder } from 'jsroot/rntuple'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { InputError } from '../../../toolkit/errors.ts'
import { unpackBlocks } from '../../../toolkit/events/read/root/blocks.ts'
import { findTable } from '../../../toolkit/events/read/root/directory.ts'
import type { RootFile } from '../../../toolkit/events/read/root/file.ts'
import { ntupleOf } from '../../../toolkit/events/read/root/ntuple.ts'
import type { RootTable } from '../../../toolkit/events/read/root/table.ts'
import { readTree } from '../../../toolkit/events/read/root/tree.ts'
import { readStrips } from '../../../toolkit/events/read/strips.ts'
import { positions } from '../../../toolkit/events/source.ts'
import { rangesOf } from '../../../toolkit/files/ranges.ts'
import { root } from '../../support.ts'

const test = suite('events: tables of ROOT')

const KEY = 40

/** A file of records, and what jsroot tells of it. */
class Disk {
  readonly #parts: Buffer[] = [Buffer.alloc(100)]
  size = 100

  /** Returns where it lies. */
  append(bytes: Buffer): number {
    this.#parts.push(bytes)
    this.size += bytes.length
    return this.size - bytes.length
  }

  /** @param content of all events @param starts where each begins, if they differ in length */
  basket(content: Buffer, events: number, { starts, packed }: { starts?: number[]; packed?: boolean } = {}): Buffer {
    const offsets = starts && [starts.length + 1, ...starts.map((start) => KEY + start), 0]
    const whole = Buffer.concat([content, offsets ? int32(...offsets) : Buffer.alloc(0)])
    const key = Buffer.alloc(KEY)
    key.writeInt32BE(whole.length, 6)
    key.writeInt16BE(KEY, 14)
    key.writeInt32BE(events, KEY - 9)
    key.writeInt32BE(KEY + content.length, KEY - 5)
    return Buffer.concat([key, packed ? block('ZL', deflateSync(whole), whole.length) : whole])
  }

  file(objects: Record<string, unknown>): RootFile {
    const file = { fKeys: [], readObject: async (path: string) => objects[path] ?? null }
    return { name: 'x.root', ranges: rangesOf(Buffer.concat(this.#parts)), io, file }
  }
}

function int32(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(4 * numbers.length)
  for (const [i, number] of numbers.entries()) bytes.writeInt32BE(number, 4 * i)
  return bytes
}

function float64(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(8 * numbers.length)
  for (const [i, number] of numbers.entries()) bytes.writeDoubleBE(number, 8 * i)
  return bytes
}

function float32(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(4 * numbers.length)
  for (const [i, number] of numbers.entries()) bytes.writeFloatBE(number, 4 * i)
  return bytes
}

function block(kind: string, packed: Buffer, size: number): Buffer {
  const head = Buffer.alloc(9)
  head.write(kind, 'latin1')
  head.writeUIntLE(packed.length, 3, 3)
  head.writeUIntLE(size, 6, 3)
  return Buffer.concat([head, packed])
}

function leaf(letter: string, name: string, more: Partial<Leaf> = {}): Leaf {
  return { _typename: `TLeaf${letter}`, fName: name, fLen: 1, fIsUnsigned: false, ...more }
}

/** A branch of baskets in the file: where each lies, and how long it is. */
function branch(
  name: string,
  leaves: Leaf[],
  places: [at: number, size: number][],
  more: Partial<Branch> = {},
): Branch {
  return {
    fName: name,
    fLeaves: { arr: leaves },
    fEntryOffsetLen: 0,
    fWriteBasket: places.length,
    fBasketSeek: places.map(([at]) => at),
    fBasketBytes: places.map(([, size]) => size),
    ...more,
  }
}

/** The values of columns, event after event; the reason why a column has none. */
async function values({ count, columns }: RootTable, ...names: string[]): Promise<number[] | string> {
  const fields = names.map((name) => columns.find((column) => column.name === name)!.field)
  const refused = fields.find((field) => typeof field === 'string')
  if (typeof refused === 'string') return refused
  const rows: number[] = []
  for await (const piece of readStrips('x.root', count, fields as never[], undefined)) rows.push(...piece.rows)
  return rows
}

async function refused(work: Promise<unknown>, message: string): Promise<void> {
  const error = await work.then(
    () => assert.unreachable(`not refused: ${message}`),
    (error: Error) => error,
  )
  assert.instance(error, InputError, String((error as Error).stack))
  assert.is((error as Error).message, message)
}

test('numbers of baskets that also tell where each event begins, as Geant4 writes them', async () => {
  const disk = new Disk()
  const many = Array.from({ length: 50 }, (_, n) => n % 3)
  const baskets = [
    disk.basket(float64(1, 2, 3), 3, { starts: [0, 8, 16] }),
    disk.basket(float64(...many), 50, { starts: many.map((_, n) => 8 * n), packed: true }),
  ]
  const places = baskets.map((basket): [number, number] => [disk.append(basket), basket.length])
  const tree = { fEntries: 53, fBranches: { arr: [branch('e', [leaf('D', 'e')], places, { fEntryOffsetLen: 1000 })] } }
  assert.equal(await values(await readTree(disk.file({ tree }), 'tree'), 'e'), [1, 2, 3, ...many])
})

test('infinities, NaN and truth values are what they are in every other format', async () => {
  const disk = new Disk()
  const special = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, -0, 1e308]
  const branches = (
    [
      ['D', 'double', float64(...special)],
      ['F', 'float', float32(...special)],
      ['O', 'flag', Buffer.from([1, 0, 1, 0, 0])],
    ] as const
  ).map(([letter, name, content]) => {
    const basket = disk.basket(content, special.length)
    return branch(name, [leaf(letter, name)], [[disk.append(basket), basket.length]])
  })
  const table = await readTree(disk.file({ tree: { fEntries: special.length, fBranches: { arr: branches } } }), 'tree')
  assert.equal(await values(table, 'double'), special)
  assert.equal(await values(table, 'float'), special.map(Math.fround))
  assert.equal(await values(table, 'flag'), [1, 0, 1, 0, 0])
})

test('two branches of one name: which of them is meant cannot be told', async () => {
  const disk = new Disk()
  const branches = [1, 2].map((value) => {
    const basket = disk.basket(float64(value), 1)
    return branch('x', [leaf('D', 'x')], [[disk.append(basket), basket.length]])
  })
  const { columns } = await readTree(disk.file({ tree: { fEntries: 1, fBranches: { arr: branches } } }), 'tree')
  const names = columns.map(({ name }) => name)
  assert.equal(names, ['x', 'x'])
  await refused(
    Promise.resolve().then(() => positions('x.root', names, ['x'])),
    'x.root: two columns are named "x"',
  )
})

test('numbers before, beside and behind lists of a branch', async () => {
  const disk = new Disk()
  const events = [1, 2].map((n) =>
    Buffer.concat([int32(n), float64(n / 2), int32(10 * n, 20 * n, 30 * n), float64(-n)]),
  )
  const fixed = disk.basket(Buffer.concat(events), 2)
  const lists = [[5], [], [6, 7]].map((list, n) => Buffer.concat([int32(n, list.length), float64(...list, 99)]))
  const starts = lists.map((_, n) => lists.slice(0, n).reduce((sum, { length }) => sum + length, 0))
  const various = disk.basket(Buffer.concat(lists), 3, { starts })
  const at = (basket: Buffer): [number, number][] => [[disk.append(basket), basket.length]]
  const count = leaf('I', 'count')
  const trees = {
    fixed: {
      fEntries: 2,
      fBranches: {
        arr: [
          branch('b', [leaf('I', 'i'), leaf('D', 'd'), leaf('I', 'three', { fLen: 3 }), leaf('D', 'last')], at(fixed)),
        ],
      },
    },
    various: {
      fEntries: 3,
      fBranches: {
        arr: [
          branch('b', [leaf('I', 'n'), count, leaf('D', 'list', { fLeafCount: count }), leaf('D', 'z')], at(various), {
            fEntryOffsetLen: 100,
          }),
        ],
      },
    },
  }
  const file = disk.file(trees)
  const one = await readTree(file, 'fixed')
  assert.equal(await values(one, 'b.i', 'b.d', 'b.last'), [1, 0.5, -1, 2, 1, -2])
  assert.is(await values(one, 'b.three'), '3 numbers for each event')
  const other = await readTree(file, 'various')
  assert.equal(await values(other, 'b.n', 'b.count'), [0, 1, 1, 0, 2, 2])
  assert.is(await values(other, 'b.list'), 'a list for each event, as long as "count" says')
  assert.is(await values(other, 'b.z'), 'what stands behind a list or a text')
})

test('baskets that were kept with the tree, between and behind those of the file', async () => {
  const disk = new Disk()
  const basket = disk.basket(int32(3, 4), 2)
  const kept = (...numbers: number[]) => {
    const { buffer, byteOffset, length } = int32(...numbers)
    return { fNevBuf: numbers.length, fKeylen: KEY, fBufferRef: { arr: new DataView(buffer, byteOffset, length) } }
  }
  const places: [number, number][] = [
    [0, 0],
    [disk.append(basket), basket.length],
    [0, 0],
  ]
  const arr = [kept(1, 2), null, kept(5), kept(6)]
  const tree = { fEntries: 6, fBranches: { arr: [branch('i', [leaf('I', 'i')], places, { fBaskets: { arr } })] } }
  assert.equal(await values(await readTree(disk.file({ tree }), 'tree'), 'i'), [1, 2, 3, 4, 5, 6])
})

test('baskets that are wrong', async () => {
  const wrong = async (basket: Buffer, message: string, more: Partial<Branch> = {}, leaves = [leaf('D', 'e')]) => {
    const disk = new Disk()
    const tree = {
      fEntries: 2,
      fBranches: { arr: [branch('e', leaves, [[disk.append(basket), basket.length]], more)] },
    }
    const table = await readTree(disk.file({ tree }), 'tree')
    await refused(
      values(table, table.columns[0]!.name),
      `x.root: branch "e": broken ROOT data (${message}); is the file whole?`,
    )
  }
  const disk = new Disk()
  const exact = { fEntryOffsetLen: 1000 }
  await wrong(disk.basket(float64(1, 2), 3), 'basket 0 of 16 bytes for 3 events')
  await wrong(disk.basket(float64(1, 2), -1), 'basket 0 of 16 bytes for -1 events')
  await wrong(disk.basket(float64(1, 2, 3), 2, { starts: [0, 8] }), 'basket 0 of 24 bytes for 2 events', exact)
  await wrong(Buffer.alloc(12), 'a basket of 12 bytes at 100')
  await wrong(Buffer.alloc(50), 'a basket at 100 with a key of 0 bytes')
  const list = [leaf('I', 'n'), leaf('D', 'list', { fLeafCount: { fName: 'n' } })]
  await wrong(disk.basket(float64(1, 2), 2), 'basket 0 of 16 bytes for 2 events', exact, list)
  await wrong(disk.basket(float64(1, 2), 2, { starts: [0, 13] }), 'basket 0 of 16 bytes for 2 events', exact, list)
  const packed = disk.basket(Buffer.alloc(400), 50, { packed: true })
  packed.write('??', KEY, 'latin1')
  await wrong(packed, 'packed by "??", expected ZL, ZS, L4 or XZ')
  packed.write('ZL', KEY, 'latin1')
  packed.writeUIntLE(401, KEY + 6, 3)
  await wrong(packed, `a block of ${packed.length - KEY} bytes for 401`)
})

test('blocks of LZMA, as Python packs them', async () => {
  const packed = readFileSync(join(root, 'test/toolkit/events/fixtures/numbers.xz'))
  const whole = Buffer.concat([block('XZ\0', packed, 4000), block('ZL', deflateSync(float64(-1)), 8)])
  const bytes = await unpackBlocks(new Disk().file({}), whole, 4008)
  assert.equal(Buffer.from(bytes), float64(...Array.from({ length: 500 }, (_, n) => n / 8), -1))
})

test('trees in folders are found by their paths, and listed', async () => {
  const key = (fName: string, fClassName: string) => ({ fName, fClassName })
  const folder = (...keys: ReturnType<typeof key>[]) => {
    const directory = { fKeys: keys, readObject: async (): Promise<unknown> => directory }
    return directory
  }
  const of = (file: unknown) => ({ name: 'x.root', file }) as RootFile
  const inner = folder(key('tree', 'TTree'), key('tree', 'TTree'), key('h', 'TH1D'))
  const top = { fKeys: [key('a', 'TDirectory'), key('b', 'TDirectoryFile')], readObject: async () => inner }
  const found = (path: string, isNTuple = false) => ({ path, isNTuple })
  assert.equal(await findTable(of(top), 'b/tree'), found('b/tree'))
  assert.equal(await findTable(of(top), '/b/tree;1'), found('/b/tree;1'))
  await refused(findTable(of(top), undefined), 'x.root: several trees (a/tree, b/tree); name one, as in x.root:a/tree')
  await refused(findTable(of(top), 'tree'), 'x.root: no tree "tree"; there are a/tree, b/tree')
  assert.equal(await findTable(of({ ...top, fKeys: [key('a', 'TDirectory')] }), undefined), found('a/tree'))
  assert.equal(await findTable(of(folder(key('n', 'ROOT::RNTuple'))), undefined), found('n', true))
  await refused(
    findTable(of(folder(key('h', 'TH1D'))), undefined),
    'x.root: no tree and no RNTuple, of which events are read',
  )
  // A folder that holds itself, twice.
  const endless = folder(key('a', 'TDirectory'), key('b', 'TDirectory'))
  await refused(findTable(of(endless), 'tree'), 'x.root: no tree "tree"; there are none')
})

/** What jsroot tells of an RNTuple whose pages lie in the file, a column for each field. */
function ntuple(disk: Disk, columns: Record<string, { coltype: number; pages: [Buffer, number, packed?: boolean][] }>) {
  const entries = Object.entries(columns)
  const events = entries[0]![1].pages.reduce((sum, [, count]) => sum + count, 0)
  const locations = entries.map(([, { pages }]) => ({
    isSuppressed: false,
    pages: pages.map(([page, count, packed]) => {
      const bytes = packed ? block('ZL', deflateSync(page, { level: 0 }), page.length) : page
      return { numElements: BigInt(count), locator: { size: bytes.length, offset: BigInt(disk.append(bytes)) } }
    }),
  }))
  const list = disk.append(Buffer.from('list'))
  const builder: Builder = {
    fieldDescriptors: entries.map(([fieldName], id) => {
      return { fieldName, typeName: 'float', parentFieldId: id, structRole: 0, flags: 0 }
    }),
    columnDescriptors: entries.map(([, { coltype }], fieldId) => ({ coltype, fieldId, flags: 0 })),
    clusterGroups: [1, 2].map(() => ({ pageListLocator: { size: 4, offset: BigInt(list) }, pageListLength: 4n })),
    deserializePageList: () => {},
    clusterSummaries: [{ numEntries: events }],
    pageLocations: [locations],
  }
  return builder
}

test('fields of an RNTuple: plain, split, packed, and every group of clusters', async () => {
  const disk = new Disk()
  const bits = Buffer.from([0b101, 0b1])
  const floats = Buffer.alloc(12)
  for (const [n, value] of [1.5, -2, 3].entries()) floats.writeFloatLE(value, 4 * n)
  // 0, −1 and 300 as 0, 1 and 600, the low bytes before the high ones.
  const split = Buffer.from([0, 1, 600 & 255, 0, 0, 600 >> 8])
  const wide = Buffer.alloc(24)
  for (const [n, code] of [2n, 1n, 2n ** 64n - 1n].entries()) {
    for (let k = 0; k < 8; k++) wide[3 * k + n] = Number((code >> BigInt(8 * k)) & 255n)
  }
  const builder = ntuple(disk, {
    bit: {
      coltype: 0,
      pages: [
        [bits.subarray(0, 1), 2],
        [bits.subarray(1), 1],
      ],
    },
    real: { coltype: 12, pages: [[floats, 3, true]] },
    small: { coltype: 17, pages: [[split, 3]] },
    large: { coltype: 21, pages: [[wide, 3, true]] },
  })
  const table = await ntupleOf(disk.file({}), builder)
  const once = [1, 1.5, 0, 1, 0, -2, -1, -1, 1, 3, 300, -(2 ** 63)]
  assert.equal(await values(table, 'bit', 'real', 'small', 'large'), [...once, ...once])
})

test('fields of an RNTuple that are no numbers, and pages that are wrong', async () => {
  const disk = new Disk()
  const pages: [Buffer, number][] = [[Buffer.alloc(8), 2]]
  const builder = ntuple(disk, {
    a: { coltype: 12, pages },
    list: { coltype: 14, pages },
    late: { coltype: 12, pages },
  })
  builder.fieldDescriptors[1]!.typeName = 'std::vector<float>'
  builder.columnDescriptors[2]!.flags = 1
  const table = await ntupleOf(disk.file({}), builder)
  assert.equal(await values(table, 'a'), [0, 0, 0, 0])
  assert.is(await values(table, 'list'), 'std::vector<float>')
  assert.is(await values(table, 'late'), 'float, which was added to the RNTuple later')
  const broken = (what: string) => `x.root: field "a": broken ROOT data (${what}); is the file whole?`
  builder.clusterSummaries[0]!.numEntries = 2 ** 40
  await refused(values(await ntupleOf(disk.file({}), builder), 'a'), broken('2 numbers for 1099511627776 events'))
  builder.clusterSummaries[0]!.numEntries = 2
  builder.pageLocations[0]![0]!.pages[0]!.locator = { size: 8, offset: 10n ** 9n }
  await refused(values(await ntupleOf(disk.file({}), builder), 'a'), broken('8 bytes at 1000000000'))
  builder.pageLocations[0]![0]!.pages[0]!.locator = { size: 7, offset: 100n }
  await refused(
    values(await ntupleOf(disk.file({}), builder), 'a'),
    broken('packed by "\\u0000\\u0000", expected ZL, ZS, L4 or XZ'),
  )
})

test.run()
