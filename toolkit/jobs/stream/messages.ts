/** What messages hold: events as JSON, as NDJSON, or as rows of numbers. */
import { isUtf8 } from 'node:buffer'
import { MESSAGE_FORMATS, type Message, type MessageFormat } from '../../brokers/broker.ts'
import { InputError } from '../../errors.ts'
import { counted, listed, quoted } from '../../text.ts'

/** A message that cannot be read at all. */
export class UnreadableMessage extends InputError {
  override name = 'UnreadableMessage'
}

/**
 * What a message holds: one event as JSON on however many lines, whole lines of an event each (whose sender may have said
 * so), or rows of numbers.
 */
export type Content =
  | { format: 'json'; text: string }
  | { format: 'lines'; bytes: Buffer; named: boolean }
  | { format: 'f32' | 'f64'; rows: Numbers }

type Numbers = Float32Array | Float64Array

const LINE_FEED = 10

/**
 * @param inputs numbers of an event, for rows
 * @throws UnreadableMessage that says what is wrong
 */
export function contentOf(message: Message, inputs: readonly string[]): Content {
  const format = formatOf(message)
  const { body } = message
  if (format === 'f32' || format === 'f64') return { format, rows: rowsOf(body, format, inputs) }
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length)
  if (!isUtf8(bytes)) throw new UnreadableMessage('not UTF-8; name the format of rows of numbers in the header')
  const end = bytes.indexOf(LINE_FEED)
  const isOneLine = end < 0 || end === bytes.length - 1
  // A record that is written on several lines is one event: its first line alone is no JSON.
  const isOneEvent = () => format === 'json' || (format === undefined && !isJSON(bytes, end) && isJSON(bytes))
  if (!isOneLine && isOneEvent()) return { format: 'json', text: bytes.toString() }
  const isWhole = bytes.at(-1) === LINE_FEED
  return { format: 'lines', bytes: isWhole ? bytes : Buffer.concat([bytes, LINE]), named: format === 'ndjson' }
}

const LINE = Buffer.from('\n')

function formatOf({ format }: Message): MessageFormat | undefined {
  if (format === undefined) return undefined
  const known = MESSAGE_FORMATS.find((each) => each === format)
  if (known) return known
  throw new UnreadableMessage(`format ${quoted(format)} is not known, expected ${listed(MESSAGE_FORMATS)}`)
}

/** Whether the bytes up to an end are one value. */
function isJSON(bytes: Buffer, end = bytes.length): boolean {
  try {
    JSON.parse(bytes.toString('utf8', 0, end))
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
  const bytes = body.byteOffset % Type.BYTES_PER_ELEMENT === 0 ? body : new Uint8Array(body)
  return new Type(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length / Type.BYTES_PER_ELEMENT)
}
