/** Scores as NDJSON: an object a line, as JSON.stringify would have it; what is not finite is null. */
import { ndjsonForm, type ScoreForm, ScoreText } from 'nndrone/lines'
import type { Kept } from '../index.ts'
import { cellJSON } from './cells.ts'
import type { ScoreFormat } from './format.ts'
import { linesOf } from './lines.ts'

export const ndjson: ScoreFormat = {
  endings: ['ndjson', 'jsonl'],
  takesWhole: true,
  writer({ kept: columns, outputs }) {
    const alone = new ScoreText(ndjsonForm(outputs))
    const members = new ScoreText(within(outputs.map((name) => `${JSON.stringify(name)}:`)))
    const values = new ScoreText(within(outputs.map(() => '')))
    const keptKeys = columns.map(({ name }) => JSON.stringify(name))
    return {
      scores(scores, kept) {
        if (columns.length === 0 && !kept?.some(({ event }) => event)) return alone.bytes(scores)
        const lines = linesOf(members.bytes(scores))
        const lists = kept!.some(({ event }) => event?.startsWith('[')) ? linesOf(values.bytes(scores)) : []
        let text = ''
        for (const [n, one] of kept!.entries()) {
          const list = one.event?.startsWith('[')
          const before = opening(one, keptKeys)
          text += `${before}${before.length > 1 ? ',' : ''}${list ? `${lists[n]}]` : `${lines[n]}}`}\n`
        }
        return text
      },
    }
  },
}

/** The scores of an event behind others of its values. @param before each of them */
function within(before: readonly string[]): ScoreForm {
  const around = [...before.map((text, i) => `${i === 0 ? '' : ','}${text}`), '\n']
  return { around, nan: 'null', finite: true }
}

/** What goes through of an event, up to where its scores follow: all of it but the closing brace, and the kept cells. */
function opening({ event, cells, json }: Kept, keys: readonly string[]): string {
  const list = event?.startsWith('[')
  const members = event ? [event.slice(1, -1).trimEnd()].filter((text) => text.trim() !== '') : []
  for (const [i, cell] of cells.entries()) {
    // An event of JSON that lacks a key goes on lacking it.
    if (cell === undefined && json) continue
    members.push(list ? cellJSON(cell, json) : `${keys[i]}:${cellJSON(cell, json)}`)
  }
  return `${list ? '[' : '{'}${members.join(',')}`
}
