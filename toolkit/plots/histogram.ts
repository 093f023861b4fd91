/** Counts in bins: an input of signal and background, scores of teacher and drone over each other, latencies. */
import { curveStepAfter, line } from 'd3-shape'
import type { Histogram } from './counts/histogram.ts'
import { table } from './csv.ts'
import { numberText, px } from './format.ts'
import { type Area, frame } from './frame.ts'
import { legend } from './legend.ts'
import { numbers } from './scales.ts'
import { called, checkSeries, NO_DATA, sentences, counted as told } from './series.ts'
import { drawMarks, markEntries, pointPath, stroke } from './shapes.ts'
import type { Axis, Entry, Figure, FigureOptions, Marks } from './types.ts'

export interface HistogramSeries {
  name: string
  histogram: Histogram
  /** A filled area, an outline, or points with their errors √n. @default 'area' */
  look?: 'area' | 'line' | 'points'
  /** Its colour, dash and shape, from 1 to 5: the same for two series of one kind. @default its place */
  style?: number
}

export interface HistogramOptions extends FigureOptions {
  x: Pick<Axis, 'label' | 'unit'>
  /** @default 'linear' */
  scale?: 'linear' | 'log'
  /** What is counted. @default 'events' */
  counted?: string
  /** Fractions of all events instead of counts, so that series of different sizes compare. */
  normalised?: boolean
  /** At most 5, of the same bins. */
  series: readonly HistogramSeries[]
  marks?: readonly Marks[]
}

/** A bin as it is drawn. */
interface Bar {
  from: number
  to: number
  centre: number
  value: number
  error: number
}

export function histogramPlot(options: HistogramOptions): Figure {
  const { series, scale = 'linear', counted = 'events', normalised = false, marks = [] } = options
  checkSeries(options.id, series)
  const bars = series.map(({ histogram }) => barsOf(histogram, normalised))
  const y: Axis = { label: normalised ? `fraction of ${counted}` : counted, scale, whole: !normalised }
  const bins = series[0]?.histogram.bins
  const x: Axis = { ...options.x, scale: bins?.scale }
  const heights = heightsOf(bars.flat(), scale)
  const notes = notDrawn(series)
  const entries = series.map(({ name, look = 'area', style }, i): Entry => ({ name, look, number: style ?? i + 1 }))
  const svg = frame(options, {
    x: numbers(x, bins && [bins.edges[0]!, bins.edges.at(-1)!], false),
    panels: [{ y: numbers({ ...y, domain: heights }, heights, false), draw: (area) => draw(area) }],
    above: (width) => legend([...entries, ...markEntries(marks)], width),
    notes,
    empty: heights ? undefined : NO_DATA,
    description: sentences([
      `${called(x.label)} in ${bins?.count ?? 0} bins`,
      ...series.map(({ name, histogram }, i) => described(name, histogram, bars[i]!, counted)),
      notes[0],
    ]),
  })
  return { svg, csv: numbersOf(series, bars, normalised) }

  function draw(area: Area): string {
    const drawn = entries.map(({ look, number }, i) => {
      return look === 'points' ? points(bars[i]!, number, area) : outline(bars[i]!, number, look === 'area', area)
    })
    return drawn.join('') + drawMarks(marks, area)
  }
}

function barsOf(histogram: Histogram, normalised: boolean): Bar[] {
  const { bins, counts, entries } = histogram
  const unit = normalised ? Math.max(1, entries) : 1
  return Array.from(counts, (count, i) => {
    const [from, to] = [bins.edges[i]!, bins.edges[i + 1]!]
    return { from, to, centre: bins.centre(i), value: count / unit, error: Math.sqrt(count) / unit }
  })
}

/** From 0, or on a logarithmic scale from half of the smallest, to a little above the highest. */
function heightsOf(bars: readonly Bar[], scale: 'linear' | 'log'): [number, number] | undefined {
  const values = bars.map(({ value }) => value).filter((value) => value > 0)
  if (values.length === 0) return undefined
  const low = values.reduce((a, b) => Math.min(a, b))
  const high = bars.reduce((most, { value, error }) => Math.max(most, value + error), 0)
  return scale === 'log' ? [low / 2, high * 1.5] : [0, high * 1.05]
}

function outline(bars: readonly Bar[], number: number, filled: boolean, { x, y, height }: Area): string {
  const corners = bars.map(({ from, value }): [number, number] => [x.clamped(from), y.clamped(value)])
  const [left, right] = [x.clamped(bars[0]!.from), x.clamped(bars.at(-1)!.to)]
  const path = line().curve(curveStepAfter).digits(2)([...corners, [right, corners.at(-1)![1]]])
  const classes = filled ? `area f${number}` : 'line'
  return `<path class="${classes} ${stroke(number)}" d="M${px(left)} ${px(height)}L${path!.slice(1)}V${px(height)}"/>`
}

function points(bars: readonly Bar[], number: number, { x, y }: Area): string {
  let [shapes, errors] = ['', '']
  for (const { centre, value, error } of bars) {
    if (value === 0) continue
    const at = x.clamped(centre)
    shapes += pointPath(number, at, y.clamped(value))
    errors += `M${px(at)} ${px(y.clamped(value - error))}V${px(y.clamped(value + error))}`
  }
  return `<path class="mark s${number}" d="${errors}"/><path class="f${number}" d="${shapes}"/>`
}

/** What lies in no bin, in full and in short; nothing where all are drawn. */
function notDrawn(series: readonly HistogramSeries[]): string[] {
  const parts = series.map(({ name, histogram: { below, above, nan } }) => {
    const text = told({ below, above, 'not a number': nan }, numberText)
    return text && `${called(name)} ${text}`
  })
  const total = series.reduce((sum, { histogram }) => sum + histogram.below + histogram.above + histogram.nan, 0)
  return total === 0 ? [] : [`not drawn: ${parts.filter(Boolean).join('; ')}`, `${numberText(total)} not drawn`]
}

function described(name: string, histogram: Histogram, bars: readonly Bar[], counted: string): string {
  const highest = bars.reduce((a, b) => (b.value > a.value ? b : a))
  if (highest.value === 0) return `${called(name)}: ${NO_DATA}`
  const where = `from ${numberText(highest.from)} to ${numberText(highest.to)}`
  return `${called(name)}: ${numberText(histogram.entries)} ${counted}, most of them in a bin ${where}`
}

function numbersOf(series: readonly HistogramSeries[], bars: readonly Bar[][], normalised: boolean): string {
  const rows = series.flatMap(({ name, histogram: { counts, bins, below, above, nan } }, i) => [
    [name, -Infinity, bins.edges[0]!, below, undefined, undefined],
    ...bars[i]!.map(({ from, to, value, error }, at) => {
      return [name, from, to, counts[at], ...(normalised ? [value, error] : [undefined, error])]
    }),
    [name, bins.edges.at(-1)!, Infinity, above, undefined, undefined],
    [name, undefined, undefined, nan, undefined, undefined],
  ])
  return table(['series', 'from', 'to', 'events', 'fraction', 'error'], rows)
}
