/** What messages hold: events as JSON, as NDJSON, or as rows of numbers. */
import { MESSAGE_FORMATS, type Message, type MessageFormat } from '../../brokers/broker.ts'
import { InputError } from '../../errors.ts'
import type { Line } from '../../events/read/text.ts'
import { counted, listed, quoted } from '../../text.ts'

/** A message that cannot be read at all. */
export class UnreadableMessage extends InputError {
  override name = 'UnreadableMessage'
}

/** What a message holds: lines of JSON, or rows of numbers. */
export type Content = { format: 'json' | 'ndjson'; lines: readonly Line[] } | { format: 'f32' | 'f64'; rows: Numbers }

type Numbers = Float32Array | Float64Array

const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * @param inputs numbers of an event, for rows
 * @throws UnreadableMessage that says what is wrong
 */
export function contentOf(message: Message, inputs: readonly string[]): Content {
  const format = formatOf(message)
  if (format === 'f32' || format === 'f64') return { format, rows: rowsOf(message.body, format, inputs) }
  const text = textOf(message.body)
  // A record that is written on several lines is one event: its first line alone is no JSON.
  if (format === 'json' || !text.includes('\n')) return oneEvent(text)
  const lines = linesOf(text)
  if (format === undefined && lines.length > 0 && !isJSON(lines[0]![0]) && isJSON(text)) return oneEvent(text)
  if (lines.length === 0) throw new UnreadableMessage('empty, expected an event as JSON')
  return { format: format ?? (lines.length === 1 ? 'json' : 'ndjson'), lines }
}

function formatOf({ format }: Message): MessageFormat | undefined {
  if (format === undefined) return undefined
  const known = MESSAGE_FORMATS.find((each) => each === format)
  if (known) return known
  throw new UnreadableMessage(`format ${quoted(format)} is not known, expected ${listed(MESSAGE_FORMATS)}`)
}

function textOf(body: Uint8Array): string {
  try {
    return decoder.decode(body)
  } catch {
    throw new UnreadableMessage('not UTF-8; name the format of rows of numbers in the header')
  }
}

function oneEvent(text: string): Content {
  if (text.trim() === '') throw new UnreadableMessage('empty, expected an event as JSON')
  return { format: 'json', lines: [[text, 1]] }
}

/** Lines that are blank are no events. */
function linesOf(text: string): Line[] {
  return text
    .split('\n')
    .map((line, i): Line => [line, i + 1])
    .filter(([line]) => line.trim() !== '')
}

function isJSON(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function rowsOf(body: Uint8Array, format: 'f32' | 'f64', inputs: readonly string[]): Numbers {
  const Type = format === 'f32' ? Float32Array : Float64Array
  const row = inputs.length * Type.BYTES_PER_ELEMENT
  if (body.length === 0 || body.length % row !== 0) {
    const expected = `expected a multiple of ${row}: rows of ${counted(inputs.length, 'number')} of ${Type.BYTES_PER_ELEMENT} bytes (${listed(inputs)})`
    throw new UnreadableMessage(`${counted(body.length, 'byte')} of ${format}, ${expected}`)
  }
  // A message may begin anywhere in the bytes that came with it; numbers lie at multiples of their size.
  return new Type(new Uint8Array(body).buffer)
}
