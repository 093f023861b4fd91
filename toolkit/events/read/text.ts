/** Bytes of text, in pieces of whole lines. */
import { InputError } from '../../errors.ts'
import type { Opened } from './opened.ts'

/** The text of an event, and the line on which it begins, from 1. */
export type Line = readonly [text: string, line: number]

/** The longest line, in bytes. */
const LONGEST = 1 << 24

const FEED = 10

/** Where the last whole line ends, 0 where none does. */
export function lastLine(bytes: Buffer): number {
  return bytes.lastIndexOf(FEED) + 1
}

/**
 * Whole lines in UTF-8 as soon as they have arrived, good until the next are asked for; only the last one of a file may
 * lack its line feed.
 * @param end where the last line or record ends, 0 where none does
 * @param tolerant a record of too many lines is given up rather than refused: whole lines come instead
 */
export async function* wholeLines(opened: Opened, end = lastLine, tolerant = false): AsyncGenerator<Buffer> {
  let room = Buffer.allocUnsafeSlow(1 << 16)
  let length = 0
  for await (const chunk of inUTF8(opened)) {
    if (length + chunk.length > room.length) {
      room = Buffer.concat([room.subarray(0, length)], 2 * (length + chunk.length))
    }
    room.set(chunk, length)
    length += chunk.length
    const bytes = room.subarray(0, length)
    let whole = end(bytes)
    if (tolerant && length - whole > LONGEST) whole = lastLine(bytes)
    if (length - whole > LONGEST) {
      throw new InputError(
        `${opened.name}: a line of more than ${LONGEST / 2 ** 20} MB; is there a quote that never closes?`,
      )
    }
    if (whole > 0) yield bytes.subarray(0, whole)
    room.copyWithin(0, whole, length)
    length -= whole
  }
  if (length > 0) yield room.subarray(0, length)
}

/** All text, in pieces as they arrive. */
export async function* textOf(opened: Opened): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  for await (const chunk of inUTF8(opened)) yield decoder.decode(chunk, { stream: true })
  yield decoder.decode()
}

/** Without the byte order mark. */
async function* inUTF8(opened: Opened): AsyncGenerator<Uint8Array> {
  const coding = encoding(opened.head)
  if (coding === 'utf-8') {
    let mark = opened.head[0] === 0xef && opened.head[1] === 0xbb && opened.head[2] === 0xbf ? 3 : 0
    for await (const chunk of opened.passing()) {
      yield mark > 0 ? chunk.subarray(mark) : chunk
      mark = 0
    }
    return
  }
  const decoder = new TextDecoder(coding)
  for await (const chunk of opened.passing()) yield Buffer.from(decoder.decode(chunk, { stream: true }))
  yield Buffer.from(decoder.decode())
}

/** UTF-8 unless the byte order mark says otherwise. */
function encoding(head: Uint8Array): string {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  return head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : 'utf-8'
}

/** Whether bytes are text: control characters other than white space are in no table. */
export function isText(head: Uint8Array): boolean {
  return encoding(head) !== 'utf-8' || !head.some((byte) => byte < 9 || (byte > 13 && byte < 32))
}

/** The characters of a text in which each stands for a byte of UTF-8. */
export function fromBytes(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all that is in ASCII stands for itself
  return /[^\x00-\x7f]/.test(text) ? Buffer.from(text, 'latin1').toString() : text
}
