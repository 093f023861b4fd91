/**
 * Events from CSV: a header, then a line an event, with commas, semicolons or tabs between the cells. Lines and cells
 * are found here, because a line that arrives is a line that can be answered.
 */
import { InputError } from '../../errors.ts'
import { type Cell, faultError, type Gathering, type Piece, pieceOf } from '../pieces.ts'
import { type Format, type Opening, positions, quoted, type Reading, type Table } from '../source.ts'
import { numberAt, toNumber } from './cells.ts'
import type { Opened } from './opened.ts'
import { lastRecord, quotedRecord } from './quotes.ts'
import { isText, wholeLines } from './text.ts'

export const csv: Format = { matches: isText, open }

const DELIMITERS = ',;\t'

async function open(opened: Opened, { tolerant = false, decimal = '.' }: Opening): Promise<Table> {
  const { name } = opened
  const delimiters = DELIMITERS.replace(decimal, '')
  let delimiter = delimiters
  const pieces = wholeLines(opened, (text) => lastRecord(text, delimiter), tolerant)
  const { header, line, rest } = await readHeader(name, pieces)
  delimiter = delimiterOf(header, delimiters)
  const columns = headerNames(name, line, header, delimiter)
  if (decimal === ',' && columns.length === 1 && columns[0]!.includes(',')) {
    throw new InputError(`${name}:${line}: ${COMMAS}`)
  }
  async function* read(records: Records): AsyncGenerator<Piece> {
    if (rest !== '') yield* records.pieces(rest)
    for await (const text of pieces) yield* records.pieces(text)
  }
  return {
    format: 'csv',
    columns,
    read(wanted, { keep }: Reading = {}) {
      const chosen = positions(name, columns, wanted)
      const kept = keep ? positions(name, columns, keep) : undefined
      return read(new Records({ name, delimiter, decimal, columns, chosen, kept, tolerant }, line + 1))
    },
  }
}

const COMMAS = 'the columns are separated by commas, which `decimal` says stand before decimals; leave out `decimal`'

/** The first line that is not blank, and what came with it. */
async function readHeader(name: string, pieces: AsyncGenerator<string>) {
  let line = 1
  for (let next = await pieces.next(); !next.done; next = await pieces.next()) {
    let text = next.value
    while (text !== '') {
      const end = text.indexOf('\n') + 1 || text.length
      const header = text.slice(0, end).trimEnd()
      text = text.slice(end)
      if (header !== '') return { header, line, rest: text }
      line++
    }
  }
  throw new InputError(`${name}: empty, expected a header with the names of the columns`)
}

/** The one that the header has most of. */
function delimiterOf(header: string, delimiters: string): string {
  const bare = header.replace(/"[^"]*"/g, '')
  const count = (delimiter: string) => bare.split(delimiter).length
  return [...delimiters].reduce((most, other) => (count(other) > count(most) ? other : most))
}

/** Columns may have no name, as the index that pandas writes; a name that stands twice matters to who asks for it. */
function headerNames(name: string, line: number, header: string, delimiter: string): string[] {
  const record = quotedRecord(header, 0, delimiter)
  if (typeof record === 'string') throw new InputError(`${name}:${line}: ${QUOTE_FAULTS[record]}`)
  const columns = record.cells.map((cell) => cell.trim())
  if (columns.some((column) => column.includes('\r'))) {
    throw new InputError(`${name}:${line}: lines end with a carriage return alone, expected a line feed`)
  }
  if (columns.every((column) => column !== '' && !Number.isNaN(toNumber(column) ?? Number.NaN))) {
    throw new InputError(`${name}:${line}: only numbers, expected a header with the names of the columns`)
  }
  return columns
}

const QUOTE_FAULTS = {
  open: 'a quote is not closed',
  misplaced: 'a quote is out of place; a cell with quotes in it is written as "a ""b"" c"',
}

/** What is read of a file, and how. */
interface Wanted {
  name: string
  delimiter: string
  decimal: '.' | ','
  columns: readonly string[]
  /** Where the columns stand that are read as numbers. */
  chosen: readonly number[]
  /** Where those stand that go along as text; undefined where nothing goes along. */
  kept: readonly number[] | undefined
  tolerant: boolean
}

/** The records of a file. */
class Records {
  readonly #wanted: Wanted
  /** Where the cells of a line start, and behind the last one where another would. */
  readonly #starts: Int32Array
  /** Whether anything goes along with the events. */
  readonly #companions: boolean
  /** Whether decimals stand behind a comma. */
  readonly #comma: boolean
  /** The line that is read next, from 1. */
  #line: number
  /** The record that is read next, from 0. */
  #row = 0

  constructor(wanted: Wanted, line: number) {
    this.#wanted = wanted
    this.#starts = new Int32Array(wanted.columns.length + 1)
    this.#companions = wanted.kept !== undefined || wanted.tolerant
    this.#comma = wanted.decimal === ','
    this.#line = line
  }

  /** The events of whole lines. */
  pieces(text: string): Generator<Piece> {
    return pieceOf((events) => {
      let quote = text.indexOf('"')
      for (let from = 0; from < text.length; ) {
        const feed = text.indexOf('\n', from)
        const next = feed < 0 ? text.length : feed + 1
        if (quote >= 0 && quote < next) {
          from = this.#readQuoted(events, text, from, next)
          quote = text.indexOf('"', from)
        } else {
          this.#readPlain(events, text, from, lineEnd(text, from, next))
          this.#line++
          from = next
        }
      }
    })
  }

  #readPlain(events: Gathering, text: string, from: number, end: number): void {
    if (text.charCodeAt(from) <= 32 && text.slice(from, end).trim() === '') return
    const starts = this.#starts
    const miscounted = this.#miscounted(this.#split(text, from, end))
    const reason = miscounted ?? this.#pushPlain(events, text)
    if (reason === undefined && !this.#companions) events.whole(undefined)
    else {
      const cell = (at: number) => (miscounted ? undefined : text.slice(starts[at], starts[at + 1]! - 1))
      this.#finish(events, reason, text.slice(from, end), cell)
    }
    this.#row++
  }

  /** Returns how many cells there are. */
  #split(text: string, from: number, end: number): number {
    const starts = this.#starts
    const { delimiter } = this.#wanted
    let count = 0
    for (let start = from; start <= end; count++) {
      const at = text.indexOf(delimiter, start)
      if (count < starts.length) starts[count] = start
      start = (at < 0 || at > end ? end : at) + 1
    }
    if (count < starts.length) starts[count] = end + 1
    return count
  }

  /** Pushes the chosen cells of a line. Returns what is wrong with one of them. */
  #pushPlain(events: Gathering, text: string): string | undefined {
    const starts = this.#starts
    for (const at of this.#wanted.chosen) {
      const end = starts[at + 1]! - 1
      const value = this.#comma ? commaNumber(text.slice(starts[at], end)) : numberAt(text, starts[at]!, end)
      if (value === undefined) return this.#notNumber(at, text.slice(starts[at], end))
      events.rows.push(value)
    }
    return undefined
  }

  /**
   * Reads a record with quotes in it, which may be longer than its first line. Where its quotes or the number of its
   * cells are wrong only that line is: there may be good ones behind it.
   * @param next where the next line begins
   * @returns where the next record begins
   */
  #readQuoted(events: Gathering, text: string, from: number, next: number): number {
    const record = quotedRecord(text, from, this.#wanted.delimiter)
    const fault = typeof record === 'string' ? QUOTE_FAULTS[record] : this.#miscounted(record.cells.length)
    const whole = typeof record !== 'string' && fault === undefined ? record : undefined
    const reason = whole ? this.#pushCells(events, whole.cells) : fault
    const end = whole?.end ?? next
    const cell = (at: number) => whole?.cells[at]
    this.#finish(events, reason, text.slice(from, lineEnd(text, from, end)), cell)
    this.#row++
    this.#line += text.slice(from, end).split('\n').length - 1
    return end
  }

  #pushCells(events: Gathering, cells: readonly string[]): string | undefined {
    for (const at of this.#wanted.chosen) {
      const value = this.#comma ? commaNumber(cells[at]!) : toNumber(cells[at]!)
      if (value === undefined) return this.#notNumber(at, cells[at]!)
      events.rows.push(value)
    }
    return undefined
  }

  #miscounted(count: number): string | undefined {
    const { columns } = this.#wanted
    return count === columns.length ? undefined : `${count} cells, but the header has ${columns.length}`
  }

  #notNumber(at: number, cell: string): string {
    return `column ${quoted(this.#wanted.columns[at]!)}: ${quoted(cell)} is not a number`
  }

  /** Ends an event, or makes one of a bad record. @param text the record as it came */
  #finish(events: Gathering, reason: string | undefined, text: string, cell: (at: number) => Cell): void {
    const { name, chosen, kept = [], tolerant } = this.#wanted
    const fault = reason === undefined ? undefined : { file: name, line: this.#line, reason, text }
    if (fault && !tolerant) throw faultError(fault)
    const companion = { row: this.#row, cells: kept.map(cell), json: false }
    if (fault) events.spoil(chosen.length, { ...companion, fault })
    else events.whole(this.#companions ? companion : undefined)
  }
}

/** The number of a cell whose decimals stand behind a comma; a point in it makes it none, as it may separate thousands. */
function commaNumber(cell: string): number | undefined {
  return cell.includes('.') ? undefined : toNumber(cell.replace(',', '.'))
}

/** Where the content of a line ends that begins at `from`, before the next at `next`. */
function lineEnd(text: string, from: number, next: number): number {
  let end = next
  if (end > from && text.charCodeAt(end - 1) === 10) end--
  if (end > from && text.charCodeAt(end - 1) === 13) end--
  return end
}
