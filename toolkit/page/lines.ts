/** Events of a CSV or NDJSON file, and the same lines with scores: in a browser, a piece of the file after the other. */
import { type Drone, shortest } from 'nndrone'
import { quotedRecord, Scanner, toNumber } from 'nndrone/lines'

/** A record as it stands in the file, without its line feed. */
type Line = Uint8Array

const FEED = 10
const QUOTE = 34

/** What is wrong with a file, for people. */
export class FileFault extends Error {
  override name = 'FileFault'
}

/** The events of one piece of a file. */
export interface Events {
  /** [events × inputs]; NaN is a missing value. */
  rows: Float64Array
  /** The line of each. */
  lines: readonly Line[]
}

export interface Format {
  /** The header with the names of the scores, where there is one. */
  header: Uint8Array | undefined
  read(lines: readonly Line[], first: number): Events
  /** The end of a line, with the scores of its event. */
  joined(line: Line, scores: Float32Array): [line: Line, end: string]
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Pieces of whole lines; a line feed between quotes ends none. */
export async function* pieces(file: Blob, onRead: (bytes: number) => void): AsyncGenerator<Line[]> {
  const reader = file.stream().getReader()
  let left = new Uint8Array()
  for (let read = 0; ; ) {
    const { done, value } = await reader.read()
    if (done) break
    read += value.length
    const bytes = new Uint8Array(left.length + value.length)
    bytes.set(left)
    bytes.set(value, left.length)
    const { lines, end } = split(bytes)
    left = bytes.subarray(end)
    if (lines.length > 0) yield lines
    onRead(read)
  }
  const last = trimmed(left)
  if (last.length > 0) yield [last]
}

function split(bytes: Uint8Array): { lines: Line[]; end: number } {
  const lines: Line[] = []
  let start = 0
  let quotes = 0
  const quoted = bytes.includes(QUOTE) && bytes[0] !== 123
  for (let from = 0; ; ) {
    const feed = bytes.indexOf(FEED, from)
    if (feed < 0) break
    if (quoted) for (let i = from; i < feed; i++) if (bytes[i] === QUOTE) quotes++
    from = feed + 1
    if (quotes % 2 === 1) continue
    const line = trimmed(bytes.subarray(start, feed))
    if (line.length > 0) lines.push(line)
    start = from
  }
  return { lines, end: start }
}

/** Without the spaces at its end. */
function trimmed(line: Line): Line {
  let end = line.length
  while (end > 0 && line[end - 1]! <= 32) end--
  return line.subarray(0, end)
}

/** @throws FileFault where the first line is that of neither format */
export function formatOf(first: Line, drone: Drone): Format {
  const text = decoder.decode(first)
  return /^\ufeff?\s*[{[]/.test(text) ? ndjson(drone) : csv(text.replace(/^\ufeff/, ''), drone)
}

function csv(header: string, { inputs, outputs }: Drone): Format {
  const delimiter = [',', ';', '\t'].find((one) => header.includes(one)) ?? ','
  const columns = cellsOf(header, delimiter).map((name) => name.trim())
  const places = inputs.map((name) => columns.indexOf(name))
  const lacking = inputs.filter((_, i) => places[i]! < 0)
  if (lacking.length > 0) {
    throw new FileFault(`no column ${lacking.slice(0, 5).join(', ')}; the file has ${columns.slice(0, 20).join(', ')}`)
  }
  const taken = outputs.find((name) => columns.includes(name))
  const names = outputs.map((name) => (taken === undefined ? name : `drone_${name}`))
  const scanner = Scanner.cells({ columns: columns.length, inputs: places, delimiter })
  return {
    header: encoder.encode([header, ...names.map((name) => cell(name, delimiter))].join(delimiter)),
    read: (lines, first) =>
      scanned(scanner, lines, inputs.length, (line, n) => {
        const cells = cellsOf(decoder.decode(line), delimiter)
        if (cells.length !== columns.length) {
          throw new FileFault(`line ${first + n}: ${cells.length} cells, expected ${columns.length}`)
        }
        return places.map((place, i) => numberOf(cells[place]!, inputs[i]!, first + n))
      }),
    joined: (line, scores) => [line, `${delimiter}${Array.from(scores, csvScore).join(delimiter)}\n`],
  }
}

function numberOf(text: string, name: string, line: number): number {
  const value = toNumber(text.trim())
  if (value === undefined) throw new FileFault(`line ${line}: ${name} is "${text.slice(0, 40)}", expected a number`)
  return value
}

function csvScore(score: number): string {
  return Number.isNaN(score) ? 'nan' : String(shortest(score))
}

function cell(text: string, delimiter: string): string {
  return text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function cellsOf(text: string, delimiter: string): string[] {
  if (!text.includes('"')) return text.split(delimiter)
  const record = quotedRecord(text, 0, delimiter)
  if (typeof record === 'string') throw new FileFault(`a quote that is ${record} in: ${text.slice(0, 60)}`)
  return record.cells
}

function ndjson({ inputs, outputs }: Drone): Format {
  const scanner = Scanner.records({ inputs, optional: 'all', taken: outputs })
  return {
    header: undefined,
    read: (lines, first) =>
      scanned(scanner, lines, inputs.length, (line, n) => {
        const values = parsed(line, first + n)
        if (Array.isArray(values)) {
          if (values.length === inputs.length) return values.map((value, i) => known(value, inputs[i]!, first + n))
          throw new FileFault(`line ${first + n}: ${values.length} values, expected ${inputs.length}`)
        }
        return inputs.map((name) => known(Object.hasOwn(values, name) ? values[name] : null, name, first + n))
      }),
    joined(line, scores) {
      if (line[0] !== 123) return [line.subarray(0, line.length - 1), `,${Array.from(scores, jsonScore).join()}]\n`]
      const before = parsedKeys(line, outputs) ? 'drone_' : ''
      const members = outputs.map((name, i) => `${JSON.stringify(before + name)}:${jsonScore(scores[i]!)}`)
      const empty = line.length === 2
      return [line.subarray(0, line.length - 1), `${empty ? '' : ','}${members.join()}}\n`]
    },
  }
}

/** Whether a record may have one of the names already. */
function parsedKeys(line: Line, names: readonly string[]): boolean {
  const text = decoder.decode(line)
  return names.some((name) => text.includes(`"${name}"`))
}

function jsonScore(score: number): string {
  return Number.isFinite(score) ? String(shortest(score)) : 'null'
}

function parsed(line: Line, number: number): Record<string, unknown> | unknown[] {
  let value: unknown
  try {
    value = JSON.parse(decoder.decode(line).replace(/\b(NaN|-?Infinity)\b/g, 'null'))
  } catch (error) {
    throw new FileFault(`line ${number}: not JSON: ${(error as Error).message}`)
  }
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  throw new FileFault(`line ${number}: expected an object or a list`)
}

function known(value: unknown, name: string, line: number): number {
  if (value === null || value === undefined) return Number.NaN
  if (typeof value === 'number') return value
  throw new FileFault(`line ${line}: ${name} is ${JSON.stringify(value).slice(0, 40)}, expected a number`)
}

/** Has the kernels find the numbers, and reads by itself what they leave. */
function scanned(
  scanner: Scanner,
  lines: readonly Line[],
  width: number,
  read: (line: Line, n: number) => number[],
): Events {
  const rows = new Float64Array(lines.length * width)
  const bytes = new Uint8Array(lines.reduce((sum, { length }) => sum + length + 1, 0))
  let at = 0
  for (const line of lines) {
    bytes.set(line, at)
    at += line.length
    bytes[at++] = FEED
  }
  scanner.load(bytes)
  for (let n = 0, from = 0; n < lines.length; ) {
    from = scanner.scan(from)
    rows.set(scanner.rows, n * width)
    n += scanner.count
    if (scanner.count > 0 || n >= lines.length) continue
    rows.set(read(lines[n]!, n), n * width)
    from += lines[n]!.length + 1
    n++
  }
  return { rows, lines }
}
