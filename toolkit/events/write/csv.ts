/** Scores as CSV: a header with the names of the columns, then a line an event. */
import { csvForm, ScoreText } from 'nndrone/lines'
import { csvCell } from '../../csv.ts'
import type { Kept } from '../index.ts'
import { cellText } from './cells.ts'
import type { ScoreFormat } from './format.ts'
import { linesOf } from './lines.ts'

export const csv: ScoreFormat = {
  endings: ['csv'],
  writer({ kept: columns, outputs }) {
    const lines = new ScoreText(csvForm(outputs.length))
    return {
      begin: () => `${[...columns.map(({ name }) => name), ...outputs].map(csvCell).join(',')}\n`,
      scores(scores, kept) {
        const bytes = lines.bytes(scores)
        if (columns.length === 0) return bytes
        let text = ''
        for (const [n, line] of linesOf(bytes).entries()) text += `${keptCells(kept![n]!)}${line}\n`
        return text
      },
    }
  },
}

function keptCells({ cells, json }: Kept): string {
  let text = ''
  for (const cell of cells) text += `${csvCell(cellText(cell, json) ?? '')},`
  return text
}
