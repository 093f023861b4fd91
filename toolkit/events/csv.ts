/**
 * Events from CSV: a header, then a line an event, with commas, semicolons or tabs between the cells.
 *
 * Lines are split here and cells by `String.split`, ten times as fast as csv-parse, and a line that arrives is a line
 * that can be answered: csv-parse would hold back the last one. Text with quotes in it is for csv-parse.
 */
import { type CsvError, parse } from 'csv-parse/sync'
import { InputError } from '../errors.ts'
import type { Opened } from './opened.ts'
import { type Format, pieceOf, positions, quoted, type Table } from './source.ts'
import { isText, wholeLines } from './text.ts'

export const csv: Format = { matches: isText, open }

/** Takes the cells of a record, and the number of its line. */
type Take = (cells: string[], line: number) => void

async function open(opened: Opened): Promise<Table> {
  const { name } = opened
  const pieces = wholeLines(opened, lastRecord)
  const { header, line, rest } = await readHeader(name, pieces)
  const delimiter = delimiterOf(header)
  const records = new Records(name, delimiter, line)
  const columns = headerNames(name, line, records.cells(header))
  records.line = line + 1
  async function* read(chosen: readonly number[]): AsyncGenerator<Float64Array> {
    if (rest !== '') yield* records.pieces(rest, columns, chosen)
    for await (const text of pieces) yield* records.pieces(text, columns, chosen)
  }
  return { format: 'CSV', columns, read: (wanted) => read(positions(name, columns, wanted)) }
}

/** Where the last whole record ends. A line feed between quotes ends none. */
function lastRecord(text: string): number {
  if (!text.includes('"')) return text.lastIndexOf('\n') + 1
  let end = 0
  let open = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 34) open = !open
    else if (code === 10 && !open) end = i + 1
  }
  return end
}

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
function delimiterOf(header: string): string {
  const bare = header.replace(/"[^"]*"/g, '')
  const count = (delimiter: string) => bare.split(delimiter).length
  return [',', ';', '\t'].reduce((most, other) => (count(other) > count(most) ? other : most))
}

/** Columns may have no name, as the index that pandas writes; a name may not stand twice. */
function headerNames(name: string, line: number, cells: string[]): string[] {
  const columns = cells.map((cell) => cell.trim())
  if (columns.some((column) => column.includes('\r'))) {
    throw new InputError(`${name}:${line}: lines end with a carriage return alone, expected a line feed`)
  }
  if (columns.every((column) => column !== '' && !Number.isNaN(toNumber(column) ?? Number.NaN))) {
    throw new InputError(`${name}:${line}: only numbers, expected a header with the names of the columns`)
  }
  const twice = columns.find((column, i) => column !== '' && columns.indexOf(column) !== i)
  if (twice !== undefined) throw new InputError(`${name}:${line}: two columns are named ${quoted(twice)}`)
  return columns
}

const NUMBER = /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i
const MISSING = /^\s*([-+]?(nan|inf|infinity)|na|n\/a|null)?\s*$/i

/** The number of a cell, NaN where it is a missing one, undefined where it is neither. */
function toNumber(cell: string): number | undefined {
  if (NUMBER.test(cell)) return Number(cell)
  return MISSING.test(cell) ? Number.NaN : undefined
}

/** The records of a file. */
class Records {
  readonly #name: string
  readonly #delimiter: string
  /** The line that is read next, from 1. */
  line: number

  constructor(name: string, delimiter: string, line: number) {
    this.#name = name
    this.#delimiter = delimiter
    this.line = line
  }

  /** The cells of one record. */
  cells(text: string): string[] {
    let cells: string[] = []
    this.#records(text, (record) => {
      cells = record
    })
    return cells
  }

  /** The chosen cells as numbers. */
  pieces(text: string, columns: readonly string[], chosen: readonly number[]): Generator<Float64Array> {
    return pieceOf((rows, whole) => {
      this.#records(text, (cells, line) => {
        if (cells.length !== columns.length) {
          throw this.#error(line, `${cells.length} cells, but the header has ${columns.length}`)
        }
        for (const at of chosen) {
          const value = toNumber(cells[at]!)
          if (value === undefined) {
            throw this.#error(line, `column ${quoted(columns[at]!)}: ${quoted(cells[at]!)} is not a number`)
          }
          rows.push(value)
        }
        whole()
      })
    })
  }

  #records(text: string, take: Take): void {
    if (text.includes('"')) this.#quotedRecords(text, take)
    else this.#plainRecords(text, take)
  }

  #plainRecords(text: string, take: Take): void {
    for (let from = 0; from < text.length; this.line++) {
      const feed = text.indexOf('\n', from)
      const next = feed < 0 ? text.length : feed + 1
      let end = feed < 0 ? text.length : feed
      if (text.charCodeAt(end - 1) === 13) end--
      const line = text.slice(from, end)
      if (line.trim() !== '') take(line.split(this.#delimiter), this.line)
      from = next
    }
  }

  #quotedRecords(text: string, take: Take): void {
    const before = this.line - 1
    const lines = text.split('\n').length - 1
    try {
      parse(text, {
        delimiter: this.#delimiter,
        record_delimiter: ['\r\n', '\n'],
        relax_column_count: true,
        skip_empty_lines: true,
        on_record(cells: string[], { lines }) {
          take(cells, before + lines)
          return null
        },
      })
    } catch (error) {
      if (!(error as CsvError).code?.includes('QUOTE')) throw error
      throw this.#error(before + (error as CsvError & { lines: number }).lines, 'a quote is out of place or not closed')
    }
    this.line += lines
  }

  #error(line: number, message: string): InputError {
    return new InputError(`${this.#name}:${line}: ${message}`)
  }
}
