/** What all figures have around what they draw: title and description, legend, axes, notes. */
import { InputError } from '../errors.ts'
import { escaped } from './escape.ts'
import { px } from './format.ts'
import type { Scale, Side } from './scales.ts'
import { FONT_SIZE, fitted, shortened, textWidth } from './text.ts'
import type { FigureOptions } from './types.ts'

/** The place where data are drawn, its upper left corner being 0, 0. */
export interface Area {
  width: number
  height: number
  x: Scale
  y: Scale
}

/** Something of a known height. */
export interface Block {
  height: number
  svg: string
}

/** One of the areas below each other that share an x axis. */
export interface Panel {
  y: Side
  /** Of the height, relative to the other panels. @default 1 */
  share?: number
  draw(area: Area): string
}

export interface Layout {
  x: Side
  panels: readonly Panel[]
  /** What stands above, made for a width. */
  above?(width: number): Block
  /** A line below the axes, where there is something to say: the first of these that fits. */
  notes?: readonly string[]
  /** Said in place of data, where there are none. */
  empty?: string | undefined
  /** What a person hears who does not see the figure. */
  description: string
  /** @default 250 */
  height?: number
}

const WIDTH = 360
const HEIGHT = 250
/** The smallest that axes and their texts leave room in. */
const NARROWEST = 150
const WIDEST = 2000
const MARGIN = 6
const TICK = 4
const LINE = 16
/** Of the names above. */
const ROW = 20
/** Between two panels. */
const GUTTER = 12
/** The widest that tick labels at the left may be. */
const LABELS = 110

/** @throws InputError where id or size cannot be used */
export function frame(options: FigureOptions, layout: Layout): string {
  const { width = WIDTH } = options
  const above = (options.legend !== false && layout.above?.(width - 2 * MARGIN)) || { height: 0, svg: '' }
  const note = chosen(layout.notes ?? [], width - 2 * MARGIN)
  // A height that nobody asked for grows with what stands around the data.
  const around = Math.max(0, above.height - ROW) + (note ? LINE : 0)
  const height = options.height ?? (layout.height ?? HEIGHT) + around
  const top = MARGIN + above.height + FONT_SIZE / 2 - 2
  const bottom = height - MARGIN - LINE * (note ? 3 : 2) - TICK - 1
  const heights = shared(layout.panels, bottom - top)
  const ys = layout.panels.map(({ y }, i) => y.scale(heights[i]!, false))
  const labels = Math.max(0, ...ys.flatMap(({ ticks }) => ticks.map(({ text }) => textWidth(text))))
  const left = MARGIN + LINE + Math.min(labels, LABELS) + TICK + 4
  const [x, right] = horizontal(layout.x, left, width)
  let svg = above.svg && `<g transform="translate(${MARGIN} ${MARGIN})">${above.svg}</g>`
  let start = top
  for (const [i, panel] of layout.panels.entries()) {
    const area: Area = { width: right - left, height: heights[i]!, x, y: ys[i]! }
    const last = i === layout.panels.length - 1
    const content = layout.empty === undefined ? panel.draw(area) : nothing(area, i === 0 ? layout.empty : '')
    const axes = grid(area) + content + box(area) + (last ? xTexts(area) : '') + yTexts(area)
    svg += `<g transform="translate(${px(left)} ${px(start)})">${axes}</g>`
    svg += upright(panel.y.label, MARGIN + FONT_SIZE - 2, start + area.height / 2, area.height + GUTTER)
    start += area.height + GUTTER
  }
  const below = bottom + TICK + LINE + 1
  const middle = (left + right) / 2
  svg += labelled(layout.x.label, middle, below + LINE - 4, 2 * (width - middle - 2), 'middle')
  if (note) svg += labelled(note, width - MARGIN, below + 2 * LINE - 4, width - 2 * MARGIN, 'end muted')
  return wrapped(options, { width, height }, options.description ?? layout.description, svg)
}

/** The element around a figure, and what says what it is. */
export function wrapped(
  { id, title }: FigureOptions,
  { width, height }: { width: number; height: number },
  description: string,
  content: string,
): string {
  if (!/^[A-Za-z][\w-]{0,99}$/.test(id)) {
    throw new InputError(`id: ${JSON.stringify(id)}, expected a letter, then letters, digits, - and _`)
  }
  for (const [name, size] of Object.entries({ width, height })) {
    if (!(size >= NARROWEST && size <= WIDEST)) {
      throw new InputError(`${name}: ${size}, expected ${NARROWEST} to ${WIDEST} pixels`)
    }
  }
  const size = `viewBox="0 0 ${px(width)} ${px(height)}" width="${px(width)}" height="${px(height)}"`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="plot" ${size} role="img" aria-labelledby="${id}-title ${id}-desc">`,
    `<title id="${id}-title">${escaped(shortened(title))}</title>`,
    `<desc id="${id}-desc">${escaped(description)}</desc>`,
    `<rect class="paper" width="${px(width)}" height="${px(height)}"/>`,
    `${content}</svg>`,
  ].join('\n')
}

/** The first that fits, or else the last. */
function chosen(notes: readonly string[], room: number): string | undefined {
  return notes.find((note) => textWidth(note) <= room) ?? notes.at(-1)
}

function shared(panels: readonly Panel[], height: number): number[] {
  const total = panels.reduce((sum, { share = 1 }) => sum + share, 0)
  const room = height - GUTTER * (panels.length - 1)
  return panels.map(({ share = 1 }) => (room * share) / total)
}

/** The x axis, with room at its right end for half of the last text. */
function horizontal(side: Side, left: number, width: number): [Scale, number] {
  const end = width - MARGIN - 4
  const last = side.scale(end - left, true).ticks.at(-1)
  const over = last ? Math.max(0, left + last.at + textWidth(last.text) / 2 - (width - 2)) : 0
  return [side.scale(end - over - left, true), end - over]
}

function grid({ x, y, width, height }: Area): string {
  const lines = [
    ...y.ticks.map(({ at }) => `M0 ${px(at)}H${px(width)}`),
    ...x.ticks.map(({ at }) => `M${px(at)} 0V${px(height)}`),
  ]
  return lines.length > 0 ? `<path class="grid" d="${lines.join('')}"/>` : ''
}

function box({ x, y, width, height }: Area): string {
  const ticks = [
    ...x.ticks.map(({ at }) => `M${px(at)} ${px(height)}v${TICK}`),
    ...x.minor.map((at) => `M${px(at)} ${px(height)}v${TICK / 2}`),
    ...y.ticks.map(({ at }) => `M0 ${px(at)}h-${TICK}`),
    ...y.minor.map((at) => `M0 ${px(at)}h-${TICK / 2}`),
  ]
  const marks = ticks.length > 0 ? `<path class="tick" d="${ticks.join('')}"/>` : ''
  return `<rect class="frame" width="${px(width)}" height="${px(height)}"/>${marks}`
}

function xTexts({ x, height }: Area): string {
  return x.ticks
    .map(({ at, text }) => `<text class="middle" x="${px(at)}" y="${px(height + TICK + FONT_SIZE + 1)}">${text}</text>`)
    .join('')
}

function yTexts({ y }: Area): string {
  return y.ticks.map(({ at, text }) => labelled(text, -TICK - 3, at + FONT_SIZE * 0.36, LABELS, 'end')).join('')
}

/** A text cut to its room; the whole of it is shown to a pointer that rests on it. */
export function labelled(text: string, x: number, y: number, room: number, classes: string): string {
  const drawn = fitted(text, room)
  const title = drawn === text ? '' : `<title>${escaped(shortened(text))}</title>`
  return `<text class="${classes}" x="${px(x)}" y="${px(y)}">${escaped(drawn)}${title}</text>`
}

function upright(text: string, x: number, y: number, room: number): string {
  const drawn = labelled(text, 0, 0, room, 'middle')
  return `<g transform="translate(${px(x)} ${px(y)}) rotate(-90)">${drawn}</g>`
}

function nothing({ width, height }: Area, text: string): string {
  return text && labelled(text, width / 2, height / 2 + 4, width - 8, 'middle muted')
}
