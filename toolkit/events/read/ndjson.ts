/**
 * Events from NDJSON: a line an event, an object by the names of its values or an array by their order. The same events
 * may stand in one array, `[{…},{…}]`.
 */

import { Scanner } from 'nndrone/lines'
import { type Cell, type Fault, faultError, type Gathering, type Kept, type Piece, pieceOf } from '../pieces.ts'
import { excerpt, type Format, listed, type Opening, quoted, type Reading, type Table } from '../source.ts'
import { Elements } from './elements.ts'
import { memberTexts, withoutWords } from './members.ts'
import type { Opened } from './opened.ts'
import { ScannedRecords } from './scanned.ts'
import { fromBytes, type Line, textOf, wholeLines } from './text.ts'

export const ndjson: Format = {
  matches: (head) => /^\s*[{[]/.test(decoded(head)),
  open,
}

/** TextDecoder takes the byte order mark away. */
function decoded(head: Uint8Array): string {
  return new TextDecoder().decode(head)
}

async function open(opened: Opened, opening: Opening): Promise<Table> {
  return opened.line === undefined && isArray(opened) ? openArray(opened, opening) : openLines(opened, opening)
}

/** Whether all events stand in one array. */
export function isArray({ head }: Opened): boolean {
  return /^\s*\[\s*([{[\]]|$)/.test(decoded(head))
}

async function openLines(opened: Opened, { tolerant = false }: Opening): Promise<Table> {
  const { name } = opened
  const pieces = wholeLines(opened)
  let first: Buffer | undefined
  let lines: Line[] = []
  let line = opened.line ?? 1
  for (let next = await pieces.next(); !next.done; next = await pieces.next()) {
    first = next.value
    const texts = first.toString().split('\n')
    lines = texts.map((text, i): Line => [text, line + i]).filter(([text]) => text.trim() !== '')
    if (lines.length > 0) break
    line += texts.length - 1
  }
  async function* read(reader: Reader): AsyncGenerator<Piece> {
    if (first) yield* reader.pieces(first)
    for await (const bytes of pieces) yield* reader.pieces(bytes)
  }
  return {
    format: 'ndjson',
    columns: lines.length > 0 ? namesOf(name, lines, tolerant) : [],
    read: (wanted, reading = {}) => read(new Reader({ name, wanted, tolerant, ...reading }, line)),
  }
}

async function openArray(opened: Opened, { tolerant = false }: Opening): Promise<Table> {
  const { name } = opened
  const pieces = elements(opened)
  const first = await pieces.next()
  async function* read(reader: Reader): AsyncGenerator<Piece> {
    if (!first.done) yield* reader.elements(first.value)
    for await (const some of pieces) yield* reader.elements(some)
  }
  return {
    format: 'ndjson',
    columns: first.done ? [] : namesOf(name, first.value, tolerant),
    read: (wanted, reading = {}) => read(new Reader({ name, wanted, tolerant, ...reading }, 1)),
  }
}

/** The elements of an array that have come. */
async function* elements(opened: Opened): AsyncGenerator<Line[]> {
  const elements = new Elements(opened.name)
  for await (const text of textOf(opened)) {
    const lines = [...elements.take(text)]
    if (lines.length > 0) yield lines
  }
  elements.end()
}

type Values = Readonly<Record<string, unknown>> | readonly unknown[]

/** The keys of the first event; an array has none. A tolerant reader takes the first good event that has come. */
function namesOf(file: string, lines: readonly Line[], tolerant: boolean): string[] | undefined {
  for (const [text, line] of lines) {
    const { event, reason } = parsed(text)
    if (event) return Array.isArray(event) ? undefined : Object.keys(event)
    if (!tolerant) throw faultError({ file, line, reason: reason!, text })
  }
  return undefined
}

/** What a line holds: an event and its text as JSON has it, or what is wrong. */
interface Parsed {
  event?: Values
  json?: string
  reason?: string
}

function parsed(line: string): Parsed {
  const read = readJSON(line) ?? readJSON(withoutWords(line))
  if (!read) return { reason: `${quoted(line.trim())} is not JSON; each line holds an event, an object or an array` }
  const { value, json } = read
  if (typeof value === 'object' && value !== null) return { event: value as Values, json }
  return { reason: `${quoted(line.trim())} is not an event, expected an object or an array` }
}

function readJSON(json: string): { value: unknown; json: string } | undefined {
  try {
    return { value: JSON.parse(json), json }
  } catch {
    return undefined
  }
}

/** What is read of a file or a message, and how. */
export interface Wanted extends Reading, Opening {
  name: string
  wanted: readonly string[]
}

/** Most lines are read as bytes; the others, and elements of an array, as text. */
export class Reader extends ScannedRecords {
  readonly #wanted: Wanted
  /** The kept keys, with their places; undefined where no text is kept. */
  readonly #keys: ReadonlyMap<string, number> | undefined

  constructor(wanted: Wanted, line: number) {
    const { wanted: inputs, optional, keep, whole } = wanted
    const kept = whole ? { whole: true, taken: whole.taken } : { keep }
    super(Scanner.records({ inputs, optional, ...kept }), line, keep !== undefined)
    this.#wanted = wanted
    if (keep && !whole) this.#keys = new Map(keep.map((key, i) => [key, i]))
  }

  /** Counts events and lines anew: another file or message begins. */
  begin(): this {
    this.line = 1
    this.row = 0
    return this
  }

  /** The events of an array. */
  elements(elements: readonly Line[]): Generator<Piece> {
    return pieceOf((events) => {
      for (const [text, line] of elements) this.#read(events, text, line)
    })
  }

  protected found(n: number, text: string): Kept {
    const places = this.scanner.places(n)
    const texts: Cell[] = []
    for (let i = 0; i < places.length; i += 2) {
      const [from, to] = [places[i]!, places[i + 1]!]
      texts.push(to === 0 ? undefined : fromBytes(text.slice(from, to)))
    }
    const kept = { row: this.row + n, json: true }
    return this.#wanted.whole ? { ...kept, cells: [], event: oneLine(texts[0]!) } : { ...kept, cells: texts }
  }

  protected readUnusual(events: Gathering, bytes: Buffer, _text: () => string, from: number): number {
    const next = bytes.indexOf('\n', from) + 1 || bytes.length
    const text = bytes.toString('utf8', from, next).replace(/\n$/, '')
    if (text.trim() !== '') this.#read(events, text, this.line)
    this.line++
    return next
  }

  #read(events: Gathering, text: string, line: number): void {
    const { event, json = text, reason = this.#push(events, event!) } = parsed(text)
    if (reason === undefined) events.whole(this.#companion(json, event))
    else this.#refuse(events, { file: this.#wanted.name, line, reason, text: trimmed(text) }, json, event)
    this.row++
  }

  /** Pushes the wanted values. Returns what is wrong with one of them. */
  #push({ rows }: Gathering, event: Values): string | undefined {
    const { wanted, optional, keep = [], whole } = this.#wanted
    const values = Array.isArray(event) ? event : undefined
    if (values && keep.length > 0 && !whole) return `an array of values has no key ${quoted(keep[0]!)}`
    const taken = values ? undefined : whole?.taken.find((key) => Object.hasOwn(event, key))
    if (taken !== undefined) return `${quoted(taken)} is also the name of a score; rename it, or name the keys to keep`
    if (values && values.length !== wanted.length) {
      return `${values.length} values, expected ${wanted.length} (${listed(wanted)})`
    }
    for (const [i, name] of wanted.entries()) {
      const value = values ? values[i] : own(event as Readonly<Record<string, unknown>>, name)
      if (typeof value === 'number' || typeof value === 'boolean') rows.push(Number(value))
      else if (value === null || (value === undefined && (optional === 'all' || optional?.has(name))))
        rows.push(Number.NaN)
      else if (value === undefined) return `${quoted(name)}: missing`
      else return `${quoted(name)}: ${excerpt(value)} is not a number`
    }
    return undefined
  }

  #refuse(events: Gathering, fault: Fault, json: string, event: Values | undefined): void {
    if (!this.#wanted.tolerant) throw faultError(fault)
    events.spoil(this.#wanted.wanted.length, {
      row: this.row,
      cells: [],
      json: true,
      ...this.#companion(json, event),
      fault,
    })
  }

  /** What goes along with an event; nothing of a line that is none. */
  #companion(json: string, event: Values | undefined): Kept | undefined {
    const { keep, whole } = this.#wanted
    if (!keep) return undefined
    const object = event && !Array.isArray(event)
    const cells: Cell[] = object && this.#keys ? memberTexts(json, this.#keys) : []
    return { row: this.row, cells, json: true, ...(whole && event && { event: oneLine(json) }) }
  }
}

/** An event of an array may stand on several lines; within its texts there are no line feeds. */
function oneLine(json: string): string {
  return json.replace(/[\r\n]/g, ' ').trim()
}

function own(event: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(event, name) ? event[name] : undefined
}

/** Without the carriage return of its end. */
function trimmed(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}
