/** Lines through points, or steps between them: a loss by epoch, hidden units by epoch, a size against an error. */
import { curveLinear, curveStepAfter, line } from 'd3-shape'
import { table } from './csv.ts'
import { numberText } from './format.ts'
import { type Area, frame } from './frame.ts'
import { legend } from './legend.ts'
import { drawable, extent, numbers } from './scales.ts'
import { called, checkSeries, NO_DATA, sentences } from './series.ts'
import { drawMarks, markEntries, pointPath, stroke } from './shapes.ts'
import type { Axis, Entry, Figure, FigureOptions, Marks, Point } from './types.ts'

export interface LineSeries {
  name: string
  /** Ascending. */
  x: ArrayLike<number>
  /** The line is broken where a value cannot be drawn. */
  y: ArrayLike<number>
}

export interface LineOptions extends FigureOptions {
  x: Axis
  y: Axis
  /** At most 5. */
  series: readonly LineSeries[]
  marks?: readonly Marks[]
}

/** Points of a line that are few enough for each to get its shape. */
const FEW = 30

/** Points of a series that are drawn and written at most: the lowest and the highest in each of so many stretches. */
const STRETCHES = 400

/** Straight lines between the points. */
export function linePlot(options: LineOptions): Figure {
  return drawn(options, false)
}

/** A value holds until the next point. */
export function stepPlot(options: LineOptions): Figure {
  return drawn(options, true)
}

function drawn(options: LineOptions, steps: boolean): Figure {
  const { x, y, marks = [] } = options
  checkSeries(options.id, options.series)
  const xs = extent(x, ...options.series.map((series) => series.x))
  const series = options.series.map((series) => ({ name: series.name, points: thinned(series, xs) }))
  const visible = series.map(({ points }) => points.filter((point) => drawable(point.x, x) && drawable(point.y, y)))
  const entries: Entry[] = series.map(({ name }, i) => ({ name, look: 'line', number: i + 1 }))
  const ys = extent(y, ...visible.map((points) => points.map((point) => point.y)))
  const svg = frame(options, {
    x: numbers(x, ys && xs, false),
    panels: [
      {
        y: numbers(y, ys && (y.scale === 'log' ? ys : roomy(ys)), true),
        draw: (area) => drawLines(area) + drawMarks(marks, area),
      },
    ],
    above: (width) =>
      legend([...(entries.length > 1 || marks.length > 0 ? entries : []), ...markEntries(marks)], width),
    empty: ys ? undefined : NO_DATA,
    description: sentences([
      ...visible.map((points, i) => `${called(series[i]!.name)}: ${described(points, x, y)}`),
      ...marks.map(({ name, at }) => `${called(name)} at ${listed(at)}`),
    ]),
  })
  return { svg, csv: numbersOf(options, series) }

  function drawLines(area: Area): string {
    const path = line<Point>()
      .defined((point) => area.x.place(point.x) !== undefined && area.y.place(point.y) !== undefined)
      .x((point) => area.x.place(point.x)!)
      .y((point) => area.y.place(point.y)!)
      .curve(steps ? curveStepAfter : curveLinear)
      .digits(2)
    return series.map(({ points }, i) => drawLine(path(points) ?? '', points, i + 1, area)).join('')
  }
}

function drawLine(path: string, points: readonly Point[], number: number, area: Area): string {
  const line = `<path class="line ${stroke(number)}" d="${path}"/>`
  if (points.length > FEW) return line
  const shapes = points.map((point) => {
    const [x, y] = [area.x.place(point.x), area.y.place(point.y)]
    return x === undefined || y === undefined ? '' : pointPath(number, x, y)
  })
  return `${line}<path class="f${number}" d="${shapes.join('')}"/>`
}

/** With room for lines at the ends, but not below 0 where no value is. */
function roomy([low, high]: readonly [number, number]): [number, number] {
  const room = (high - low) / 20
  return [low >= 0 ? Math.max(0, low - room) : low - room, high + room]
}

/** The lowest and the highest point of each stretch of x, where there are more than that; NaN where a stretch has none. */
function thinned({ x, y }: LineSeries, range: readonly [number, number] | undefined): Point[] {
  const count = Math.min(x.length, y.length)
  if (count <= 2 * STRETCHES || !range) return Array.from({ length: count }, (_, i) => ({ x: x[i]!, y: y[i]! }))
  const low = new Float64Array(STRETCHES).fill(-1)
  const high = new Float64Array(STRETCHES).fill(-1)
  const scale = STRETCHES / (range[1] - range[0] || 1)
  for (let i = 0; i < count; i++) {
    const at = Math.min(STRETCHES - 1, Math.floor((x[i]! - range[0]) * scale))
    if (!(at >= 0) || !Number.isFinite(y[i]!)) continue
    if (low[at]! < 0 || y[i]! < y[low[at]!]!) low[at] = i
    if (high[at]! < 0 || y[i]! > y[high[at]!]!) high[at] = i
  }
  return Array.from(low, (lowest, at) => {
    const kept = [...new Set([lowest, high[at]!])].sort((a, b) => a - b)
    if (lowest < 0) return [{ x: range[0] + (at + 0.5) / scale, y: Number.NaN }]
    return kept.map((i) => ({ x: x[i]!, y: y[i]! }))
  }).flat()
}

function described(points: readonly Point[], x: Axis, y: Axis): string {
  if (points.length === 0) return NO_DATA
  const [first, last] = [points[0]!, points.at(-1)!]
  const at = (point: Point) => `${numberText(point.y)} at ${called(x.label)} ${numberText(point.x)}`
  return `${called(y.label)} from ${at(first)} to ${at(last)}`
}

function listed(values: readonly number[]): string {
  const texts = values.slice(0, 20).map((value) => numberText(value, 6))
  const more = values.length > texts.length ? ` and ${values.length - texts.length} more` : ''
  return texts.length > 0 ? texts.join(', ') + more : 'no place'
}

function numbersOf({ x, y, marks = [] }: LineOptions, series: readonly { name: string; points: Point[] }[]): string {
  return table(
    ['series', x.label, y.label],
    [
      ...series.flatMap(({ name, points }) => points.map((point) => [name, point.x, point.y])),
      ...marks.flatMap(({ name, at }) => [...at].map((value) => [name, value, undefined])),
    ],
  )
}
