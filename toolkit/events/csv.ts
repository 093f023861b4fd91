/**
 * Events from CSV: a header, then a line an event, with commas, semicolons or tabs between the cells.
 *
 * Lines and cells are found here, many times as fast as csv-parse, and a line that arrives is a line that can be
 * answered: csv-parse would hold back the last one. Text with quotes in it is for csv-parse.
 */
import { type CsvError, parse } from 'csv-parse/sync'
import { InputError } from '../errors.ts'
import { numberAt, toNumber } from './cells.ts'
import type { Opened } from './opened.ts'
import { type Format, type Growing, pieceOf, positions, quoted, type Table } from './source.ts'
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
    if (!text.includes('"')) return text.split(this.#delimiter)
    let cells: string[] = []
    this.#quotedRecords(text, (record) => {
      cells = record
    })
    return cells
  }

  /** The chosen cells as numbers. */
  pieces(text: string, columns: readonly string[], chosen: readonly number[]): Generator<Float64Array> {
    return pieceOf((rows, whole) => {
      if (text.includes('"')) this.#quotedRows(text, columns, chosen, rows, whole)
      else this.#plainRows(text, columns, chosen, rows, whole)
    })
  }

  #plainRows(
    text: string,
    columns: readonly string[],
    chosen: readonly number[],
    rows: Growing,
    whole: () => void,
  ): void {
    const starts = new Int32Array(columns.length + 1)
    for (let from = 0; from < text.length; this.line++) {
      const feed = text.indexOf('\n', from)
      const next = feed < 0 ? text.length : feed + 1
      let end = feed < 0 ? text.length : feed
      if (text.charCodeAt(end - 1) === 13) end--
      if (text.charCodeAt(from) > 32 || text.slice(from, end).trim() !== '') {
        this.#checkCount(this.#split(text, from, end, starts), columns, this.line)
        for (const at of chosen) {
          const value = numberAt(text, starts[at]!, starts[at + 1]! - 1)
          rows.push(value ?? this.#refuse(columns[at]!, text.slice(starts[at], starts[at + 1]! - 1), this.line))
        }
        whole()
      }
      from = next
    }
  }

  /** Where the cells of a line start, and behind the last one where another would. Returns how many there are. */
  #split(text: string, from: number, end: number, starts: Int32Array): number {
    let count = 0
    for (let start = from; start <= end; count++) {
      const delimiter = text.indexOf(this.#delimiter, start)
      if (count < starts.length) starts[count] = start
      start = (delimiter < 0 || delimiter > end ? end : delimiter) + 1
    }
    if (count < starts.length) starts[count] = end + 1
    return count
  }

  #quotedRows(
    text: string,
    columns: readonly string[],
    chosen: readonly number[],
    rows: Growing,
    whole: () => void,
  ): void {
    this.#quotedRecords(text, (cells, line) => {
      this.#checkCount(cells.length, columns, line)
      for (const at of chosen) rows.push(toNumber(cells[at]!) ?? this.#refuse(columns[at]!, cells[at]!, line))
      whole()
    })
  }

  #checkCount(count: number, columns: readonly string[], line: number): void {
    if (count !== columns.length) throw this.#error(line, `${count} cells, but the header has ${columns.length}`)
  }

  #refuse(column: string, cell: string, line: number): never {
    throw this.#error(line, `column ${quoted(column)}: ${quoted(cell)} is not a number`)
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
