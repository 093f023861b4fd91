/** The trees and RNTuples of a file, also those in its folders. */
import type { Directory } from 'jsroot/io'
import { InputError } from '../../../errors.ts'
import { listed, quoted } from '../../source.ts'
import type { RootFile } from './file.ts'

/** Folders that are looked into, and how deep one may lie. */
const MOST_FOLDERS = 1000
const DEEPEST = 16

interface Found {
  path: string
  isNTuple: boolean
}

/**
 * The table of a name, or the only one.
 * @throws InputError that lists what is there
 */
export async function findTable({ name, file }: RootFile, part: string | undefined): Promise<Found> {
  const tables = await tablesIn(file)
  const paths = tables.map(({ path }) => path)
  if (part !== undefined) {
    const wanted = part.replace(/^\/+|;\d+$/g, '')
    const found = tables.find(({ path }) => path === wanted)
    if (found) return { ...found, path: part }
    throw new InputError(`${name}: no tree ${quoted(part)}; there are ${listed(paths) || 'none'}`)
  }
  const [only, ...others] = tables
  if (!only) throw new InputError(`${name}: no tree and no RNTuple, of which events are read`)
  if (others.length === 0) return only
  throw new InputError(`${name}: several trees (${listed(paths)}); name one, as in ${name}:${only.path}`)
}

async function tablesIn(file: Directory): Promise<Found[]> {
  const found = new Map<string, Found>()
  let folders = 0
  async function look(directory: Directory, before: string, depth: number): Promise<void> {
    for (const { fName, fClassName } of directory.fKeys) {
      const path = `${before}${fName}`
      if (/^T(Tree|Ntuple|NtupleD)$/.test(fClassName)) found.set(path, { path, isNTuple: false })
      else if (fClassName === 'ROOT::RNTuple') found.set(path, { path, isNTuple: true })
      else if (/^TDirectory(File)?$/.test(fClassName) && depth < DEEPEST && folders++ < MOST_FOLDERS) {
        const folder = (await directory.readObject(fName)) as Directory | null
        if (folder?.fKeys) await look(folder, `${path}/`, depth + 1)
      }
    }
  }
  await look(file, '', 0)
  return [...found.values()]
}
