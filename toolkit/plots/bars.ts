/** A value with its error for each of several names, of one or more series: the importance of inputs, times. */
import { scaleBand } from 'd3-scale'
import { table } from './csv.ts'
import { numberText, px } from './format.ts'
import { type Area, frame } from './frame.ts'
import { legend } from './legend.ts'
import { drawable, extent, numbers, type Side } from './scales.ts'
import { called, checkSeries, NO_DATA, sentences } from './series.ts'
import type { Axis, Entry, Figure, FigureOptions } from './types.ts'

export interface BarSeries {
  name: string
  /** Of each name. No bar where it is not finite. */
  values: readonly number[]
  /** To either side. */
  errors?: readonly number[]
}

export interface BarOptions extends FigureOptions {
  x: Axis
  /** What the bars are of, from the top; after the first 40 the others are only in the numbers. */
  names: readonly string[]
  /** What the names are. */
  label: string
  /** At most 5. */
  series: readonly BarSeries[]
}

/** Bars that a reader still reads. */
const MOST = 40
const THICKNESS = 9

export function barPlot(options: BarOptions): Figure {
  const { x, series, label } = options
  checkSeries(options.id, series)
  const names = options.names.slice(0, MOST)
  const more = options.names.length - names.length
  const ends = series.flatMap(({ values, errors }) => {
    return names.flatMap((_, i) => [values[i]! - (errors?.[i] ?? 0), values[i]! + (errors?.[i] ?? 0)])
  })
  const range = extent(x, ends, x.scale === 'log' ? [] : [0])
  const some = ends.some((end) => drawable(end, x))
  const entries: Entry[] = series.map(({ name }, i) => ({ name, look: 'bar', number: i + 1 }))
  const row = Math.max(18, THICKNESS * series.length + 6)
  const notes = more > 0 ? [`${numberText(more)} more are not drawn`] : []
  const svg = frame(options, {
    x: numbers(x, range, true),
    panels: [{ y: rows(label, names), draw: (area) => draw(area) }],
    above: (width) => legend(entries.length > 1 ? entries : [], width),
    notes,
    empty: some ? undefined : NO_DATA,
    height: 80 + row * Math.max(4, names.length),
    description: sentences([
      `${called(x.label)} of ${numberText(options.names.length)} ${called(label)}`,
      ...series.map(({ name, values }) => `${called(name)}: ${described(names, values)}`),
    ]),
  })
  return { svg, csv: numbersOf(options) }

  function draw(area: Area): string {
    return series.map((one, i) => drawSeries(one, i, series.length, names, area)).join('')
  }
}

/** An axis of names, each in the middle of its row. */
function rows(label: string, names: readonly string[]): Side {
  return {
    label,
    scale: (length) => {
      const band = scaleBand<number>(names.keys(), [0, length])
      const at = (i: number) => band(i)! + band.bandwidth() / 2
      const place = (i: number) => (band(i) === undefined ? undefined : at(i))
      return { place, clamped: at, ticks: names.map((text, i) => ({ at: at(i), text })), minor: [] }
    },
  }
}

function drawSeries(
  { values, errors }: BarSeries,
  i: number,
  count: number,
  names: readonly string[],
  area: Area,
): string {
  const { x, y, height } = area
  const thickness = Math.min(THICKNESS, (height / names.length - 4) / count)
  const zero = x.clamped(0)
  let [bars, whiskers] = ['', '']
  for (const at of names.keys()) {
    const value = values[at]!
    if (!Number.isFinite(value)) continue
    const top = y.clamped(at) + (i - count / 2) * thickness
    bars += `M${px(zero)} ${px(top)}H${px(x.clamped(value))}v${px(thickness - 1)}H${px(zero)}z`
    const error = errors?.[at]
    if (error === undefined || !Number.isFinite(error)) continue
    const middle = px(top + (thickness - 1) / 2)
    whiskers += `M${px(x.clamped(value - error))} ${middle}H${px(x.clamped(value + error))}`
  }
  return `<path class="f${i + 1}" d="${bars}"/><path class="tick" d="${whiskers}"/>`
}

function described(names: readonly string[], values: readonly number[]): string {
  const known = [...names.keys()].filter((i) => Number.isFinite(values[i]!))
  if (known.length === 0) return NO_DATA
  const highest = known.reduce((a, b) => (values[b]! > values[a]! ? b : a))
  return `most ${called(names[highest]!)} with ${numberText(values[highest]!)}`
}

function numbersOf({ label, names, series, x }: BarOptions): string {
  const rows = series.flatMap(({ name, values, errors }) => {
    return names.map((called, i) => [name, called, values[i], errors?.[i]])
  })
  return table(['series', label, x.label, 'error'], rows)
}
