/**
 * Events from a tree of a ROOT file, `file.root:tree`: its flat branches, basket after basket. jsroot, if it is
 * installed, reads what the file holds; the numbers are read here, so that no more than a basket is in memory.
 * https://root.cern.ch/doc/master/classTFile.html and classTBasket.html
 */
import { inflateSync } from 'node:zlib'
import type { Branch, File, Leaf } from 'jsroot/io'
import { InputError } from '../../errors.ts'
import { type Ranges, readRange } from '../../files/ranges.ts'
import { muted } from '../../muted.ts'
import { optional } from '../../optional.ts'
import { type Format, listed, positions, quoted, type Table } from '../source.ts'
import type { Opened } from './opened.ts'
import { cellTypes, type Field, numberType, readStrips, type Strip } from './strips.ts'
import { isText } from './text.ts'
import { unpackZstd } from './zstd.ts'

export const root: Format = {
  matches: (head) => Buffer.from(head.subarray(0, 4)).toString('latin1') === 'root' && !isText(head),
  hasParts: true,
  open,
}

async function open(opened: Opened): Promise<Table> {
  const { name, part } = opened
  const ranges = await opened.seekable('ROOT')
  const file = await quietly(name, () => openFile(name, ranges))
  const treeName = part ?? onlyTree(name, file)
  const tree = await quietly(name, () => file.readObject(treeName)).catch(() => null)
  if (!tree?.fBranches || typeof tree.fEntries !== 'number') {
    throw new InputError(`${name}: no tree ${quoted(treeName)}; there are ${listed(trees(file)) || 'none'}`)
  }
  const columns = await quietly(name, async () => columnsOf(name, ranges, tree.fBranches!.arr))
  const all = columns.map((column) => column.name)
  return {
    format: 'root',
    columns: all,
    cellTypes: cellTypes(columns.flatMap(({ name, field }) => (typeof field === 'string' ? [] : [{ ...field, name }]))),
    check: (at, kept) => void fieldOf(name, columns[at]!, kept),
    read(wanted, { keep } = {}) {
      const fieldsOf = (names: readonly string[], kept: boolean) =>
        positions(name, all, names).map((at) => fieldOf(name, columns[at]!, kept))
      return readStrips(name, tree.fEntries, fieldsOf(wanted, false), keep && fieldsOf(keep, true))
    },
  }
}

/** @throws InputError where a branch holds anything but a number for each event */
function fieldOf(file: string, { name, field }: Column, kept: boolean): Field {
  if (typeof field !== 'string') return field
  const hint = `choose flat branches, as in ${kept ? '--keep' : '--features'} a,b`
  throw new InputError(`${file}: branch ${quoted(name)} holds ${field}, expected a number; ${hint}`)
}

async function openFile(name: string, ranges: Ranges): Promise<File> {
  const io = (await optional('jsroot/io')) as typeof import('jsroot/io') | undefined
  if (!io) {
    throw new InputError(
      `${name}: ROOT files are read with the package jsroot, which is not installed: npm install jsroot --ignore-scripts`,
    )
  }
  class WholeFile extends io.FileProxy {
    override openFile = async () => true
    override getFileName = () => name
    override getFileSize = () => ranges.size
    override readBuffer = async (from: number, size: number) => {
      if (!(from >= 0 && size >= 0 && from + size <= ranges.size)) throw new RangeError(`${size} bytes at ${from}`)
      return new DataView((await readRange(ranges, from, from + size)).buffer)
    }
  }
  const file = await io.openFile(new WholeFile())
  if (file) return file
  throw new RangeError('no directory')
}

function trees({ fKeys }: File): string[] {
  const keys = fKeys.filter(({ fClassName }) => /^T(Tree|Ntuple|NtupleD)$/.test(fClassName))
  return [...new Set(keys.map(({ fName }) => fName))]
}

function onlyTree(name: string, file: File): string {
  const [tree, ...others] = trees(file)
  if (tree !== undefined && others.length === 0) return tree
  if (tree === undefined)
    throw new InputError(`${name}: no tree at the top; one in a folder is named by FILE:folder/tree`)
  throw new InputError(`${name}: several trees (${listed([tree, ...others])}); name one, as in ${name}:${tree}`)
}

interface Column {
  name: string
  /** What it holds where that is not a number for each event. */
  field: Field | string
}

/** A branch is a column, one of several leaves a column for each, and one of branches what those are. */
function columnsOf(name: string, ranges: Ranges, branches: readonly Branch[]): Column[] {
  return branches.flatMap((branch): Column[] => {
    if (typeof branch.fName !== 'string') throw new TypeError('a branch without a name')
    const inner = branch.fBranches?.arr ?? []
    const leaves = branch.fLeaves?.arr ?? []
    if (inner.length > 0)
      return branch.fType ? [{ name: branch.fName, field: 'objects' }] : columnsOf(name, ranges, inner)
    const types = leaves.map((leaf) => leafType(branch, leaf))
    const bytes = types.map((type) => numberType(type ?? '')?.bytes ?? 0)
    const stride = bytes.reduce((sum, size) => sum + size, 0)
    const strip: Strip = {
      stride,
      bytes: () => baskets(`${name}: branch ${quoted(branch.fName)}`, ranges, branch, stride),
    }
    return leaves.map((leaf, i) => {
      const number = types.every((type) => type !== undefined) ? numberType(types[i]!) : undefined
      const offset = bytes.slice(0, i).reduce((sum, size) => sum + size, 0)
      const title = leaves.length === 1 ? branch.fName : `${branch.fName}.${leaf.fName}`
      return { name: title, field: number ? { strip, offset, number, text: number.text } : contents(branch, leaf) }
    })
  })
}

/** Types by the letter of a leaf's class, as NumPy names them; with the size of an unsigned one after it. */
const LEAVES: Readonly<Record<string, string>> = {
  F: 'f4',
  D: 'f8',
  O: 'b1',
  B: 'i1',
  S: 'i2',
  I: 'i4',
  L: 'i8',
  G: 'i8',
}

/** Types of a member of an object, by jsroot's `fStreamerType`. */
const MEMBERS: Readonly<Record<number, string>> = {
  ...{ 1: 'i1', 2: 'i2', 3: 'i4', 4: 'i8', 5: 'f4', 8: 'f8', 11: 'u1', 12: 'u2', 13: 'u4', 14: 'u8' },
  ...{ 16: 'i8', 17: 'u8', 18: 'b1' },
}

/** The type of a leaf of one number, undefined for any other. */
function leafType(branch: Branch, leaf: Leaf): string | undefined {
  if (leaf.fLen !== 1 || leaf.fLeafCount || branch.fBranchCount || branch.fEntryOffsetLen > 0) return undefined
  const member = leaf._typename === 'TLeafElement'
  if (member && branch.fType) return undefined
  const type = member ? MEMBERS[branch.fStreamerType ?? 0] : LEAVES[leaf._typename.slice('TLeaf'.length)]
  return type && `>${!member && leaf.fIsUnsigned ? type.replace('i', 'u') : type}`
}

/** What a leaf holds that is not one number. */
function contents(branch: Branch, { fLen, fLeafCount, _typename }: Leaf): string {
  if (fLeafCount) return `a list for each event, as long as ${quoted(fLeafCount.fName)} says`
  if (branch.fEntryOffsetLen > 0 || branch.fBranchCount) return 'a list or a text for each event'
  return fLen > 1 ? `${fLen} numbers for each event` : `what is not known (${_typename})`
}

/** The numbers of a branch: baskets in the file, then those that were kept with the tree. */
async function* baskets(name: string, ranges: Ranges, branch: Branch, stride: number): AsyncGenerator<Uint8Array> {
  const { fWriteBasket, fBasketSeek, fBasketBytes, fBasketEntry, fBaskets } = branch
  for (let k = 0; k < fWriteBasket; k++) {
    const events = Number(fBasketEntry[k + 1]) - Number(fBasketEntry[k])
    const bytes = await basket(name, ranges, Number(fBasketSeek[k]), Number(fBasketBytes[k]))
    if (!(events * stride <= bytes.length))
      throw broken(name, `basket ${k} of ${bytes.length} bytes for ${events} events`)
    yield bytes.subarray(0, events * stride)
  }
  for (const kept of fBaskets?.arr.slice(fWriteBasket) ?? []) {
    if (!kept?.fBufferRef) continue
    const { buffer, byteOffset, byteLength } = kept.fBufferRef.arr
    yield new Uint8Array(buffer, byteOffset, Math.min(byteLength, kept.fNevBuf * stride))
  }
}

/** The content of a basket: behind a key that tells its sizes, and packed if it is shorter than that says. */
async function basket(name: string, ranges: Ranges, from: number, size: number): Promise<Uint8Array> {
  if (!(from >= 0 && size > 18 && from + size <= ranges.size))
    throw broken(name, `a basket of ${size} bytes at ${from}`)
  const bytes = Buffer.from((await readRange(ranges, from, from + size)).buffer)
  const [length, keyLength] = [bytes.readInt32BE(6), bytes.readInt16BE(14)]
  if (keyLength < 18 || keyLength > size) throw broken(name, `a basket at ${from} with a key of ${keyLength} bytes`)
  const content = bytes.subarray(keyLength)
  if (content.length >= length) return content
  const { decompressZstd, decompressLz4Raw } = await import('hyparquet-compressors')
  const unpack: Record<string, (packed: Uint8Array, size: number) => Uint8Array> = {
    ZL: (packed, maxOutputLength) => inflateSync(packed, { maxOutputLength }),
    ZS: (packed, size) => unpackZstd(decompressZstd, packed, size),
    L4: (packed, size) => decompressLz4Raw(packed.subarray(8), size),
  }
  const blocks: Uint8Array[] = []
  for (let at = 0; at < content.length; ) {
    const kind = content.toString('latin1', at, at + 2)
    if (content.length - at < 9 || !unpack[kind])
      throw broken(name, `a basket packed by ${quoted(kind)}, expected ZL, ZS or L4`)
    const [packed, size] = [content.readUIntLE(at + 3, 3), content.readUIntLE(at + 6, 3)]
    at += 9 + packed
    try {
      const block = unpack[kind](content.subarray(at - packed, at), size)
      if (block.length !== size) throw new RangeError(`${block.length} bytes unpacked instead of ${size}`)
      blocks.push(block)
    } catch (error) {
      throw broken(name, (error as Error).message)
    }
  }
  return Buffer.concat(blocks)
}

/** What goes wrong inside jsroot is wrong in the file; what it says of it meanwhile is not for standard output. */
async function quietly<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await muted(work)
  } catch (error) {
    if (error instanceof InputError) throw error
    throw broken(name, (error as Error | undefined)?.message ?? 'not read')
  }
}

function broken(name: string, what: string): InputError {
  return new InputError(`${name}: broken ROOT data (${what}); is the file whole?`)
}
