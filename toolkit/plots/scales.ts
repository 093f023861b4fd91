/** The axes: which part of the numbers is drawn, where a value stands, and the ticks that fit. */
import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from 'd3-scale'
import { HUGE, widened } from './counts/range.ts'
import { power, powerText, tickTexts } from './format.ts'
import { FONT_SIZE, textWidth } from './text.ts'
import type { Axis } from './types.ts'

export interface Tick {
  /** Pixels from the start of the axis. */
  at: number
  text: string
}

/** An axis of a length that is known. */
export interface Scale {
  /** The pixel of a value; undefined where it cannot be drawn, or lies out of the domain. */
  place(value: number): number | undefined
  /** The pixel of a value, or of the end of the domain that it lies beyond. */
  clamped(value: number): number
  ticks: Tick[]
  /** Pixels of the small ticks between. */
  minor: number[]
}

/** What an axis becomes once its length is known; `across` where its texts stand beside each other. */
export interface Side {
  label: string
  scale(length: number, across: boolean): Scale
}

const NO_SCALE: Scale = { place: () => undefined, clamped: () => 0, ticks: [], minor: [] }

/** Pixels from one text to the next at least. */
const GAP = 10

export function drawable(value: number, { scale }: Pick<Axis, 'scale'>): boolean {
  return Math.abs(value) <= HUGE && (scale !== 'log' || value >= 1 / HUGE)
}

/** From the smallest to the largest that can be drawn; undefined where nothing can. */
export function extent(axis: Axis, ...lists: readonly ArrayLike<number>[]): [number, number] | undefined {
  let low = Infinity
  let high = -Infinity
  for (const list of lists) {
    for (let i = 0; i < list.length; i++) {
      const value = list[i]!
      if (!drawable(value, axis)) continue
      if (value < low) low = value
      if (value > high) high = value
    }
  }
  return low <= high ? [low, high] : undefined
}

/** A decade to either side of a single value. */
function widenedLog([low, high]: readonly [number, number]): [number, number] {
  return high > low * (1 + 1e-9) ? [low, high] : [Math.max(low / 10, 1 / HUGE), Math.min(high * 10, HUGE)]
}

/**
 * An axis of numbers; without ticks where there is no domain.
 * @param nice whether it ends at round numbers
 */
export function numbers(axis: Axis, data: readonly [number, number] | undefined, nice: boolean): Side {
  const log = axis.scale === 'log'
  const label = axis.unit ? `${axis.label} (${axis.unit})` : axis.label
  const given = axis.domain?.every((end) => drawable(end, axis)) ? axis.domain : undefined
  const range = given ?? data
  if (!range) return { label, scale: () => NO_SCALE }
  const base = (log ? scaleLog() : scaleLinear()).domain(log ? widenedLog(range) : widened(range))
  if (nice && !given) base.nice()
  return { label, scale: (length, across) => measured(base.copy(), length, across, axis) }
}

function measured(base: ScaleContinuousNumeric<number, number>, length: number, across: boolean, axis: Axis): Scale {
  const scale = base.range(across ? [0, length] : [length, 0])
  const [low, high] = scale.domain() as [number, number]
  const within = (value: number) => value >= low && value <= high
  return {
    place: (value) => (within(value) ? scale(value) : undefined),
    clamped: (value) => scale(Math.min(high, Math.max(low, value))),
    ...ticksOf(scale, length, across, axis),
  }
}

/** As many as fit; on a logarithmic axis powers of ten, if it has two. */
function ticksOf(
  scale: ScaleContinuousNumeric<number, number>,
  length: number,
  across: boolean,
  { scale: kind, whole }: Axis,
): Pick<Scale, 'ticks' | 'minor'> {
  const [low, high] = scale.domain() as [number, number]
  const log = kind === 'log'
  const powers = log ? powersWithin(low, high) : []
  if (powers.length >= 2) {
    for (let step = 1; step <= powers.length; step++) {
      const ticks = powers
        .filter((exponent) => exponent % step === 0)
        .map((exponent) => ({ at: scale(power(exponent)), text: powerText(exponent) }))
      if (overlap(ticks, across)) continue
      return { ticks, minor: step === 1 && powers.length <= 8 ? minorTicks(low, high).map(scale) : [] }
    }
  }
  const most = across ? Math.max(1, Math.floor(length / 55)) : Math.max(4, Math.floor(length / 35))
  for (let count = most; count > 0; count--) {
    const all = log ? decadeTicks(low, high, count) : scale.ticks(count)
    const values = whole ? all.filter(Number.isInteger) : all
    const texts = log ? values.map((value) => tickTexts([value])[0]!) : tickTexts(values)
    const ticks = values.map((value, i) => ({ at: scale(value), text: texts[i]! }))
    if (ticks.length > 0 && !overlap(ticks, across)) return { ticks, minor: [] }
  }
  return { ticks: [], minor: [] }
}

function overlap(ticks: readonly Tick[], across: boolean): boolean {
  const size = ({ text }: Tick) => (across ? textWidth(text) : FONT_SIZE)
  const gap = across ? GAP : 2
  return ticks.some((tick, i) => {
    const next = ticks[i + 1]
    return next !== undefined && Math.abs(next.at - tick.at) < (size(tick) + size(next)) / 2 + gap
  })
}

/** The whole powers of ten of a domain. */
function powersWithin(low: number, high: number): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9)
  const last = Math.floor(Math.log10(high) + 1e-9)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i)
}

/** 2, 3 … 9 times each power of ten. */
function minorTicks(low: number, high: number): number[] {
  const powers = powersWithin(low / 10, high)
  return powers
    .flatMap((n) => [2, 3, 4, 5, 6, 7, 8, 9].map((digit) => Number(`${digit}e${n}`)))
    .filter((value) => value > low && value < high)
}

/** Ticks of a logarithmic axis that spans less than a decade or two: round numbers. */
function decadeTicks(low: number, high: number, count: number): number[] {
  const digits = count >= 6 ? [1, 2, 3, 4, 5, 6, 7, 8, 9] : count >= 3 ? [1, 2, 5] : [1, 3]
  const ticks = powersWithin(low / 10, high).flatMap((n) => digits.map((digit) => Number(`${digit}e${n}`)))
  const inside = ticks.filter((value) => value >= low && value <= high)
  return inside.length >= 2 ? inside : scaleLinear().domain([low, high]).ticks(count)
}
