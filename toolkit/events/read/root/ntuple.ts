/**
 * The plain fields of an RNTuple, of numbers and truth values. jsroot reads its header, its footer and where the pages
 * lie; the pages are read here.
 * https://github.com/root-project/root/blob/master/tree/ntuple/doc/BinaryFormatSpecification.md
 */
import type { Anchor, Builder, FieldDescriptor, Locator, PageList } from 'jsroot/rntuple'
import { optional } from '../../../optional.ts'
import { quoted } from '../../source.ts'
import { type NumberType, numberType, type Strip } from '../strips.ts'
import { unpackBlocks } from './blocks.ts'
import { broken, type RootFile, readBytes } from './file.ts'
import type { Column, RootTable } from './table.ts'

/** How a column's pages are stored. */
interface Encoding {
  /** As NumPy names it. */
  type: string
  /** The first bytes of all numbers come first, then the second ones, and so on. */
  split?: boolean
  /** Small numbers of either sign are small numbers: 0, −1, 1, −2, … */
  zigzag?: boolean
}

/** A bit for each value. */
const BITS = 0

/** By the number of a column's type. */
const ENCODINGS: Readonly<Record<number, Encoding>> = {
  [BITS]: { type: '|b1' },
  ...{ 3: { type: '|i1' }, 4: { type: '|u1' }, 5: { type: '<i2' }, 6: { type: '<u2' }, 7: { type: '<i4' } },
  ...{ 8: { type: '<u4' }, 9: { type: '<i8' }, 10: { type: '<u8' } },
  ...{ 11: { type: '<f2' }, 12: { type: '<f4' }, 13: { type: '<f8' } },
  ...{ 17: { type: '<i2', split: true, zigzag: true }, 18: { type: '<u2', split: true } },
  ...{ 19: { type: '<i4', split: true, zigzag: true }, 20: { type: '<u4', split: true } },
  ...{ 21: { type: '<i8', split: true, zigzag: true }, 22: { type: '<u8', split: true } },
  ...{ 23: { type: '<f2', split: true }, 24: { type: '<f4', split: true }, 25: { type: '<f8', split: true } },
}

/** Of the flags of a field: it holds several values. */
const REPETITIVE = 1

/** Of the flags of a column: the first events have none. */
const DEFERRED = 1

/** A part of the events: where the pages of each column lie. */
type Cluster = Pick<Builder['clusterSummaries'][number], 'numEntries'> & { columns: readonly PageList[] }

export async function readNTuple(file: RootFile, path: string): Promise<RootTable> {
  const jsroot = (await optional('jsroot/rntuple')) as typeof import('jsroot/rntuple') | undefined
  if (!jsroot) throw new TypeError('an RNTuple, which this version of jsroot does not read')
  const anchor = (await file.file.readObject(path)) as Anchor
  await jsroot.readHeaderFooter(anchor)
  const { builder } = anchor
  if (!builder?.fieldDescriptors || !builder.clusterGroups) throw new TypeError(`no fields of ${quoted(path)}`)
  return ntupleOf(file, builder)
}

/** @param builder what jsroot has read */
export async function ntupleOf(file: RootFile, builder: Builder): Promise<RootTable> {
  const clusters = await clustersOf(file, builder)
  const fields = [...builder.fieldDescriptors.entries()].filter(([id, { parentFieldId }]) => id === parentFieldId)
  return {
    count: clusters.reduce((sum, { numEntries }) => sum + numEntries, 0),
    columns: fields.map(([id, field]) => columnOf(file, builder, id, field, clusters)),
  }
}

/** Of every group: jsroot itself reads the first. */
async function clustersOf(file: RootFile, builder: Builder): Promise<Cluster[]> {
  const clusters: Cluster[] = []
  for (const { pageListLocator, pageListLength } of builder.clusterGroups!) {
    const list = await unpackedAt(file, pageListLocator, Number(pageListLength))
    builder.deserializePageList(new DataView(list.buffer, list.byteOffset, list.byteLength))
    const { clusterSummaries, pageLocations } = builder
    clusters.push(...clusterSummaries.map(({ numEntries }, i) => ({ numEntries, columns: pageLocations[i] ?? [] })))
  }
  return clusters
}

function columnOf(
  file: RootFile,
  { columnDescriptors, fieldDescriptors }: Builder,
  id: number,
  { fieldName: name, typeName, structRole, flags }: FieldDescriptor,
  clusters: readonly Cluster[],
): Column {
  const columns = [...columnDescriptors.entries()].filter(([, { fieldId }]) => fieldId === id)
  const [first] = columns
  const encoding = first && ENCODINGS[first[1].coltype]
  const plain = structRole === 0 && (flags & REPETITIVE) === 0
  const parent = fieldDescriptors.some(({ parentFieldId }, at) => parentFieldId === id && at !== id)
  if (!plain || parent || !encoding) return { name, field: typeName || 'objects' }
  if (first[1].flags & DEFERRED) return { name, field: `${typeName}, which was added to the RNTuple later` }
  if (columns.length > 1) return { name, field: `${typeName}, stored in several ways` }
  const number = numberType(encoding.type)!
  const where = { ...file, name: `${file.name}: field ${quoted(name)}` }
  const strip: Strip = { stride: number.bytes, bytes: () => pages(where, first[0], encoding, number, clusters) }
  return { name, field: { strip, offset: 0, number, text: number.text } }
}

/** The numbers of a column, page after page. */
async function* pages(
  file: RootFile,
  column: number,
  encoding: Encoding,
  { bytes }: NumberType,
  clusters: readonly Cluster[],
): AsyncGenerator<Uint8Array> {
  for (const { numEntries, columns } of clusters) {
    const list = columns[column]?.pages ?? []
    const there = list.reduce((sum, { numElements }) => sum + Number(numElements), 0)
    if (there !== numEntries) throw broken(file.name, `${there} numbers for ${numEntries} events`)
    for (const { numElements, locator } of list) {
      const count = Number(numElements)
      const size = encoding === ENCODINGS[BITS] ? Math.ceil(count / 8) : count * bytes
      try {
        yield decoded(await unpackedAt(file, locator, size), count, encoding, bytes)
      } catch (error) {
        throw broken(file.name, (error as Error).message)
      }
    }
  }
}

async function unpackedAt(file: RootFile, { size, offset }: Locator, length: number): Promise<Buffer> {
  const stored = Buffer.from((await readBytes(file.ranges, Number(offset), size)).buffer)
  if (stored.length === length) return stored
  const unpacked = await unpackBlocks(file, stored, length)
  if (unpacked.length !== length) throw new RangeError(`${unpacked.length} bytes unpacked instead of ${length}`)
  return Buffer.from(unpacked.buffer, unpacked.byteOffset, unpacked.byteLength)
}

/** A page as numbers one after the other. */
function decoded(page: Buffer, count: number, encoding: Encoding, bytes: number): Uint8Array {
  if (encoding === ENCODINGS[BITS]) return Uint8Array.from({ length: count }, (_, n) => (page[n >> 3]! >> (n & 7)) & 1)
  if (!encoding.split) return page
  const numbers = Buffer.alloc(page.length)
  for (let k = 0; k < bytes; k++) for (let n = 0; n < count; n++) numbers[n * bytes + k] = page[k * count + n]!
  return encoding.zigzag ? unzigzag(numbers, bytes) : numbers
}

function unzigzag(numbers: Buffer, bytes: number): Buffer {
  for (let at = 0; at < numbers.length; at += bytes) {
    if (bytes === 8) {
      const code = numbers.readBigUInt64LE(at)
      numbers.writeBigInt64LE((code >> 1n) ^ -(code & 1n), at)
    } else {
      const code = numbers.readUIntLE(at, bytes)
      numbers.writeIntLE((code >>> 1) ^ -(code & 1), at, bytes)
    }
  }
  return numbers
}
