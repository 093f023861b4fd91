/** What a terminal can show. */
import { styleText } from 'node:util'
import { escaped } from '../../errors.ts'

/** The widest that anything is printed. */
const WIDEST = 80

export function width(stream: NodeJS.WriteStream): number {
  return Math.min(stream.columns ?? WIDEST, WIDEST)
}

/** Sets text in a style where the stream shows colours: on a terminal, unless NO_COLOR is set. */
export function painter(stream: NodeJS.WriteStream) {
  const shows = stream.isTTY && stream.hasColors()
  return (style: 'bold' | 'dim' | 'yellow', text: string): string =>
    shows ? styleText(style, text, { validateStream: false }) : text
}

/** Columns of text: the first to the left, the others to the right. Spaces at the end of a line are left out. */
export function table(rows: readonly (readonly string[])[]): string {
  const shown = rows.map((row) => row.map(escaped))
  const widths = shown.reduce<number[]>((most, row) => {
    return row.map((cell, i) => Math.max(cell.length, most[i] ?? 0))
  }, [])
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ')
  return shown.map((row) => `${line(row).trimEnd()}\n`).join('')
}

/** A word as a shell takes it. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
