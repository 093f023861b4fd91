/**
 * The flat branches of a tree.
 * https://root.cern.ch/doc/master/classTTree.html
 */
import type { Branch, Leaf, Tree } from 'jsroot/io'
import { quoted } from '../../source.ts'
import { type NumberType, numberType, type Strip } from '../strips.ts'
import { baskets } from './baskets.ts'
import type { RootFile } from './file.ts'
import type { Column, RootTable } from './table.ts'

export async function readTree(file: RootFile, path: string): Promise<RootTable> {
  const tree = (await file.file.readObject(path)) as Tree | null
  if (!tree?.fBranches || typeof tree.fEntries !== 'number') throw new TypeError(`no branches of ${quoted(path)}`)
  return { count: tree.fEntries, columns: columnsOf(file, tree.fBranches.arr) }
}

/** A branch is a column, one of several leaves a column for each, and one of branches what those are. */
function columnsOf(file: RootFile, branches: readonly Branch[]): Column[] {
  return branches.flatMap((branch): Column[] => {
    if (typeof branch.fName !== 'string') throw new TypeError('a branch without a name')
    const inner = branch.fBranches?.arr ?? []
    if (inner.length > 0) return branch.fType ? [{ name: branch.fName, field: 'objects' }] : columnsOf(file, inner)
    return leavesOf(file, branch)
  })
}

/** An event has its leaves one after the other. What follows one of unknown length cannot be found. */
function leavesOf(file: RootFile, branch: Branch): Column[] {
  const leaves = branch.fLeaves?.arr ?? []
  const types = leaves.map((leaf) => leafType(branch, leaf))
  const lengths = leaves.map((leaf, i) => leafBytes(leaf, types[i]))
  const unknown = lengths.indexOf(undefined)
  const known = unknown < 0 ? lengths.length : unknown
  const offset = (at: number) => lengths.slice(0, at).reduce((sum: number, bytes) => sum + bytes!, 0)
  const stride = offset(known)
  const name = `${file.name}: branch ${quoted(branch.fName)}`
  const strip: Strip = { stride, bytes: () => baskets({ ...file, name }, branch, stride, unknown < 0) }
  return leaves.map((leaf, i) => {
    const title = leaves.length === 1 ? branch.fName : `${branch.fName}.${leaf.fName}`
    const number = i < known && leaf.fLen === 1 ? types[i] : undefined
    if (!number) return { name: title, field: contents(branch, leaf, i > known && unknown >= 0) }
    return { name: title, field: { strip, offset: offset(i), number, text: number.text } }
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

/** The type of a leaf of numbers, undefined for any other. */
function leafType(branch: Branch, leaf: Leaf): NumberType | undefined {
  const member = leaf._typename === 'TLeafElement'
  if (member && (branch.fType || branch.fBranchCount)) return undefined
  const type = member ? MEMBERS[branch.fStreamerType ?? 0] : LEAVES[leaf._typename.slice('TLeaf'.length)]
  return numberType(type ? `>${!member && leaf.fIsUnsigned ? type.replace('i', 'u') : type}` : '')
}

/** Bytes of a leaf, undefined where that is another number for each event, or not known. */
function leafBytes({ fLen, fLeafCount }: Leaf, type: NumberType | undefined): number | undefined {
  return type && !fLeafCount && Number.isSafeInteger(fLen) && fLen > 0 ? fLen * type.bytes : undefined
}

/** What a leaf holds that is not one number. */
function contents(branch: Branch, { fLen, fLeafCount, _typename }: Leaf, behind: boolean): string {
  if (fLeafCount) return `a list for each event, as long as ${quoted(fLeafCount.fName)} says`
  if (behind) return 'what stands behind a list or a text'
  if (branch.fEntryOffsetLen > 0 || branch.fBranchCount) return 'a list or a text for each event'
  return fLen > 1 ? `${fLen} numbers for each event` : `what is not known (${_typename})`
}
