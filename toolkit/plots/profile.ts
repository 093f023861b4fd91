/** A value with its error in each bin of another: efficiency by an input, residual by score, signal by score. */
import type { BinnedPoint } from './counts/points.ts'
import { table } from './csv.ts'
import { numberText, px } from './format.ts'
import { type Area, frame } from './frame.ts'
import { legend } from './legend.ts'
import { extent, numbers } from './scales.ts'
import { called, checkSeries, NO_DATA, sentences } from './series.ts'
import { pointPath } from './shapes.ts'
import type { Axis, Entry, Figure, FigureOptions } from './types.ts'

export interface ProfileSeries {
  name: string
  points: readonly BinnedPoint[]
}

export interface ProfileOptions extends FigureOptions {
  x: Axis
  y: Axis
  /** At most 5. */
  series: readonly ProfileSeries[]
}

/** Pixels between the points of two series in one bin. */
const ASIDE = 3

export function profilePlot(options: ProfileOptions): Figure {
  return drawPoints(options, () => '', [])
}

/** Whether scores are probabilities: the fraction of signal by score, which is on the dashed line where they are. */
export function reliabilityPlot(options: Omit<ProfileOptions, 'x' | 'y'>): Figure {
  const axes = { x: { label: 'mean score', domain }, y: { label: 'fraction of signal', domain } }
  const diagonal = ({ x, y }: Area) => {
    return `<path class="guide" d="M${px(x.clamped(0))} ${px(y.clamped(0))}L${px(x.clamped(1))} ${px(y.clamped(1))}"/>`
  }
  const guide: Entry = { name: 'as it should be', look: 'guide', number: 1 }
  return drawPoints({ height: 300, ...options, ...axes }, diagonal, [guide])
}

const domain = [0, 1] as const

function drawPoints(options: ProfileOptions, behind: (area: Area) => string, more: readonly Entry[]): Figure {
  const { x, y, series } = options
  checkSeries(options.id, series)
  const all = series.flatMap(({ points }) => points)
  const list = (pick: (point: BinnedPoint) => number) => all.map(pick)
  const ys = extent(
    y,
    list(({ low }) => low),
    list(({ high }) => high),
    list(({ value }) => value),
  )
  const xs = extent(
    x,
    list(({ from }) => from),
    list(({ to }) => to),
  )
  const entries: Entry[] = series.map(({ name }, i) => ({ name, look: 'points', number: i + 1 }))
  const svg = frame(options, {
    x: numbers(x, xs, false),
    panels: [
      {
        y: numbers(y, ys, true),
        draw: (area) =>
          behind(area) + series.map(({ points }, i) => drawSeries(points, i, series.length, area)).join(''),
      },
    ],
    above: (width) => legend([...entries, ...more], width),
    empty: ys && xs ? undefined : NO_DATA,
    description: sentences([
      `${called(y.label)} by ${called(x.label)}`,
      ...series.map(({ name, points }) => `${called(name)}: ${described(points)}`),
    ]),
  })
  return { svg, csv: numbersOf(series) }
}

/** Series stand beside each other, so that equal values are seen. */
function drawSeries(points: readonly BinnedPoint[], i: number, count: number, { x, y, width }: Area): string {
  const aside = (i - (count - 1) / 2) * ASIDE
  let [bars, shapes] = ['', '']
  for (const { x: middle, from, to, value, low, high } of points) {
    const [at, level] = [x.place(middle), y.place(value)]
    if (at === undefined || level === undefined) continue
    const place = Math.min(width, Math.max(0, at + aside))
    bars += `M${px(x.clamped(from))} ${px(level)}H${px(x.clamped(to))}`
    bars += `M${px(place)} ${px(y.clamped(low))}V${px(y.clamped(high))}`
    shapes += pointPath(i + 1, place, level)
  }
  return `<path class="mark s${i + 1}" d="${bars}"/><path class="f${i + 1}" d="${shapes}"/>`
}

function described(points: readonly BinnedPoint[]): string {
  if (points.length === 0) return NO_DATA
  const values = points.map(({ value }) => value)
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return `${points.length} bins, from ${numberText(low)} to ${numberText(high)}`
}

function numbersOf(series: readonly ProfileSeries[]): string {
  const rows = series.flatMap(({ name, points }) => {
    return points.map(({ from, to, x, value, low, high, events }) => [name, from, to, x, value, low, high, events])
  })
  return table(['series', 'from', 'to', 'x', 'value', 'low', 'high', 'events'], rows)
}
