/** Kept cells as the formats of scores write them. */
import type { Cell } from '../index.ts'

/** A number as JSON has it. Others, as 007 or .5, are texts there. */
const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?(e[-+]?\d+)?$/i

/** As JSON, which a cell may be already; an empty cell and NaN are null. */
export function cellJSON(cell: Cell, json: boolean): string {
  if (cell === undefined || cell === '') return 'null'
  if (json || JSON_NUMBER.test(cell)) return cell
  return /^nan$/i.test(cell) ? 'null' : JSON.stringify(cell)
}

/** As plain text: a string of JSON without its quotes, lists and objects as JSON; undefined where it is missing. */
export function cellText(cell: Cell, json: boolean): Cell {
  if (!json || cell === undefined) return cell === '' ? undefined : cell
  if (cell === 'null') return undefined
  return cell.startsWith('"') ? JSON.parse(cell) : cell
}
