/** Bytes as text, in pieces of whole lines. */
import { InputError } from '../../errors.ts'
import type { Opened } from './opened.ts'

/** The text of an event, and the line on which it begins, from 1. */
export type Line = readonly [text: string, line: number]

/** The longest line, in characters. */
const LONGEST = 1 << 24

/** Where the last whole line of a text ends. */
function lastLine(text: string): number {
  return text.lastIndexOf('\n') + 1
}

/**
 * Whole lines as soon as they have arrived; only the last one of a file may lack its line feed.
 * @param end where the last line or record of a text ends, 0 where none does
 * @param tolerant a record of too many lines is given up rather than refused: whole lines come instead
 */
export async function* wholeLines(opened: Opened, end = lastLine, tolerant = false): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined
  let rest = ''
  for await (const chunk of opened.bytes()) {
    decoder ??= new TextDecoder(encoding(chunk))
    const text = rest + decoder.decode(chunk, { stream: true })
    let whole = end(text)
    if (tolerant && text.length - whole > LONGEST) whole = lastLine(text)
    rest = text.slice(whole)
    if (rest.length > LONGEST) {
      throw new InputError(
        `${opened.name}: a line of more than ${LONGEST / 2 ** 20} MB; is there a quote that never closes?`,
      )
    }
    if (whole > 0) yield text.slice(0, whole)
  }
  rest += decoder?.decode() ?? ''
  if (rest !== '') yield rest
}

/** UTF-8 unless the byte order mark says otherwise. The decoder takes the mark away. */
function encoding(head: Uint8Array): string {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  return head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : 'utf-8'
}

/** Whether bytes are text: control characters other than white space are in no table. */
export function isText(head: Uint8Array): boolean {
  return encoding(head) !== 'utf-8' || !head.some((byte) => byte < 9 || (byte > 13 && byte < 32))
}
