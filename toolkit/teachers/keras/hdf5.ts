/** HDF5 as Keras 1.2 to 2 writes it, read and written by h5wasm, which works on files in its own memory. */
import { basename } from 'node:path'
import type { Dataset, File, Group } from 'h5wasm'
import { InputError } from '../../errors.ts'
import type { ModelFile } from '../model.ts'
import type { Stored } from './weights.ts'

const SIGNATURE = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1')

export function isHDF5(bytes: Uint8Array): boolean {
  return SIGNATURE.equals(bytes.subarray(0, SIGNATURE.length))
}

/** Loaded when a file needs it: its four megabytes take their time. */
async function library() {
  const { default: h5wasm } = await import('h5wasm')
  return { FS: (await h5wasm.ready).FS, File: h5wasm.File }
}

/** Runs `use` on an opened file. What the library cannot make sense of is an error that names the file. */
export async function withHDF5<Result>({ path, bytes }: ModelFile, use: (file: File) => Result): Promise<Result> {
  const { FS, File } = await library()
  const name = `/${basename(path)}`
  FS.writeFile(name, bytes)
  let file: File | undefined
  try {
    file = new File(name, 'r')
    return use(file)
  } catch (error) {
    if (error instanceof InputError) throw error
    throw new InputError(`${path}: not HDF5 that can be read, or not all of it (${(error as Error)?.message ?? error})`)
  } finally {
    file?.close()
    FS.unlink(name)
  }
}

/** The text of an attribute, which some versions of Keras cut into pieces: name0, name1, … */
export function text(group: Group, name: string): string | undefined {
  const values = attribute(group, name)
  return values.length === 0 ? undefined : values.join('')
}

export function texts(group: Group, name: string): readonly string[] {
  return attribute(group, name)
}

function attribute(group: Group, name: string): string[] {
  const { attrs } = group
  const whole = attrs[name]
  const pieces = whole ? [whole] : []
  for (let i = 0; !whole && attrs[`${name}${i}`]; i++) pieces.push(attrs[`${name}${i}`]!)
  return pieces.flatMap((piece) => strings(piece.value))
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.flatMap(strings) : []
}

export function child(group: Group, path: string): Group | undefined {
  const found = group.get(path)
  return (found as Group | null)?.type === 'Group' ? (found as Group) : undefined
}

/** A dataset of floating-point numbers, its size not yet trusted. */
export function stored(group: Group, path: string, fail: (message: string) => InputError): Stored {
  const found = group.get(path) as Dataset | null
  const shape = found?.type === 'Dataset' ? found.shape : undefined
  if (!shape) throw fail(`weights ${JSON.stringify(path)} are not in the file`)
  if (typeof found!.dtype !== 'string' || !/^[<>|=]?[efd]$/.test(found!.dtype)) {
    throw fail(`weights ${JSON.stringify(path)}: of type ${JSON.stringify(found!.dtype)}, expected floating point`)
  }
  return { name: path, shape, read: () => Float64Array.from(found!.value as Float32Array) }
}

/** The bytes of a new file. */
export async function writtenHDF5(fill: (file: File) => void): Promise<Uint8Array> {
  const { FS, File } = await library()
  const name = '/written.h5'
  const file = new File(name, 'w')
  fill(file)
  file.flush()
  file.close()
  const bytes = FS.readFile(name)
  FS.unlink(name)
  return bytes
}
