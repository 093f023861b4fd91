/** A ROOT file as jsroot opens it. */
import type { File } from 'jsroot/io'
import { InputError } from '../../../errors.ts'
import { type Ranges, readRange } from '../../../files/ranges.ts'
import { muted } from '../../../muted.ts'
import { optional } from '../../../optional.ts'

type IO = typeof import('jsroot/io')

export interface RootFile {
  /** As messages name it. */
  name: string
  ranges: Ranges
  io: IO
  file: File
}

/** @throws InputError where jsroot is not installed, or where the file is broken */
export async function openROOT(name: string, ranges: Ranges): Promise<RootFile> {
  const io = (await optional('jsroot/io')) as IO | undefined
  if (!io) {
    throw new InputError(
      `${name}: ROOT files are read with the package jsroot, which is not installed: npm install jsroot --ignore-scripts`,
    )
  }
  return quietly(name, async () => {
    const file = await io.openFile(proxyOf(io, name, ranges))
    if (!file) throw new RangeError('no directory')
    return { name, ranges, io, file }
  })
}

function proxyOf(io: IO, name: string, ranges: Ranges) {
  class WholeFile extends io.FileProxy {
    override openFile = async () => true
    override getFileName = () => name
    override getFileSize = () => ranges.size
    override readBuffer = async (from: number, size: number) => {
      const bytes = await readBytes(ranges, from, size)
      return new DataView(bytes.buffer)
    }
  }
  return new WholeFile()
}

/** @throws RangeError where they are not all in the file */
export async function readBytes(ranges: Ranges, from: number, size: number): Promise<Uint8Array<ArrayBuffer>> {
  if (!(from >= 0 && size >= 0 && from + size <= ranges.size)) throw new RangeError(`${size} bytes at ${from}`)
  return readRange(ranges, from, from + size)
}

/** What goes wrong inside jsroot is wrong in the file; what it says of it meanwhile is not for standard output. */
export async function quietly<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await muted(work)
  } catch (error) {
    if (error instanceof InputError) throw error
    throw broken(name, (error as Error | undefined)?.message ?? 'not read')
  }
}

export function broken(name: string, what: string): InputError {
  return new InputError(`${name}: broken ROOT data (${what}); is the file whole?`)
}
