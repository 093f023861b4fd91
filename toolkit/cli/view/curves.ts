/** What `compare` draws in braille: the ROC curve of the drone, and how drone and teacher differ. */
import type { Histogram, RocCurve } from '../../plots/index.ts'
import { grouped } from '../../text.ts'
import { braille, DOT_ROWS, joined } from './braille.ts'
import { digits } from './numbers.ts'

/** Characters of the scale at the left, and of a picture at most. */
const SCALE = 8
const WIDEST = 60
const HEIGHT = 6
const BOTTOM = DOT_ROWS * HEIGHT - 1

/** @param width characters of a line; nothing where there is no curve */
export function rocText({ points }: RocCurve, width: number): string {
  if (points.length === 0) return ''
  const columns = columnsWithin(width)
  const last = 2 * columns - 1
  let next = 0
  const lines = braille(
    columns,
    HEIGHT,
    joined((x) => {
      while (points[next]!.efficiency < x / last && next < points.length - 1) next++
      const row = Math.round((1 - points[next]!.rejection) * BOTTOM)
      // In the end all passes, whatever is drawn of the way there.
      return x === last ? [row, BOTTOM] : [row]
    }),
  )
  return picture('background rejected, by the signal that passes', lines, ['100 %', '0 %'], ['0 %', '', '100 %'])
}

/** Counts on a logarithmic scale, so that a single event is seen. */
export function residualText({ counts, bins }: Histogram, width: number): string {
  const columns = columnsWithin(width)
  const most = counts.reduce((a, b) => Math.max(a, b))
  const lines = braille(columns, HEIGHT, (x) => {
    const count = counts[Math.floor((x / (2 * columns)) * counts.length)]!
    return count > 0 ? [Math.round((1 - Math.log1p(count) / Math.log1p(most)) * (BOTTOM - 1)), BOTTOM] : undefined
  })
  const ends = [bins.edges[0]!, bins.edges.at(-1)!].map(digits) as [string, string]
  const scale: [string, string] = [grouped(most), '0']
  return picture('events by drone − teacher, on a logarithmic scale', lines, scale, [ends[0], '0', ends[1]])
}

function columnsWithin(width: number): number {
  return Math.max(16, Math.min(WIDEST, width - SCALE - 1))
}

/** The MSE of drones by their parameters, both on logarithmic scales. */
export function frontierText(points: readonly { parameters: number; mse: number }[], width: number): string {
  if (points.length < 2 || points.some(({ mse }) => !(mse > 0))) return ''
  const columns = columnsWithin(width)
  const x = points.map(({ parameters }) => Math.log(parameters))
  const y = points.map(({ mse }) => Math.log(mse))
  const [left, right] = [x[0]!, x.at(-1)!]
  const [low, high] = [Math.min(...y), Math.max(...y)]
  const lines = braille(
    columns,
    HEIGHT,
    joined((column) => {
      const at = left + (column / (2 * columns - 1)) * (right - left)
      const next = Math.max(
        1,
        x.findIndex((value) => value >= at - 1e-9),
      )
      const share = (at - x[next - 1]!) / (x[next]! - x[next - 1]!)
      const height = y[next - 1]! + share * (y[next]! - y[next - 1]!)
      return [Math.round(((high - height) / (high - low || 1)) * BOTTOM)]
    }),
  )
  const scale = [high, low].map((log) => Math.exp(log).toExponential(1)) as [string, string]
  const ends = [points[0]!, points.at(-1)!].map(({ parameters }) => String(parameters)) as [string, string]
  return picture('MSE on held-out events by parameters', lines, scale, [ends[0], '', ends[1]])
}

/** @param scale at the left, above and below; @param ends below, at the left, in the middle and at the right */
function picture(
  title: string,
  lines: readonly string[],
  scale: readonly [string, string],
  ends: readonly [string, string, string],
): string {
  const columns = lines[0]!.length
  const drawn = lines.map((line, row) => {
    const label = row === 0 ? scale[0] : row === lines.length - 1 ? scale[1] : ''
    return `${label.padStart(SCALE - 1)} ${label ? '┤' : '│'}${line}`.trimEnd()
  })
  const [left, middle, right] = ends
  const half = Math.floor((columns - middle.length) / 2)
  const below = left.padEnd(half) + middle + right.padStart(columns - half - middle.length)
  const margin = ' '.repeat(SCALE)
  return [title, ...drawn, `${margin}└${'─'.repeat(columns)}`, `${margin} ${below}`, ''].join('\n')
}
