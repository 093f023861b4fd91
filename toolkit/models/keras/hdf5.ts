/** HDF5, read and written by h5wasm, which works on files in a memory of its own. */
import type { Dataset, Group, File as H5File } from 'h5wasm'
import { InputError } from '../../errors.ts'
import type { Stored } from './weights.ts'

const SIGNATURE = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1')

const UNREADABLE = 'not HDF5 that can be read, or not all of it'

/** The one file that is open at a time. */
const NAME = '/model.h5'

export function isHDF5(bytes: Uint8Array): boolean {
  return SIGNATURE.equals(bytes.subarray(0, SIGNATURE.length))
}

let loading: ReturnType<typeof load> | undefined
let loads = 0

/** The library, loaded when a file needs it: its four megabytes take their time. */
function library() {
  loading ??= load()
  return loading
}

/** A new one each time, for what follows the `?` makes another module of it. */
async function load() {
  const { default: h5wasm }: typeof import('h5wasm') = await import(`${import.meta.resolve('h5wasm')}?${loads++}`)
  const { FS } = await h5wasm.ready
  // The library prints pages on what it cannot read. Its standard error, which has the number 2, is opened on nothing.
  FS.close((FS as unknown as { getStream(number: number): FS.FSStream }).getStream(2))
  FS.open('/dev/null', 'w')
  return { FS, File: h5wasm.File }
}

/** A group of an open file. What the library cannot make sense of is an InputError. */
export class HDF5Group {
  readonly #group: Group
  readonly #bytes: number
  readonly #fail: (message: string) => InputError

  /** @param bytes of the file */
  constructor(group: Group, bytes: number, fail: (message: string) => InputError) {
    this.#group = group
    this.#bytes = bytes
    this.#fail = fail
  }

  group(path: string): HDF5Group | undefined {
    const found = this.#get(path)
    return found?.type === 'Group' ? new HDF5Group(found as Group, this.#bytes, this.#fail) : undefined
  }

  /** A dataset of floating-point numbers, which are not read before they are asked for. */
  numbers(path: string): Stored | undefined {
    const found = this.#get(path)
    if (found?.type !== 'Dataset') return undefined
    const dataset = found as Dataset
    const shape = attempt(() => dataset.shape, this.#fail) ?? []
    return { name: path, shape, read: () => this.#read(dataset, path) }
  }

  /** The text of an attribute, which some versions of Keras cut into pieces: name0, name1, … */
  text(name: string): string | undefined {
    const values = this.texts(name)
    return values.length === 0 ? undefined : values.join('')
  }

  texts(name: string): readonly string[] {
    return attempt(() => {
      const { attrs } = this.#group
      const whole = attrs[name]
      const pieces = whole ? [whole] : []
      for (let i = 0; !whole && attrs[`${name}${i}`]; i++) pieces.push(attrs[`${name}${i}`]!)
      return pieces.flatMap((piece) => strings(piece.value))
    }, this.#fail)
  }

  #get(path: string): Group | Dataset | undefined {
    const found = attempt(() => this.#group.get(path), this.#fail)
    return found && 'type' in found && found.type !== 'Datatype' ? (found as Group | Dataset) : undefined
  }

  /** Keras does not compress, so that more numbers than the file has room for are not there. */
  #read(dataset: Dataset, path: string): Float64Array {
    return attempt(() => {
      const { dtype, metadata } = dataset
      const name = `weights ${JSON.stringify(path)}`
      if (typeof dtype !== 'string' || !/^[<>|=]?[efd]$/.test(dtype)) {
        throw this.#fail(`${name}: of type ${JSON.stringify(dtype)}, expected floating point`)
      }
      if (Number(metadata.total_size) * metadata.size > this.#bytes)
        throw this.#fail(`${name}: more than the file holds`)
      return Float64Array.from(dataset.value as Float32Array)
    }, this.#fail)
  }
}

/** Anything that the library throws is the file's fault. One that went astray in its memory is not used again. */
function attempt<Result>(read: () => Result, fail: (message: string) => InputError): Result {
  try {
    return read()
  } catch (error) {
    if (error instanceof InputError) throw error
    if (error instanceof WebAssembly.RuntimeError) loading = undefined
    throw fail(`${UNREADABLE} (${error instanceof Error ? error.message : error})`)
  }
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.flatMap(strings) : []
}

const HEAP = 'GCOL\x01\0\0\0'

/** Bytes of a heap's header, and of an object's in it. */
const HEADER = 16

/**
 * Whether the library would read a heap of strings for ever: it does where an object takes no room. A heap is GCOL,
 * version 1, its size, then objects, each with an index, a number of users, its size and its bytes, padded to eights;
 * of the one with the index 0, what is free, the size counts the header (HDF5 File Format Specification, III.E).
 */
function endless(bytes: Buffer): boolean {
  for (let heap = bytes.indexOf(HEAP); heap >= 0; heap = bytes.indexOf(HEAP, heap + 1)) {
    const end = Math.min(bytes.length, heap + sizeAt(bytes, heap + 8))
    let at = heap + HEADER
    while (at + HEADER <= end) {
      const size = sizeAt(bytes, at + 8)
      const room = bytes.readUInt16LE(at) === 0 ? size : HEADER + 8 * Math.ceil(size / 8)
      if (room === 0) return true
      at += room
    }
  }
  return false
}

function sizeAt(bytes: Buffer, at: number): number {
  return at + 8 <= bytes.length ? Number(bytes.readBigUInt64LE(at)) : 0
}

/** Addresses and sizes are of eight bytes each, whatever the version of the file's head. */
function usual(bytes: Buffer): boolean {
  const at = bytes[8]! < 2 ? 13 : 9
  return bytes[at] === 8 && bytes[at + 1] === 8
}

/** Runs `use` on the root of a file, which is open meanwhile. */
export async function withHDF5<Result>(
  bytes: Buffer,
  fail: (message: string) => InputError,
  use: (root: HDF5Group) => Result,
): Promise<Result> {
  if (!usual(bytes) || endless(bytes)) throw fail(UNREADABLE)
  const { FS, File } = await library()
  FS.writeFile(NAME, bytes)
  let file: H5File | undefined
  try {
    file = attempt(() => new File(NAME, 'r'), fail)
    if (file.file_id < 0n) throw fail(UNREADABLE)
    return use(new HDF5Group(file, bytes.length, fail))
  } finally {
    close(file)
    FS.unlink(NAME)
  }
}

/** What is wrong with a file has been said by now. */
function close(file: H5File | undefined): void {
  try {
    file?.close()
  } catch {
    loading = undefined
  }
}

/** The bytes of a new file. */
export async function writtenHDF5(fill: (file: H5File) => void): Promise<Uint8Array> {
  const { FS, File } = await library()
  const file = new File(NAME, 'w')
  fill(file)
  file.flush()
  file.close()
  const bytes = FS.readFile(NAME)
  FS.unlink(NAME)
  return bytes
}
