/** Records of CSV with quotes in them: a cell such as "a, ""b""", which may go on over several lines. */

export interface QuotedRecord {
  cells: string[]
  /** Where the next record begins. */
  end: number
  /** Whether a line feed ends it, and not the text. */
  fed: boolean
}

/** A quote that is not closed, or one within a cell or behind its closing quote. */
export type QuoteFault = 'open' | 'misplaced'

const QUOTE = 34
const FEED = 10
const RETURN = 13

/**
 * Reads the record of CSV that begins at `from`.
 * @param delimiters any of these characters ends a cell
 * @example quotedRecord('1,"a, b"\n', 0, ',') // { cells: ['1', 'a, b'], end: 9, fed: true }
 */
export function quotedRecord(text: string, from: number, delimiters: string): QuotedRecord | QuoteFault {
  const cells: string[] = []
  for (let at = from; ; at++) {
    const cell = text.charCodeAt(at) === QUOTE ? quotedCell(text, at) : plainCell(text, at, delimiters)
    if (typeof cell === 'string') return cell
    cells.push(cell.content)
    at = cell.end
    if (at < text.length && delimiters.includes(text[at]!)) continue
    if (text.charCodeAt(at) === RETURN) at++
    if (at >= text.length) return { cells, end: text.length, fed: false }
    return text.charCodeAt(at) === FEED ? { cells, end: at + 1, fed: true } : 'misplaced'
  }
}

function quotedCell(text: string, from: number) {
  let content = ''
  for (let start = from + 1; ; ) {
    const quote = text.indexOf('"', start)
    if (quote < 0) return 'open'
    content += text.slice(start, quote)
    if (text.charCodeAt(quote + 1) !== QUOTE) return { content, end: quote + 1 }
    content += '"'
    start = quote + 2
  }
}

function plainCell(text: string, from: number, delimiters: string) {
  let end = from
  for (; end < text.length && text.charCodeAt(end) !== FEED && !delimiters.includes(text[end]!); end++) {
    if (text.charCodeAt(end) === QUOTE) return 'misplaced'
  }
  const last = end === text.length || text.charCodeAt(end) === FEED
  if (last && end > from && text.charCodeAt(end - 1) === RETURN) end--
  return { content: text.slice(from, end), end }
}

/**
 * Where the last whole record of a text of CSV ends, 0 where none does. A line feed between quotes ends none.
 * @example lastRecord('1,2\n3,"a\n', ',') // 4
 */
export function lastRecord(text: string, delimiters: string): number {
  let end = 0
  for (;;) {
    const quote = text.indexOf('"', end)
    if (quote < 0) return Math.max(end, text.lastIndexOf('\n') + 1)
    const from = Math.max(end, text.lastIndexOf('\n', quote) + 1)
    const record = quotedRecord(text, from, delimiters)
    if (record === 'open' || (record !== 'misplaced' && !record.fed)) return from
    end = record === 'misplaced' ? text.indexOf('\n', quote) + 1 : record.end
    if (end === 0) return from
  }
}

/**
 * The one of some delimiters that a header has most of; those between quotes do not count.
 * @example delimiterOf('pt;eta', ',;\t') // ;
 */
export function delimiterOf(header: string, delimiters: string): string {
  const bare = header.replace(/"[^"]*"/g, '')
  const count = (delimiter: string) => bare.split(delimiter).length
  return [...delimiters].reduce((most, other) => (count(other) > count(most) ? other : most))
}
