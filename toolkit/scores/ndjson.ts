/** Scores as NDJSON: an object of outputs a line, as JSON.stringify would have it; what is not finite is null. */
import { shortest } from 'nndrone'
import type { ScoreFormat } from './format.ts'

export const ndjson: ScoreFormat = {
  endings: ['ndjson', 'jsonl'],
  writer(outputs) {
    const keys = outputs.map((name, i) => `${i === 0 ? '{' : ','}${JSON.stringify(name)}:`)
    return {
      scores(scores) {
        let text = ''
        for (const [i, score] of scores.entries()) {
          text += `${keys[i % keys.length]}${Number.isFinite(score) ? shortest(score) : null}`
          if ((i + 1) % keys.length === 0) text += '}\n'
        }
        return text
      },
    }
  },
}
