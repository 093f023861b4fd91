/**
 * Events from CSV: a header, then a line an event, with commas, semicolons or tabs between the cells. Lines and cells
 * are found here, because a line that arrives is a line that can be answered.
 */
import { delimiterOf, lastRecord, quotedRecord, Scanner, toNumber } from 'nndrone/lines'
import { InputError } from '../../errors.ts'
import { type Cell, faultError, type Gathering, type Kept, type Piece } from '../pieces.ts'
import { type Format, type Opening, positions, quoted, type Reading, type Table } from '../source.ts'
import type { Opened } from './opened.ts'
import { ScannedRecords } from './scanned.ts'
import { fromBytes, isText, lastLine, wholeLines } from './text.ts'

export const csv: Format = { matches: isText, open }

const DELIMITERS = ',;\t'
const QUOTE = 34
const FEED = 10

async function open(opened: Opened, opening: Opening): Promise<Table> {
  const { name } = opened
  const { tolerant = false, decimal = '.' } = opening
  const { header, line, delimiter, lines } = await headed(opened, opening)
  const columns = headerNames(name, line, header, delimiter)
  if (decimal === ',' && columns.length === 1 && columns[0]!.includes(',')) {
    throw new InputError(`${name}:${line}: ${COMMAS}`)
  }
  async function* read(records: Records): AsyncGenerator<Piece> {
    for await (const bytes of lines) yield* records.pieces(bytes)
  }
  return {
    format: 'csv',
    columns,
    read(wanted, { keep }: Reading = {}) {
      const chosen = positions(name, columns, wanted)
      const kept = keep ? positions(name, columns, keep) : undefined
      const records = { name, delimiter, decimal, columns, chosen, kept, tolerant }
      return read(new Records(records, opened.line ?? line + 1))
    },
  }
}

/** A header, and whole records as they arrive, good until the next are asked for. */
export async function headed(opened: Opened, { tolerant = false, decimal = '.' }: Opening) {
  const delimiters = DELIMITERS.replace(decimal, '')
  let delimiter = delimiters
  const end = (bytes: Buffer) =>
    bytes.includes(QUOTE) ? lastRecord(bytes.toString('latin1'), delimiter) : lastLine(bytes)
  const pieces = wholeLines(opened, end, tolerant)
  const { header, line, rest } = await readHeader(opened.name, pieces)
  delimiter = delimiterOf(header, delimiters)
  async function* lines(): AsyncGenerator<Buffer> {
    if (rest.length > 0) yield rest
    yield* pieces
  }
  return { header, line, delimiter, lines: lines() }
}

const COMMAS = 'the columns are separated by commas, which `decimal` says stand before decimals; leave out `decimal`'

/** The first line that is not blank, and what came with it. */
async function readHeader(name: string, pieces: AsyncGenerator<Buffer>) {
  let line = 1
  for (let next = await pieces.next(); !next.done; next = await pieces.next()) {
    let rest = next.value
    while (rest.length > 0) {
      const end = rest.indexOf(FEED) + 1 || rest.length
      const header = rest.toString('utf8', 0, end).trimEnd()
      rest = rest.subarray(end)
      if (header !== '') return { header, line, rest }
      line++
    }
  }
  throw new InputError(`${name}: empty, expected a header with the names of the columns`)
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

/**
 * The records of a file. Most lines are read as bytes; the others as text in which each character stands for a byte, so
 * that places in both are the same.
 */
class Records extends ScannedRecords {
  readonly #wanted: Wanted
  /** Whether decimals stand behind a comma. */
  readonly #comma: boolean

  constructor(wanted: Wanted, line: number) {
    const { columns, chosen: inputs, kept: keep, delimiter, decimal } = wanted
    super(Scanner.cells({ columns: columns.length, inputs, keep, delimiter, decimal }), line, keep !== undefined)
    this.#wanted = wanted
    this.#comma = decimal === ','
  }

  protected found(n: number, text: string): Kept {
    const places = this.scanner.places(n)
    const cells = this.#wanted.kept!.map((_, i) => fromBytes(text.slice(places[2 * i], places[2 * i + 1])))
    return { row: this.row + n, cells, json: false }
  }

  protected readUnusual(events: Gathering, _bytes: Buffer, asText: () => string, from: number): number {
    const text = asText()
    const next = text.indexOf('\n', from) + 1 || text.length
    const end = lineEnd(text, from, next)
    const line = text.slice(from, end)
    if (line.includes('"')) return this.#readQuoted(events, text, from, next)
    if (text.charCodeAt(from) > 32 || fromBytes(line).trim() !== '') {
      const cells = line.split(this.#wanted.delimiter)
      const miscounted = this.#miscounted(cells.length)
      const cell = (at: number) => (miscounted ? undefined : fromBytes(cells[at]!))
      this.#finish(events, miscounted ?? this.#pushCells(events, cells), line, cell)
      this.row++
    }
    this.line++
    return next
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
    const cell = (at: number) => whole && fromBytes(whole.cells[at]!)
    this.#finish(events, reason, text.slice(from, lineEnd(text, from, end)), cell)
    this.row++
    this.line += text.slice(from, end).split('\n').length - 1
    return end
  }

  /** Pushes the chosen cells of a record. Returns what is wrong with one of them. */
  #pushCells(events: Gathering, cells: readonly string[]): string | undefined {
    for (const at of this.#wanted.chosen) {
      const cell = fromBytes(cells[at]!)
      const value = this.#comma ? commaNumber(cell) : toNumber(cell)
      if (value === undefined) return `column ${quoted(this.#wanted.columns[at]!)}: ${quoted(cell)} is not a number`
      events.rows.push(value)
    }
    return undefined
  }

  #miscounted(count: number): string | undefined {
    const { columns } = this.#wanted
    return count === columns.length ? undefined : `${count} cells, but the header has ${columns.length}`
  }

  /** Ends an event, or makes one of a bad record. @param text the bytes of the record */
  #finish(events: Gathering, reason: string | undefined, text: string, cell: (at: number) => Cell): void {
    const { name, chosen, kept, tolerant } = this.#wanted
    const fault = reason === undefined ? undefined : { file: name, line: this.line, reason, text: fromBytes(text) }
    if (fault && !tolerant) throw faultError(fault)
    const companion = { row: this.row, cells: kept?.map(cell) ?? [], json: false }
    if (fault) events.spoil(chosen.length, { ...companion, fault })
    else events.whole(kept && companion)
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
