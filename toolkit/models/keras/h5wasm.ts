/** h5wasm, which reads and writes HDF5 in a memory of its own: writing here, reading in an isolated process. */
import type { Attribute, Dataset, Group, File as H5File } from 'h5wasm'

/** What a file holds. */
export type HDF5Node =
  | { kind: 'group'; nodes: Map<string, HDF5Node>; texts: Map<string, HDF5Text> }
  | { kind: 'numbers'; shape: readonly number[]; values: Float64Array }
  | HDF5Problem

/** The text of an attribute. */
export type HDF5Text = { kind: 'text'; pieces: readonly string[] } | HDF5Problem

/** Why something cannot be read, which matters only if it is asked for. */
export interface HDF5Problem {
  kind: 'problem'
  problem: string
  /** Whether the library says so. */
  foreign: boolean
}

/** The one file that is open at a time. */
const NAME = '/model.h5'

/** What Keras keeps in order to go on training. */
const SKIPPED = 'optimizer_weights'

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

/** All that a file holds; undefined where it cannot be opened. */
export async function readHDF5(bytes: Uint8Array): Promise<HDF5Node | undefined> {
  const { FS, File } = await library()
  FS.writeFile(NAME, bytes)
  let file: H5File | undefined
  try {
    return attempt(() => {
      file = new File(NAME, 'r')
      return file.file_id < 0n ? undefined : new Reading(bytes.length).group(file)
    })
  } finally {
    close(file)
    FS.unlink(NAME)
  }
}

/** One file's reading, and how much of it is left that can be true. */
class Reading {
  /** Bytes of numbers: Keras does not compress, so that more than the file has room for are not there. */
  #numbers: number
  /** Links take some bytes each; where there are more than the file has room for, groups hold themselves. */
  #links: number

  constructor(bytes: number) {
    this.#numbers = bytes
    this.#links = bytes / 8
  }

  group(group: Group): HDF5Node {
    const nodes = new Map<string, HDF5Node>()
    for (const key of group.keys()) {
      if (--this.#links < 0) return problem('groups that are part of themselves')
      if (key === SKIPPED) continue
      const node = attempt(() => this.#node(group, key))
      if (node) nodes.set(key, node)
    }
    const texts = attempt(() => textsOf(group.attrs))
    return texts instanceof Map ? { kind: 'group', nodes, texts } : texts
  }

  #node(group: Group, key: string): HDF5Node | undefined {
    const found = group.get(key)
    if (!found || !('type' in found)) return undefined
    if (found.type === 'Group') return this.group(found as Group)
    return found.type === 'Dataset' ? this.#array(found as Dataset, key) : undefined
  }

  #array(dataset: Dataset, key: string): HDF5Node {
    const { dtype, metadata, shape } = dataset
    const name = `weights ${JSON.stringify(key)}`
    if (typeof dtype !== 'string' || !/^[<>|=]?[efd]$/.test(dtype)) {
      return problem(`${name}: of type ${JSON.stringify(dtype)}, expected floating point`)
    }
    this.#numbers -= Number(metadata.total_size) * metadata.size
    if (!(this.#numbers >= 0)) return problem(`${name}: more than the file holds`)
    return { kind: 'numbers', shape: shape ?? [], values: Float64Array.from(dataset.value as Float32Array) }
  }
}

function textsOf(attributes: Readonly<Record<string, Attribute>>): Map<string, HDF5Text> {
  const names = Object.keys(attributes)
  return new Map(
    names.map((name) => [name, attempt((): HDF5Text => ({ kind: 'text', pieces: strings(attributes[name]!.value) }))]),
  )
}

function problem(text: string, foreign = false): HDF5Problem {
  return { kind: 'problem', problem: text, foreign }
}

/** Anything that the library throws is the file's fault. One that went astray in its memory is not used again. */
function attempt<Result>(read: () => Result): Result | HDF5Problem {
  try {
    return read()
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) loading = undefined
    return problem(error instanceof Error ? error.message : String(error), true)
  }
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.flatMap(strings) : []
}

/** What is wrong with a file has been said by now. */
function close(file: H5File | undefined): void {
  try {
    file?.close()
  } catch {
    loading = undefined
  }
}

/** The bytes of a new file, which are the same whenever it is written. */
export async function writtenHDF5(fill: (file: H5File) => void): Promise<Uint8Array> {
  const { FS, File } = await library()
  atNoTime(() => {
    const file = new File(NAME, 'w')
    fill(file)
    file.flush()
    file.close()
  })
  const bytes = FS.readFile(NAME)
  FS.unlink(NAME)
  return bytes
}

/** Every array of a file has the time that it was made, which the library asks the clock for: here that stands still. */
function atNoTime(write: () => void): void {
  const { now } = Date
  Date.now = () => 0
  try {
    write()
  } finally {
    Date.now = now
  }
}
