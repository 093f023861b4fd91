/** Events from bytes that arrive: most lines by the scanner, the others by JSON.parse and the reader of quoted records. */
import { EvaluationError, refuse, shown } from '../errors.ts'
import { checkOptions, type OptionTypes } from '../options.ts'
import { toNumber } from './cells.ts'
import { delimiterOf, lastRecord, quotedRecord } from './quotes.ts'
import { Scanner } from './scanner.ts'

/** The formats of lines that are read. */
export type LineFormat = 'ndjson' | 'csv'

export interface LineReaderOptions {
  /** The keys or the columns of the numbers, in the order of an event's values. */
  inputs: readonly string[]
  /** Told from the first line unless given: an object or an array makes it NDJSON. */
  format?: LineFormat
  /** Called with a line that holds no event, its text and its number, from 1; it is left out. By default it is thrown. */
  onError?(error: EvaluationError, text: string, line: number): void
}

const OPTIONS: OptionTypes<LineReaderOptions> = { inputs: 'object', format: '', onError: 'function' }

const FEED = 10
const QUOTE = 34

/** Bytes of the longest line. */
const LONGEST = 1 << 24

/** What is there to be read of whole lines. */
interface Block {
  bytes: Uint8Array
  /** A character for each byte, so that places are the same; made when it is asked for. */
  text(): string
}

/** How the lines of a format are read. */
interface Lines {
  scanner: Scanner
  /** Where the last whole line or record ends, 0 where none does. */
  end(block: Block): number
  /**
   * Reads an unusual line, and those that belong to it.
   * @returns where the next one begins, and the event; none of a blank line, and a reason where it holds no event
   */
  read(block: Block, from: number): { next: number; event?: ArrayLike<number>; reason?: string }
}

/**
 * Reads events from the bytes of NDJSON or CSV, as they arrive. Missing values are NaN; in NDJSON a key that is absent is
 * a value that is missing, and a line may hold an array of all values. CSV begins with a header; its cells are separated
 * by commas, semicolons or tabs. Numbers are those that `Number` reads, to the bit.
 * @example
 * const reader = new LineReader({ inputs: drone.inputs })
 * for await (const chunk of createReadStream('events.ndjson')) {
 *   for (const events of reader.read(chunk)) console.log(drone.predictBatch(events))
 * }
 * for (const events of reader.end()) console.log(drone.predictBatch(events))
 */
export class LineReader {
  readonly #options: LineReaderOptions
  #format: LineFormat | undefined
  #lines: Lines | undefined
  /** What is read of the next call. */
  #rest = new Uint8Array()
  /** The line that is read next, from 1. */
  #line = 1

  /** @throws ConfigurationError on an option that does not exist or does not fit */
  constructor(options: LineReaderOptions) {
    checkOptions('LineReader', options, OPTIONS)
    const { inputs, format } = options ?? {}
    if (!Array.isArray(inputs) || inputs.length === 0 || !inputs.every((name) => typeof name === 'string')) {
      refuse('inputs', inputs, 'an array of names')
    }
    if (format !== undefined && format !== 'ndjson' && format !== 'csv') refuse('format', format, '"ndjson" or "csv"')
    this.#options = options
    this.#format = format
  }

  /** What the lines are, once that is known. */
  get format(): LineFormat | undefined {
    return this.#format
  }

  /** Whether the first line has come, so that the format is known and, in CSV, the header was read. */
  get ready(): boolean {
    return this.#lines !== undefined
  }

  /**
   * The events of the lines that these bytes make whole, [n × inputs] in each piece; a piece is good until the next.
   * @throws EvaluationError that tells the line, after the events before it
   * @example for (const events of reader.read(chunk)) scores.push(...drone.predictBatch(events))
   */
  *read(bytes: Uint8Array): Generator<Float64Array> {
    const all = joined(this.#rest, bytes)
    this.#rest = all
    yield* this.#take(all, false)
    if (this.#rest.length > LONGEST)
      throw this.#wrong(`more than ${LONGEST / 2 ** 20} MB; is there a quote that never closes?`)
  }

  /**
   * The event of the last line, where it lacks its line feed.
   * @throws EvaluationError as `read` does, and where a CSV has no header
   * @example for (const events of reader.end()) scores.push(...drone.predictBatch(events))
   */
  *end(): Generator<Float64Array> {
    yield* this.#take(this.#rest, true)
    if (!this.#lines && this.#format === 'csv')
      throw this.#wrong('empty, expected a header with the names of the columns')
  }

  /** @param last whether nothing comes any more */
  *#take(bytes: Uint8Array, last: boolean): Generator<Float64Array> {
    const begin = this.#lines ? 0 : this.#begin(bytes, last)
    const lines = this.#lines
    const rest = bytes.subarray(begin)
    const end = last || !lines ? rest.length : lines.end(blockOf(rest))
    this.#rest = lines ? rest.slice(end) : rest.slice()
    if (lines && end > 0) yield* this.#events(lines, blockOf(rest.subarray(0, end)))
  }

  *#events({ scanner, read }: Lines, block: Block): Generator<Float64Array> {
    const { inputs, onError } = this.#options
    const gathered = new Gathered(inputs.length)
    const { bytes } = block
    scanner.load(bytes)
    for (let at = 0; at < bytes.length; ) {
      at = scanner.scan(at)
      this.#line += scanner.lines
      if (scanner.count > 0) {
        if (gathered.length > 0) gathered.push(scanner.rows)
        else yield scanner.rows
      } else if (at < bytes.length) {
        const { next, event, reason } = read(block, at)
        if (event) gathered.push(event)
        if (reason !== undefined) {
          const error = this.#wrong(reason)
          const text = decoded(bytes.subarray(at, next)).replace(/\r?\n$/, '')
          if (!onError && gathered.length > 0) yield gathered.all()
          if (!onError) throw Object.assign(error, { event: text })
          onError(error, text, this.#line)
        }
        this.#line += feeds(bytes, at, next)
        at = next
      }
      if (gathered.length >= MOST || at >= bytes.length) {
        if (gathered.length > 0) yield gathered.all()
        gathered.length = 0
      }
    }
  }

  /** Finds out what the lines are, once one is whole that is not blank. Returns where what is not read yet begins. */
  #begin(bytes: Uint8Array, last: boolean): number {
    let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
    for (let next = at; at < bytes.length; at = next) {
      const feed = bytes.indexOf(FEED, at)
      if (feed < 0 && !last) break
      next = feed < 0 ? bytes.length : feed + 1
      const line = decoded(bytes.subarray(at, next)).trimEnd()
      if (line === '') {
        this.#line++
        continue
      }
      this.#format ??= /^\s*[[{]/.test(line) ? 'ndjson' : 'csv'
      if (this.#format === 'ndjson') {
        this.#lines = recordLines(this.#options.inputs)
        return at
      }
      this.#lines = cellLines(this.#options.inputs, line, (reason) => this.#wrong(reason))
      this.#line++
      return next
    }
    return at
  }

  #wrong(reason: string): EvaluationError {
    return new EvaluationError(`line ${this.#line}: ${reason}`)
  }
}

/** Numbers that come together, at least. */
const MOST = 1 << 15

/** Numbers of events that did not all come from the scanner. */
class Gathered {
  #numbers: Float64Array
  length = 0

  constructor(width: number) {
    this.#numbers = new Float64Array(64 * width)
  }

  push(numbers: ArrayLike<number>): void {
    const length = this.length + numbers.length
    if (length > this.#numbers.length) {
      const larger = new Float64Array(2 * length)
      larger.set(this.#numbers)
      this.#numbers = larger
    }
    this.#numbers.set(numbers, this.length)
    this.length = length
  }

  all(): Float64Array {
    return this.#numbers.subarray(0, this.length)
  }
}

function recordLines(inputs: readonly string[]): Lines {
  return {
    scanner: Scanner.records({ inputs, optional: 'all' }),
    end: ({ bytes }) => bytes.lastIndexOf(FEED) + 1,
    read({ bytes }, from) {
      const next = bytes.indexOf(FEED, from) + 1 || bytes.length
      const text = decoded(bytes.subarray(from, next))
      return text.trim() === '' ? { next } : { next, ...readRecord(text, inputs) }
    },
  }
}

function readRecord(text: string, inputs: readonly string[]): { event?: number[]; reason?: string } {
  let record: unknown
  try {
    record = JSON.parse(text)
  } catch {
    return { reason: `${shown(text.trim())} is not JSON; each line holds an event, an object or an array` }
  }
  if (typeof record !== 'object' || record === null) {
    return { reason: `${shown(text.trim())} is not an event, expected an object or an array` }
  }
  const values = Array.isArray(record) ? record : undefined
  if (values && values.length !== inputs.length) {
    return { reason: `${values.length} values, expected ${inputs.length} (${inputs.join(', ')})` }
  }
  const event: number[] = []
  for (const [i, name] of inputs.entries()) {
    const value = values ? values[i] : Object.hasOwn(record, name) ? (record as Record<string, unknown>)[name] : null
    if (value === null) event.push(Number.NaN)
    else if (typeof value === 'number' || typeof value === 'boolean') event.push(Number(value))
    else return { reason: `${shown(name)}: ${shown(value)} is not a number` }
  }
  return { event }
}

/** @throws EvaluationError, by `wrong`, where the header lacks a column */
function cellLines(inputs: readonly string[], header: string, wrong: (reason: string) => EvaluationError): Lines {
  const delimiter = delimiterOf(header, ',;\t')
  const record = quotedRecord(header, 0, delimiter)
  if (typeof record === 'string') throw wrong('a quote of the header is out of place, or not closed')
  const columns = record.cells.map((cell) => cell.trim())
  const positions = inputs.map((name) => {
    const at = columns.indexOf(name)
    if (at < 0) throw wrong(`no column ${shown(name)}; there are ${columns.join(', ')}`)
    if (columns.lastIndexOf(name) !== at) throw wrong(`two columns are named ${shown(name)}`)
    return at
  })
  return {
    scanner: Scanner.cells({ columns: columns.length, inputs: positions, delimiter }),
    end: ({ bytes, text }) => (bytes.includes(QUOTE) ? lastRecord(text(), delimiter) : bytes.lastIndexOf(FEED) + 1),
    read(block, from) {
      const { bytes } = block
      const next = bytes.indexOf(FEED, from) + 1 || bytes.length
      const quoted = bytes.subarray(from, next).includes(QUOTE)
      const place = quoted ? quotedRecord(block.text(), from, delimiter) : { end: next }
      if (typeof place === 'string') return { next, reason: 'a quote is out of place, or not closed' }
      const text = decoded(bytes.subarray(from, place.end))
      if (text.trim() === '') return { next }
      const record = quotedRecord(text, 0, delimiter)
      const cells = typeof record === 'string' ? [] : record.cells
      if (cells.length !== columns.length) {
        return { next, reason: `${cells.length} cells, but the header has ${columns.length}` }
      }
      return { next: place.end, ...readCells(cells, columns, positions) }
    },
  }
}

function readCells(cells: readonly string[], columns: readonly string[], positions: readonly number[]) {
  const event: number[] = []
  for (const at of positions) {
    const value = toNumber(cells[at]!)
    if (value === undefined) return { reason: `column ${shown(columns[at])}: ${shown(cells[at])} is not a number` }
    event.push(value)
  }
  return { event }
}

function blockOf(bytes: Uint8Array): Block {
  let text: string | undefined
  return {
    bytes,
    text() {
      text ??= new TextDecoder('latin1').decode(bytes)
      return text
    },
  }
}

const DECODER = new TextDecoder('utf-8', { ignoreBOM: true })

function decoded(bytes: Uint8Array): string {
  return DECODER.decode(bytes)
}

function feeds(bytes: Uint8Array, from: number, to: number): number {
  let count = 0
  for (let at = from; at < to; at++) if (bytes[at] === FEED) count++
  return count
}

/** Both, in memory of its own where there is something of each. */
function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  if (a.length === 0) return b as Uint8Array<ArrayBuffer>
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}
