/**
 * HDF5 files, read elsewhere: a process of its own, which takes a limited time and memory. What they hold comes from
 * there as a whole.
 */
import type { InputError } from '../../errors.ts'
import { Death, isolation } from '../../isolation/process.ts'
import type { HDF5Node, HDF5Problem } from './h5wasm.ts'
import type { Stored } from './weights.ts'

const SIGNATURE = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1')

const UNREADABLE = 'not HDF5 that can be read, or not all of it'

/** What any file may take, and more for each byte of it. */
const SECONDS = { least: 3, perByte: 1e-6 }
const BYTES = { least: 768 * 2 ** 20, perByte: 16 }

export function isHDF5(bytes: Uint8Array): boolean {
  return SIGNATURE.equals(bytes.subarray(0, SIGNATURE.length))
}

type Fail = (message: string) => InputError

/** A group of a file. What could not be read is an InputError when it is asked for. */
export class HDF5Group {
  readonly #group: HDF5Node & { kind: 'group' }
  readonly #fail: Fail

  constructor(group: HDF5Node & { kind: 'group' }, fail: Fail) {
    this.#group = group
    this.#fail = fail
  }

  /** The names of all that it holds. */
  names(): string[] {
    return [...this.#group.nodes.keys()]
  }

  group(path: string): HDF5Group | undefined {
    const found = this.#get(path)
    return found?.kind === 'group' ? new HDF5Group(found, this.#fail) : undefined
  }

  /** An array of floating-point numbers. */
  numbers(path: string): Stored | undefined {
    const found = this.#get(path)
    if (found?.kind !== 'numbers') return undefined
    return { name: path, shape: found.shape, read: () => found.values }
  }

  /** The text of an attribute, which some versions of Keras cut into pieces: name0, name1, … */
  text(name: string): string | undefined {
    const values = this.texts(name)
    return values.length === 0 ? undefined : values.join('')
  }

  texts(name: string): readonly string[] {
    const { texts } = this.#group
    const whole = texts.get(name)
    const pieces = whole ? [whole] : []
    for (let i = 0; !whole && texts.has(`${name}${i}`); i++) pieces.push(texts.get(`${name}${i}`)!)
    return pieces.flatMap((piece) => (piece.kind === 'text' ? piece.pieces : this.#refuse(piece)))
  }

  #get(path: string): HDF5Node | undefined {
    const found = path.split('/').reduce<HDF5Node | undefined>((node, key) => {
      return key === '' || node?.kind !== 'group' ? node : node.nodes.get(key)
    }, this.#group)
    return found?.kind === 'problem' ? this.#refuse(found) : found
  }

  #refuse({ problem, foreign }: HDF5Problem): never {
    throw this.#fail(foreign ? `${UNREADABLE} (${problem})` : problem)
  }
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

/** Runs `use` on the root of a file. */
export async function withHDF5<Result>(bytes: Buffer, fail: Fail, use: (root: HDF5Group) => Result): Promise<Result> {
  if (!usual(bytes) || endless(bytes)) throw fail(UNREADABLE)
  const root = await readElsewhere(bytes).catch((error: Error) => {
    throw error instanceof Death ? fail(`${UNREADABLE} (reading it ${error.message})`) : error
  })
  if (root?.kind === 'group') return use(new HDF5Group(root, fail))
  throw fail(root?.kind === 'problem' ? `${UNREADABLE} (${root.problem})` : UNREADABLE)
}

async function readElsewhere(bytes: Buffer): Promise<HDF5Node | undefined> {
  const { length } = bytes
  const taken = isolation.take()
  try {
    const limits = {
      seconds: SECONDS.least + SECONDS.perByte * length,
      bytes: BYTES.least + BYTES.perByte * length,
    }
    return await taken.call('readHDF5', [bytes], limits)
  } finally {
    isolation.give(taken)
  }
}
