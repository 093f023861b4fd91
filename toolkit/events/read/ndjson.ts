/**
 * Events from NDJSON: a line an event, an object by the names of its values or an array by their order. The same events
 * may stand in one array, `[{…},{…}]`.
 */

import { type Cell, type Fault, faultError, type Gathering, type Kept, type Piece, pieceOf } from '../pieces.ts'
import { excerpt, type Format, listed, type Opening, quoted, type Reading, type Table } from '../source.ts'
import { Elements } from './elements.ts'
import { memberTexts, withoutWords } from './members.ts'
import type { Opened } from './opened.ts'
import { type Line, wholeLines } from './text.ts'

export const ndjson: Format = {
  matches: (head) => /^\s*[{[]/.test(textOf(head)),
  open,
}

/** TextDecoder takes the byte order mark away. */
function textOf(head: Uint8Array): string {
  return new TextDecoder().decode(head)
}

async function open(opened: Opened, { tolerant = false }: Opening): Promise<Table> {
  const { name } = opened
  const lines = /^\s*\[\s*([{[\]]|$)/.test(textOf(opened.head)) ? elements(opened) : linesOf(opened)
  const first = await lines.next()
  const columns = first.done ? [] : namesOf(name, first.value, tolerant)
  async function* read(reader: Reader): AsyncGenerator<Piece> {
    if (!first.done) yield* reader.pieces(first.value)
    for await (const some of lines) yield* reader.pieces(some)
  }
  return {
    format: 'ndjson',
    columns,
    read: (wanted, reading = {}) => read(new Reader({ name, wanted, tolerant, ...reading })),
  }
}

/** The lines that have come, without those that are blank. */
async function* linesOf(opened: Opened): AsyncGenerator<Line[]> {
  let line = 1
  for await (const text of wholeLines(opened)) {
    const texts = text.replace(/\n$/, '').split('\n')
    const lines = texts.map((text, i): Line => [text, line + i]).filter(([text]) => text.trim() !== '')
    line += texts.length
    if (lines.length > 0) yield lines
  }
}

/** The elements of an array that have come. */
async function* elements(opened: Opened): AsyncGenerator<Line[]> {
  const elements = new Elements(opened.name)
  for await (const text of wholeLines(opened, (text) => text.length)) {
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

/** What is read of a file, and how. */
interface Wanted extends Reading, Opening {
  name: string
  wanted: readonly string[]
}

class Reader {
  readonly #wanted: Wanted
  /** The kept keys, with their places; undefined where no text is kept. */
  readonly #keys: ReadonlyMap<string, number> | undefined
  /** The event that is read next, from 0. */
  #row = 0

  constructor(wanted: Wanted) {
    this.#wanted = wanted
    if (wanted.keep && !wanted.whole) this.#keys = new Map(wanted.keep.map((key, i) => [key, i]))
  }

  pieces(lines: readonly Line[]): Generator<Piece> {
    return pieceOf((events) => {
      for (const [text, line] of lines) {
        this.#read(events, text, line)
        this.#row++
      }
    })
  }

  #read(events: Gathering, text: string, line: number): void {
    const { event, json = text, reason = this.#push(events, event!) } = parsed(text)
    if (reason === undefined) events.whole(this.#companion(json, event))
    else this.#refuse(events, { file: this.#wanted.name, line, reason, text: trimmed(text) }, json, event)
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
      row: this.#row,
      cells: [],
      json: true,
      ...this.#companion(json, event),
      fault,
    })
  }

  /** What goes along with an event; nothing of a line that is none. */
  #companion(json: string, event: Values | undefined): Kept | undefined {
    const { keep, whole, tolerant } = this.#wanted
    if (!keep && !tolerant) return undefined
    const object = event && !Array.isArray(event)
    const cells: Cell[] = object && this.#keys ? memberTexts(json, this.#keys) : []
    return { row: this.#row, cells, json: true, ...(whole && event && { event: oneLine(json) }) }
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
