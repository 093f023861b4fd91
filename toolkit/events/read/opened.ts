/** Bytes of files and of standard input: counted as they are read, and unpacked where they are packed by gzip. */
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import { fileError, InputError } from '../../errors.ts'
import type { Ranges } from '../../files/ranges.ts'
import { unpacked } from '../../files/unpack.ts'

/** Bytes of a file that are read at once. */
const CHUNK = 1 << 18

/** The same where they lie in the same memory each time. */
const PASSING = 1 << 19

/** The longest sign of a format at the beginning of a file, in bytes. */
const SIGN = 8

export class Opened {
  /** As messages name it. */
  readonly name: string
  /** Bytes of the file, where that is known. */
  readonly size: number | undefined
  /** The table that is asked for, in files that hold several: what stands behind the last colon. */
  part: string | undefined
  /** The first bytes, enough to tell the format: the first line or more, and not blank. */
  head: Uint8Array = new Uint8Array()
  /** The same bytes at any place; undefined where they come but once. */
  ranges: Ranges | undefined
  readonly #path: string
  /** The line on which the events begin, where what is opened is a part of a file; a header stands before them. */
  line: number | undefined
  #chunks: AsyncIterator<Uint8Array>
  #bytesRead = 0
  /** Bytes that another process has read. */
  bytesReadElsewhere = 0

  private constructor(path: string, name: string, size: number | undefined, chunks: AsyncIterable<Uint8Array>) {
    this.#path = path
    this.name = name
    this.size = size
    this.#chunks = this.#counted(chunks)
  }

  /**
   * Opens a file, or standard input by the name `-`.
   * @throws InputError where there is no such file, or nothing in it
   */
  static async open(path: string): Promise<Opened> {
    const opened =
      path === '-' ? new Opened(path, 'standard input', undefined, process.stdin) : await Opened.#file(path)
    await opened.#peek()
    if (opened.head[0] === 0x1f && opened.head[1] === 0x8b) await opened.#unpack()
    if (opened.head.length > 0) return opened
    throw new InputError(`${opened.name}: empty`)
  }

  /** Some lines of a file, behind its header if it has one. @param line where they begin there */
  static part(name: string, bytes: Uint8Array, line: number): Opened {
    const opened = new Opened(name, name, bytes.length, NOTHING)
    opened.head = bytes
    opened.line = line
    return opened
  }

  /**
   * Bytes that come from elsewhere, packed by nothing.
   * @throws InputError where there are none
   */
  static async stream(name: string, chunks: AsyncIterable<Uint8Array>): Promise<Opened> {
    const opened = new Opened(name, name, undefined, chunks)
    await opened.#peek()
    if (opened.head.length > 0) return opened
    throw new InputError(`${name}: empty`)
  }

  static async #file(path: string): Promise<Opened> {
    const status = await stat(path).catch((error) => {
      if (error.code === 'ENOENT' && /[^:]:[^:]+$/.test(path)) return undefined
      throw fileError(path, error)
    })
    if (!status) return Opened.#part(path)
    const { size } = status
    if (!status.isFile()) return new Opened(path, path, undefined, fileBytes(path))
    const opened = new Opened(path, path, size, fileBytes(path))
    opened.ranges = { size, slice: (from, to) => opened.#counted(fileBytes(path, from, to)) }
    return opened
  }

  static async #part(path: string): Promise<Opened> {
    const colon = path.lastIndexOf(':')
    const opened = await Opened.#file(path.slice(0, colon))
    opened.part = path.slice(colon + 1)
    return opened
  }

  /** Bytes that have been read of the file as it is, packed or not. */
  bytesRead(): number {
    return this.#bytesRead + this.bytesReadElsewhere
  }

  /** All bytes, once. */
  bytes(): AsyncGenerator<Uint8Array> {
    return joined(this.head, this.#chunks)
  }

  /** All bytes, once, each chunk good until the next is asked for: those of a file lie in the same memory again and again. */
  async *passing(): AsyncGenerator<Uint8Array> {
    if (!this.ranges) return yield* this.bytes()
    yield this.head
    const from = this.#bytesRead
    await this.close()
    // Closed with the rest, where nobody reads on.
    const rest = this.#counted(passingBytes(this.#path, from))
    this.#chunks = rest
    yield* rest
  }

  /**
   * The bytes of a format that is not read from front to back.
   * @throws InputError where they come but once
   */
  async seekable(format: string): Promise<Ranges> {
    if (!this.ranges) throw new InputError(`${this.name}: ${format} cannot be read from a stream, only from a file`)
    await this.close()
    return this.ranges
  }

  async close(): Promise<void> {
    await this.#chunks.return?.()
  }

  async *#counted(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.#bytesRead += chunk.length
      yield chunk
    }
  }

  async #peek(): Promise<void> {
    const chunks = [this.head]
    /** What came last, from where something may begin that is not blank. */
    let rest = this.head
    while (!recognisable(rest)) {
      const next = await this.#chunks.next()
      if (next.done) break
      chunks.push(next.value)
      rest = rest.some((byte) => byte > 32) ? Buffer.concat([rest, next.value]) : next.value
    }
    this.head = Buffer.concat(chunks)
  }

  async #unpack(): Promise<void> {
    this.#chunks = unpacked(this.name, this.bytes(), createGunzip({ chunkSize: CHUNK }))
    this.ranges = undefined
    this.head = new Uint8Array()
    await this.#peek()
  }
}

/** Whoever sends lines waits for none to be answered before it is whole. */
function recognisable(head: Uint8Array): boolean {
  const at = head.findIndex((byte) => byte > 32)
  return at >= 0 && (head.length >= at + SIGN || head.includes(10, at))
}

const NOTHING: AsyncIterable<Uint8Array> = {
  [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true, value: undefined }) }),
}

async function* joined(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head
  yield* { [Symbol.asyncIterator]: () => rest }
}

async function* fileBytes(path: string, from = 0, to = Number.POSITIVE_INFINITY): AsyncGenerator<Uint8Array> {
  if (to <= from) return
  // A pipe has no places to read from, only a front and a back.
  const range = from > 0 || to < Number.POSITIVE_INFINITY ? { start: from, end: to - 1 } : {}
  try {
    yield* createReadStream(path, { highWaterMark: CHUNK, ...range })
  } catch (error) {
    throw fileError(path, error)
  }
}

/** The bytes of a file from one place on. The next chunk is read while the last one is looked at. */
async function* passingBytes(path: string, from: number): AsyncGenerator<Uint8Array> {
  const handle = await open(path).catch((error) => {
    throw fileError(path, error)
  })
  let [chunk, other] = [Buffer.allocUnsafeSlow(PASSING), Buffer.allocUnsafeSlow(PASSING)]
  let at = from
  let reading = handle.read(chunk, 0, PASSING, at)
  try {
    for (;;) {
      const { bytesRead } = await reading
      if (bytesRead === 0) return
      at += bytesRead
      reading = handle.read(other, 0, PASSING, at)
      yield chunk.subarray(0, bytesRead)
      ;[chunk, other] = [other, chunk]
    }
  } catch (error) {
    throw fileError(path, error)
  } finally {
    await reading.catch(() => {})
    await handle.close()
  }
}
