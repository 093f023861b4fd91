/** A ROOT file as jsroot opens it. */
import type { Buffer, File, ObjectArray } from 'jsroot/io'
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
  io.addUserStreamer('TObjArray', readArray)
  return quietly(name, async () => {
    const file = await io.openFile(proxyOf(io, name, ranges))
    if (!file) throw new RangeError('no directory')
    return { name, ranges, io, file }
  })
}

/** The least bytes of an object: a tag that says there is none. */
const LEAST = 4

/**
 * An array of objects, of which a file may declare more than it has room for: jsroot would make room for all of them.
 * Its version, a TObject from the third on, a name from the second on, the count, the lower bound, and the objects.
 * https://root.cern.ch/doc/master/classTObjArray.html
 */
function readArray(buffer: Buffer, list: ObjectArray): void {
  const version = buffer.last_read_version
  list._typename ??= 'TObjArray'
  list.$kind = 'TObjArray'
  if (version > 2) buffer.classStreamer(list, 'TObject')
  list.name = version > 1 ? buffer.readTString() : ''
  const count = buffer.ntou4()
  list.fLowerBound = buffer.ntou4()
  list.fLast = count - 1
  if (LEAST * count > buffer.remain()) throw new RangeError(`${count} objects in ${buffer.remain()} bytes`)
  list.arr = Array.from({ length: count }, () => buffer.readObjectAny())
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
