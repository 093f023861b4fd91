/** Events from NDJSON: a line an event, an object by the names of its values or an array by their order. */

import { type Cell, type Fault, faultError, type Gathering, type Kept, type Piece, pieceOf } from '../pieces.ts'
import { type Format, listed, type Opening, quoted, type Reading, short, type Table } from '../source.ts'
import { memberTexts } from './members.ts'
import type { Opened } from './opened.ts'
import { wholeLines } from './text.ts'

export const ndjson: Format = {
  matches: (head) => /^(\ufeff)?\s*[{[]/.test(new TextDecoder('utf-8', { ignoreBOM: true }).decode(head)),
  open,
}

async function open(opened: Opened, { tolerant = false }: Opening): Promise<Table> {
  const { name } = opened
  const pieces = wholeLines(opened)
  const first = await pieces.next()
  const columns = first.done ? [] : namesOf(name, first.value, tolerant)
  async function* read(reader: Reader): AsyncGenerator<Piece> {
    if (!first.done) yield* reader.pieces(first.value)
    for await (const text of pieces) yield* reader.pieces(text)
  }
  return {
    format: 'ndjson',
    columns,
    read: (wanted, reading = {}) => read(new Reader({ name, wanted, tolerant, ...reading })),
  }
}

type Values = Readonly<Record<string, unknown>> | readonly unknown[]

/** The keys of the first event; an array has none. A tolerant reader takes the first good event that has come. */
function namesOf(file: string, text: string, tolerant: boolean): string[] | undefined {
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const event = parsed(line)
    if (typeof event !== 'string') return Array.isArray(event) ? undefined : Object.keys(event)
    if (!tolerant) throw faultError({ file, line: i + 1, reason: event, text: line })
  }
  return undefined
}

/** The event of a line, or what is wrong with it. */
function parsed(line: string): Values | string {
  let event: unknown
  try {
    event = JSON.parse(line)
  } catch {
    return `${quoted(line.trim())} is not JSON; each line holds an event, an object or an array`
  }
  if (typeof event === 'object' && event !== null) return event as Values
  return `${quoted(line.trim())} is not an event, expected an object or an array`
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
  /** The line that is read, from 1. */
  #line = 0
  /** The event that is read next, from 0. */
  #row = 0

  constructor(wanted: Wanted) {
    this.#wanted = wanted
    if (wanted.keep && !wanted.whole) this.#keys = new Map(wanted.keep.map((key, i) => [key, i]))
  }

  pieces(text: string): Generator<Piece> {
    return pieceOf((events) => {
      for (const line of text.replace(/\n$/, '').split('\n')) {
        this.#line++
        if (line.trim() === '') continue
        this.#read(events, line)
        this.#row++
      }
    })
  }

  #read(events: Gathering, line: string): void {
    const event = parsed(line)
    const reason = typeof event === 'string' ? event : this.#push(events, event)
    if (reason === undefined) events.whole(this.#companion(line, event))
    else this.#refuse(events, { file: this.#wanted.name, line: this.#line, reason, text: trimmed(line) }, event)
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
      if (typeof value === 'number') rows.push(value)
      else if (value === null || (value === undefined && (optional === 'all' || optional?.has(name))))
        rows.push(Number.NaN)
      else if (value === undefined) return `${quoted(name)}: missing`
      else return `${quoted(name)}: ${shown(value)} is not a number`
    }
    return undefined
  }

  #refuse(events: Gathering, fault: Fault, event: Values | string): void {
    if (!this.#wanted.tolerant) throw faultError(fault)
    events.spoil(this.#wanted.wanted.length, {
      row: this.#row,
      cells: [],
      json: true,
      ...this.#companion(fault.text, event),
      fault,
    })
  }

  /** What goes along with an event; nothing of a line that is none. */
  #companion(line: string, event: Values | string): Kept | undefined {
    const { keep, whole, tolerant } = this.#wanted
    if (!keep && !tolerant) return undefined
    const known = typeof event !== 'string'
    const object = known && !Array.isArray(event)
    const cells: Cell[] = object && this.#keys ? memberTexts(line, this.#keys) : []
    return { row: this.#row, cells, json: true, ...(whole && known && { event: line.trim() }) }
  }
}

function own(event: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(event, name) ? event[name] : undefined
}

/** Without the carriage return of its end. */
function trimmed(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}

/** The beginning of a value. What is nested may be so deep that no text can be made of it. */
function shown(value: unknown): string {
  try {
    return short(JSON.stringify(value))
  } catch {
    return Array.isArray(value) ? 'an array' : 'an object'
  }
}
