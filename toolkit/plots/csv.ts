/** The numbers of a figure as a table. */
import { csvCell } from '../csv.ts'

type Cell = string | number | undefined

/** A header and rows; a cell is empty where there is no number. */
export function table(header: readonly string[], rows: Iterable<readonly Cell[]>): string {
  let text = line(header)
  for (const row of rows) text += line(row)
  return text
}

function line(cells: readonly Cell[]): string {
  return `${cells.map(cellText).join(',')}\n`
}

function cellText(cell: Cell): string {
  // A row is a line, whatever a name contains.
  if (typeof cell === 'string') return csvCell(cell.replace(/\s+/g, ' '))
  return cell === undefined || Number.isNaN(cell) ? '' : String(cell)
}
