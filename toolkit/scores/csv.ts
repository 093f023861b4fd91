/** Scores as CSV: a header with the names of the outputs, then a line an event. */
import { shortest } from 'nndrone'
import type { ScoreFormat } from './format.ts'

export const csv: ScoreFormat = {
  endings: ['csv'],
  writer: (outputs) => ({
    begin: () => `${outputs.map(csvName).join(',')}\n`,
    scores(scores) {
      let text = ''
      for (const [i, score] of scores.entries()) {
        text += Number.isNaN(score) ? 'nan' : shortest(score)
        text += (i + 1) % outputs.length === 0 ? '\n' : ','
      }
      return text
    },
  }),
}

export function csvName(name: string): string {
  return /[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name
}
