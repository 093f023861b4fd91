/**
 * Coordinates in which a cloud of events is roundish: of two columns that are always ordered the larger goes by the
 * difference, and what is positive and skewed goes by its logarithm, so that whatever is moved a little stays ordered
 * and positive.
 */
import { exp } from '../../arithmetic/math.ts'
import type { Numbers } from '../../engines/api.ts'
import { Pauses } from '../pauses.ts'
import { logarithm } from './random.ts'

/** How a column is moved: value, or value − base, or the logarithm of either. */
export interface Coordinate {
  /** The number of a column that is subtracted, and that is never larger. */
  base?: number
  /** What is added before the logarithm is taken; there is none where it is undefined. */
  offset?: number
  /** Values of the column that are no measurements but marks or numbers of something: an event keeps them. */
  kept: ReadonlySet<number>
  /** Whether all values are whole numbers. */
  whole: boolean
}

/** A value that so many of the events have exactly is kept as it is. */
const KEPT = 0.05
const KEPT_AT_LEAST = 10

/** So lopsided are quantiles of what goes by its logarithm: (q₉₀ + q₁₀ − 2 q₅₀) / (q₉₀ − q₁₀); an exponential has 0.47. */
const SKEWED = 0.2

/** What is added before a logarithm is taken, in units of the median. */
const OFFSET = 1e-3

/** Two columns are ordered only where so many pairs of values of different events are not: chance would hardly do it. */
const UNORDERED = 5
const SHIFTS = 8

/** Events that are looked at, of very many. */
const LOOKED_AT = 10_000

/** So many columns are compared with each other at most. */
const MOST_COLUMNS = 200

/** @param events [n × width] */
export async function coordinatesOf(events: Numbers, width: number): Promise<Coordinate[]> {
  const pauses = new Pauses()
  const rows = someRows(events.length / width)
  const known: Pick<Coordinate, 'kept' | 'whole'>[] = []
  const columns: Float64Array[] = []
  for (let i = 0; i < width; i++) {
    const values = Float64Array.from(rows, (n) => events[n * width + i]!)
    const kind = kindOf(values)
    known.push(kind)
    columns.push(values.map((value) => measured(value, kind)))
    await pauses.ifDue()
  }
  const bases = await basesOf(columns, pauses)
  const coordinates: Coordinate[] = []
  for (const [i, kind] of known.entries()) {
    const base = bases[i]
    const values = base === undefined ? columns[i]! : columns[i]!.map((value, n) => value - columns[base]![n]!)
    coordinates.push({ ...kind, base, offset: offsetOf(values.filter(Number.isFinite)) })
    await pauses.ifDue()
  }
  return coordinates
}

/** The numbers of the events that are looked at: of very many every k-th. */
export function someRows(count: number): Uint32Array {
  const step = Math.max(1, count / LOOKED_AT)
  return Uint32Array.from({ length: Math.min(count, LOOKED_AT) }, (_, k) => Math.floor(k * step))
}

/** Which values are kept, and whether all are whole numbers. */
function kindOf(values: Float64Array): Pick<Coordinate, 'kept' | 'whole'> {
  const counts = new Map<number, number>()
  let whole = true
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    counts.set(value, (counts.get(value) ?? 0) + 1)
    whole &&= Number.isInteger(value)
  }
  const least = Math.max(KEPT_AT_LEAST, KEPT * values.length)
  return { kept: new Set([...counts].filter(([, count]) => count >= least).map(([value]) => value)), whole }
}

/** NaN where the value is kept, or missing. */
export function measured(value: number, { kept }: Pick<Coordinate, 'kept'>): number {
  return Number.isFinite(value) && !kept.has(value) ? value : Number.NaN
}

/** Of each column the nearest that is never larger, though it would be, were they independent. */
async function basesOf(columns: readonly Float64Array[], pauses: Pauses): Promise<(number | undefined)[]> {
  const bases: (number | undefined)[] = columns.map(() => undefined)
  if (columns.length > MOST_COLUMNS) return bases
  for (const [i, above] of columns.entries()) {
    let least = Number.POSITIVE_INFINITY
    for (const [j, below] of columns.entries()) {
      const distance = i === j ? undefined : distanceOf(below, above)
      if (distance !== undefined && distance < least) [bases[i], least] = [j, distance]
      await pauses.ifDue()
    }
  }
  return bases
}

/** The mean distance of two columns of which the first is never larger; else undefined. */
function distanceOf(below: Float64Array, above: Float64Array): number | undefined {
  let [sum, pairs] = [0, 0]
  for (const [n, value] of below.entries()) {
    const distance = above[n]! - value
    if (distance < 0) return undefined
    if (Number.isNaN(distance)) continue
    sum += distance
    pairs++
  }
  // Columns that are the same have no order.
  if (!(sum > 0)) return undefined
  let unordered = 0
  for (let shift = 1; shift <= SHIFTS; shift++) {
    const by = Math.floor((shift * below.length) / (SHIFTS + 1))
    for (const [n, value] of below.entries()) if (value > above[(n + by) % above.length]!) unordered++
  }
  return unordered >= UNORDERED * SHIFTS ? sum / pairs : undefined
}

function offsetOf(values: Float64Array): number | undefined {
  if (values.length === 0) return undefined
  values.sort()
  const at = (fraction: number) => values[Math.floor(fraction * values.length)]!
  const [low, middle, high] = [at(0.1), at(0.5), at(0.9)]
  const skewed = values[0]! >= 0 && middle > 0 && high + low - 2 * middle > SKEWED * (high - low)
  return skewed ? OFFSET * middle : undefined
}

/** An event, from number `from` on, as its coordinates; NaN where a value is not to be moved. */
export function intoCoordinates(
  events: Numbers,
  from: number,
  coordinates: readonly Coordinate[],
  out: Float64Array,
): void {
  for (let i = 0; i < coordinates.length; i++) {
    const coordinate = coordinates[i]!
    const { base, offset } = coordinate
    const value = measured(events[from + i]!, coordinate)
    const distance = base === undefined ? value : value - measured(events[from + base]!, coordinates[base]!)
    out[i] = offset === undefined ? distance : logarithm(distance + offset)
  }
}

/** The values of coordinates, written over them; what cannot be moved is as the event, from number `from` on, has it. */
export function fromCoordinates(
  moved: Float64Array,
  events: Numbers,
  from: number,
  coordinates: readonly Coordinate[],
  order: readonly number[],
): void {
  for (const i of order) {
    const { base, offset, whole } = coordinates[i]!
    const distance = offset === undefined ? moved[i]! : Math.max(0, exp(moved[i]!) - offset)
    const value = base === undefined ? distance : moved[base]! + distance
    const rounded = whole ? Math.round(value) : value
    moved[i] = Number.isFinite(rounded) ? rounded : events[from + i]!
  }
}

/** The columns, each after the one that it is a difference to. */
export function inOrder(coordinates: readonly Coordinate[]): number[] {
  const order: number[] = []
  const add = (i: number) => {
    if (order.includes(i)) return
    const { base } = coordinates[i]!
    if (base !== undefined) add(base)
    order.push(i)
  }
  for (const i of coordinates.keys()) add(i)
  return order
}
