/** The loss of each epoch, drawn in braille on a logarithmic scale, with the growths marked on the axis. */
import { braille, DOT_ROWS, joined } from './braille.ts'

export interface CurveOptions {
  /** Characters from the left to the right. */
  width: number
  /** Lines of the curve alone. */
  height?: number
  /** Epochs after which the network grew, from 1. */
  growths?: readonly number[]
  /** Sets a mark in a colour. */
  paint?(mark: string): string
}

/** Room for the scale at the left: `1.2e-3 `. */
const SCALE = 8

/**
 * The curve, a line feed after each line; nothing where fewer than two losses can be drawn.
 * @param losses of epoch 1, 2, …
 */
export function lossCurve(losses: readonly number[], options: CurveOptions): string {
  const { width, height = 8, growths = [], paint = (mark) => mark } = options
  const logs = losses.map((loss) => (loss > 0 && Number.isFinite(loss) ? Math.log10(loss) : undefined))
  const known = logs.filter((log) => log !== undefined)
  if (known.length < 2) return ''
  const columns = Math.max(4, width - SCALE - 1)
  const high = known.reduce((a, b) => Math.max(a, b))
  const low = known.reduce((a, b) => Math.min(a, b))
  const lines = drawn(logs, columns, height, low, high).map((line, row) => {
    const scale = row === 0 ? high : row === height - 1 ? low : undefined
    const label = scale === undefined ? '' : (10 ** scale).toExponential(1)
    return `${label.padStart(SCALE - 1)} ${scale === undefined ? '│' : '┤'}${line}`.trimEnd()
  })
  return [...lines, ...axis(losses.length, columns, growths, paint), ''].join('\n')
}

/** The lines of the curve, each `columns` characters. */
function drawn(logs: readonly (number | undefined)[], columns: number, height: number, low: number, high: number) {
  const bottom = DOT_ROWS * height - 1
  const row = (log: number) => Math.round(high === low ? bottom / 2 : ((high - log) / (high - low)) * bottom)
  return braille(
    columns,
    height,
    joined((x) => logsAt(logs, x, 2 * columns).map(row)),
  )
}

/** What dot column `x` of `columns` stands for: several epochs, or a place between two. */
function logsAt(logs: readonly (number | undefined)[], x: number, columns: number): number[] {
  const at = (x / (columns - 1)) * (logs.length - 1)
  if (logs.length <= columns) {
    const [a, b] = [logs[Math.floor(at)], logs[Math.ceil(at)]]
    return a === undefined || b === undefined ? [] : [a + (b - a) * (at % 1)]
  }
  const next = Math.max(at + 1, ((x + 1) / (columns - 1)) * (logs.length - 1))
  return logs.slice(Math.floor(at), Math.floor(next)).filter((log) => log !== undefined)
}

function axis(epochs: number, columns: number, growths: readonly number[], paint: (mark: string) => string): string[] {
  const marked = new Set(growths.map((epoch) => Math.round(((epoch - 1) / (epochs - 1)) * (columns - 1))))
  const line = Array.from({ length: columns }, (_, x) => (marked.has(x) ? paint('▲') : '─')).join('')
  const last = String(epochs)
  const middle = growths.length > 0 ? 'epoch, ▲ grew' : 'epoch'
  const room = columns - 1 - last.length
  const named = middle.length + 2 > room ? '' : middle
  const left = Math.floor((room - named.length) / 2)
  const label = `1${' '.repeat(left)}${named}${' '.repeat(room - named.length - left)}${last}`
  const margin = ' '.repeat(SCALE)
  return [`${margin}└${line}`, `${margin} ${label}`]
}
