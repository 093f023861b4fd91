/** Scores as CSV: a header with the names of the columns, then a line an event. */
import { shortest } from 'nndrone'
import { csvCell } from '../../csv.ts'
import type { Kept } from '../index.ts'
import { cellText } from './cells.ts'
import type { ScoreFormat } from './format.ts'

export const csv: ScoreFormat = {
  endings: ['csv'],
  writer: ({ kept: columns, outputs }) => ({
    begin: () => `${[...columns.map(({ name }) => name), ...outputs].map(csvCell).join(',')}\n`,
    scores(scores, kept) {
      let text = ''
      for (const [i, score] of scores.entries()) {
        if (columns.length > 0 && i % outputs.length === 0) text += keptCells(kept![i / outputs.length]!)
        text += Number.isNaN(score) ? 'nan' : shortest(score)
        text += (i + 1) % outputs.length === 0 ? '\n' : ','
      }
      return text
    },
  }),
}

function keptCells({ cells, json }: Kept): string {
  let text = ''
  for (const cell of cells) text += `${csvCell(cellText(cell, json) ?? '')},`
  return text
}
