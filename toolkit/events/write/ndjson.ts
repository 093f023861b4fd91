/** Scores as NDJSON: an object a line, as JSON.stringify would have it; what is not finite is null. */
import { shortest } from 'nndrone'
import type { Kept } from '../index.ts'
import { cellJSON } from './cells.ts'
import type { ScoreFormat } from './format.ts'

export const ndjson: ScoreFormat = {
  endings: ['ndjson', 'jsonl'],
  takesWhole: true,
  writer({ kept: columns, outputs }) {
    const keys = outputs.map((name) => JSON.stringify(name))
    const keptKeys = columns.map(({ name }) => JSON.stringify(name))
    return {
      scores(scores, kept) {
        let text = ''
        for (let at = 0; at < scores.length; at += keys.length) {
          const one = kept?.[at / keys.length]
          const list = one?.event?.startsWith('[')
          const before = one ? opening(one, keptKeys) : '{'
          let members = ''
          for (const [i, key] of keys.entries()) {
            const score = scores[at + i]!
            members += `${i === 0 ? '' : ','}${list ? '' : `${key}:`}${Number.isFinite(score) ? shortest(score) : null}`
          }
          text += `${before}${before.length > 1 ? ',' : ''}${members}${list ? ']' : '}'}\n`
        }
        return text
      },
    }
  },
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
