/** Signal efficiency against background rejection, and below it how the curves compare with the first. */
import { line } from 'd3-shape'
import type { WorkingPoint } from 'nndrone'
import type { RocCurve } from './counts/roc.ts'
import { table } from './csv.ts'
import { numberText } from './format.ts'
import { type Area, frame, type Panel } from './frame.ts'
import { legend } from './legend.ts'
import { numbers } from './scales.ts'
import { called, checkSeries, sentences } from './series.ts'
import { stroke } from './shapes.ts'
import type { Entry, Figure, FigureOptions, Point } from './types.ts'

export interface RocOptions extends FigureOptions {
  /** At most 5: the teacher first, the others compared with it. */
  curves: readonly (Pick<RocCurve, 'points' | 'auc'> & { name: string })[]
}

/** Efficiencies at which the ratio is drawn. */
const STEPS = 100
/** The ratio's axis is chosen by what lies below: further right little background is rejected, and it may be anything. */
const TRUSTED = 0.95
const WIDEST: readonly [number, number] = [0.5, 1.5]

export function rocPlot(options: RocOptions): Figure {
  checkSeries(options.id, options.curves)
  const curves = options.curves.map(({ name, auc, points }) => ({ name, auc, points: whole(points) }))
  const drawn = curves.filter(({ points }) => points.length > 0)
  const entries = curves.map(({ name, auc }, i): Entry => {
    return {
      name: Number.isNaN(auc) ? `${name}, no data` : `${name}, AUC ${auc.toFixed(4)}`,
      look: 'line',
      number: i + 1,
    }
  })
  const reference = curves[0]?.points ?? []
  const ratios = curves.slice(1).map(({ points }) => ratio(points, reference))
  const efficiency = { label: 'signal efficiency', domain: [0, 1] as const }
  const rejection = { label: 'background rejection', domain: [0, 1] as const }
  const panels: Panel[] = [
    {
      y: numbers(rejection, [0, 1], false),
      share: 3,
      draw: (area) => curves.map(({ points }, i) => curve(points.map(toPoint), i + 1, area)).join(''),
    },
  ]
  if (ratios.some((points) => points.length > 0)) {
    const range = rangeOf(ratios.flat())
    panels.push({
      y: numbers({ label: 'ratio' }, range, false),
      draw: (area) => one(area) + ratios.map((points, i) => curve(within(points, range), i + 2, area)).join(''),
    })
  }
  const svg = frame(options, {
    x: numbers(efficiency, [0, 1], false),
    panels,
    above: (width) => legend(entries, width),
    empty: drawn.length > 0 ? undefined : 'no data: needs both signal and background',
    height: panels.length > 1 ? 380 : 300,
    description: sentences([
      'Background rejection by signal efficiency',
      ...curves.map(({ name, auc }) => {
        return `${called(name)}: ${Number.isNaN(auc) ? 'no data' : `area under the curve ${numberText(auc, 5)}`}`
      }),
    ]),
  })
  return { svg, csv: numbersOf(options) }
}

/** The curve from where nothing passes. */
function whole(points: readonly WorkingPoint[]): readonly WorkingPoint[] {
  if (points.length === 0 || points[0]!.efficiency === 0) return points
  return [{ threshold: Infinity, efficiency: 0, rejection: 1 }, ...points]
}

function toPoint({ efficiency, rejection }: WorkingPoint): Point {
  return { x: efficiency, y: rejection }
}

function curve(points: readonly Point[], number: number, { x, y }: Area): string {
  const path = line<Point>(
    (point) => x.clamped(point.x),
    (point) => y.clamped(point.y),
  ).digits(2)
  return points.length > 0 ? `<path class="line ${stroke(number)}" d="${path(points)}"/>` : ''
}

function one({ y, width }: Area): string {
  return `<path class="guide" d="M0 ${y.clamped(1).toFixed(1)}H${width}"/>`
}

/** The rejection of a curve over that of another, where both reject something. */
function ratio(points: readonly WorkingPoint[], reference: readonly WorkingPoint[]): Point[] {
  const ratios: Point[] = []
  for (let i = 1; i < STEPS; i++) {
    const x = i / STEPS
    const [ours, theirs] = [rejectionAt(points, x), rejectionAt(reference, x)]
    if (ours !== undefined && theirs) ratios.push({ x, y: ours / theirs })
  }
  return ratios
}

/** Between two points on a straight line, as it is drawn. */
function rejectionAt(points: readonly WorkingPoint[], efficiency: number): number | undefined {
  const next = points.findIndex((point) => point.efficiency >= efficiency)
  if (next < 0) return undefined
  const [a, b] = [points[Math.max(0, next - 1)]!, points[next]!]
  if (b.efficiency === a.efficiency) return b.rejection
  return a.rejection + ((b.rejection - a.rejection) * (efficiency - a.efficiency)) / (b.efficiency - a.efficiency)
}

/** The same to either side of 1. */
function rangeOf(ratios: readonly Point[]): [number, number] {
  const [low, high] = WIDEST
  const distances = ratios.filter(({ x }) => x <= TRUSTED).map(({ y }) => Math.abs(y - 1))
  const half = Math.min((high - low) / 2, Math.max(0.005, ...distances) * 1.2)
  return [1 - half, 1 + half]
}

function within(points: readonly Point[], [low, high]: readonly [number, number]): Point[] {
  return points.filter(({ y }) => y >= low && y <= high)
}

function numbersOf({ curves }: RocOptions): string {
  const rows = curves.flatMap(({ name, points }) => {
    return points.map(({ threshold, efficiency, rejection }) => [name, threshold, efficiency, rejection])
  })
  return table(['series', 'threshold', 'signal efficiency', 'background rejection'], rows)
}
