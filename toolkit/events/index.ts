/** Opens events of any known format. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { fileError, InputError } from '../errors.ts'
import { csv } from './csv.ts'
import { ndjson } from './ndjson.ts'
import type { EventSource, Format, Opened } from './source.ts'

export { type Loaded, load } from './load.ts'
export type { EventSource, Piece } from './source.ts'

/** Each asked in turn whether the bytes are its own; any text may be CSV, so that comes last. */
const FORMATS: readonly Format[] = [ndjson, csv]

/** Bytes of a file that are read at once. */
const CHUNK = 1 << 18

/**
 * Opens a file, or standard input by the name `-`.
 * @throws InputError where there is no such file, or nothing in it that is known
 */
export async function openEvents(path: string): Promise<EventSource> {
  const opened = path === '-' ? standardInput() : await file(path)
  const { head, bytes } = await peeked(opened.bytes)
  if (head.length === 0) throw new InputError(`${opened.name}: empty`)
  const format = FORMATS.find((format) => format.matches(head))
  if (!format) throw new InputError(`${opened.name}: not a format that is known, expected CSV or NDJSON`)
  return format.open({ ...opened, bytes })
}

function standardInput(): Opened {
  return { name: 'standard input', size: undefined, bytes: process.stdin }
}

async function file(path: string): Promise<Opened> {
  try {
    const status = await stat(path)
    const size = status.isFile() ? status.size : undefined
    return { name: path, size, bytes: fileBytes(path) }
  } catch (error) {
    throw fileError(path, error)
  }
}

async function* fileBytes(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: CHUNK })
  } catch (error) {
    throw fileError(path, error)
  }
}

/** The first bytes that are not blank alone, and all bytes. */
async function peeked(bytes: AsyncIterable<Uint8Array>) {
  const chunks = bytes[Symbol.asyncIterator]()
  let head: Uint8Array = new Uint8Array()
  while (!head.some((byte) => byte > 32)) {
    const next = await chunks.next()
    if (next.done) break
    head = Buffer.concat([head, next.value])
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    yield head
    yield* { [Symbol.asyncIterator]: () => chunks }
  }
  return { head, bytes: all() }
}
