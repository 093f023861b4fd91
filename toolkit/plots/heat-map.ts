/** Values on a grid in seven shades: a cloud of points by its counts, a score over two inputs. */
import type { Grid } from './counts/grid.ts'
import { table } from './csv.ts'
import { numberText, px } from './format.ts'
import { type Block, frame, labelled } from './frame.ts'
import { SHADES } from './palette.ts'
import { drawable, extent, numbers, type Scale } from './scales.ts'
import { called, counted, NO_DATA, sentences } from './series.ts'
import { textWidth } from './text.ts'
import type { Axis, Figure, FigureOptions } from './types.ts'

export interface HeatMapOptions extends FigureOptions {
  x: Pick<Axis, 'label' | 'unit'>
  y: Pick<Axis, 'label' | 'unit'>
  /** What the shades say. @default events on a logarithmic scale */
  z?: Axis
  /** Where counts are 0, and where other values are NaN, nothing is drawn. */
  grid: Pick<Grid, 'x' | 'y' | 'values'> & Partial<Pick<Grid, 'outside' | 'nan'>>
  /** Whether the line of equal x and y is drawn. */
  diagonal?: boolean
}

const SHADE_HEIGHT = 8

export function heatMapPlot(options: HeatMapOptions): Figure {
  const { grid, z = { label: 'events', scale: 'log' }, diagonal = false } = options
  const shown = extent(z, grid.values)
  const ends = (bins: Grid['x']): [number, number] => [bins.edges[0]!, bins.edges.at(-1)!]
  const x: Axis = { ...options.x, scale: grid.x.scale }
  const y: Axis = { ...options.y, scale: grid.y.scale }
  const left = counted({ outside: grid.outside ?? 0, 'not a number': grid.nan ?? 0 }, numberText)
  const notes = left ? [`not drawn: ${left}`] : []
  const shades = numbers(z, shown, false)
  const svg = frame(options, {
    x: numbers(x, ends(grid.x), false),
    panels: [
      {
        y: numbers(y, ends(grid.y), false),
        draw: ({ width, height }) => {
          const line = diagonal ? diagonalOf(width, height) : ''
          return cells(options.grid, shades.scale(SHADES, true), z, width, height) + line
        },
      },
    ],
    above: (width) => (shown ? shadeBar(shades.label, (length) => shades.scale(length, true), width) : NOTHING),
    notes,
    empty: shown ? undefined : NO_DATA,
    height: 320,
    description: sentences([
      `${called(z.label)} on a grid of ${grid.x.count} by ${grid.y.count} over ${called(x.label)} and ${called(y.label)}`,
      shown ? `from ${numberText(shown[0])} to ${numberText(shown[1])}` : NO_DATA,
      notes[0],
    ]),
  })
  return { svg, csv: numbersOf(options, z) }
}

/** Dashes on a line of the paper's colour, to be seen on every shade. */
function diagonalOf(width: number, height: number): string {
  const d = `M0 ${px(height)}L${px(width)} 0`
  return `<path class="halo" d="${d}"/><path class="guide" d="${d}"/>`
}

const NOTHING: Block = { height: 0, svg: '' }

/** Cells of one shade that lie beside each other are one stroke, as high as a cell. */
function cells({ x, y, values }: HeatMapOptions['grid'], scale: Scale, z: Axis, width: number, height: number): string {
  const strokes = Array.from({ length: SHADES }, () => '')
  for (let row = 0; row < y.count; row++) {
    for (let column = 0; column < x.count; ) {
      const shade = shadeOf(values[row * x.count + column]!, scale, z)
      const start = column++
      while (column < x.count && shadeOf(values[row * x.count + column]!, scale, z) === shade) column++
      if (shade !== undefined) strokes[shade] += `M${start} ${row}h${column - start}`
    }
  }
  const paths = strokes.map((d, i) => (d ? `<path class="n${i + 1}" d="${d}"/>` : '')).join('')
  const size = `${(width / x.count).toFixed(5)} ${(-height / y.count).toFixed(5)}`
  return `<g class="shades" transform="translate(0 ${px(height)}) scale(${size}) translate(0 .5)">${paths}</g>`
}

/** @param scale of 7 pixels, one a shade */
function shadeOf(value: number, scale: Scale, z: Axis): number | undefined {
  if (!drawable(value, z)) return undefined
  return Math.min(SHADES - 1, Math.floor(scale.clamped(value)))
}

/** The shades with their numbers. */
function shadeBar(label: string, scaled: (length: number) => Scale, width: number): Block {
  const start = Math.min(width / 2, textWidth(label) + 10)
  // The first and the last number stand out by half of their width.
  const length = Math.min(220, width - start - 20)
  const step = length / SHADES
  const shades = Array.from({ length: SHADES }, (_, i) => {
    return `<path class="n${i + 1}" stroke-width="${SHADE_HEIGHT}" d="M${px(i * step)} ${SHADE_HEIGHT / 2}h${px(step)}"/>`
  })
  const texts = scaled(length).ticks.map(({ at, text }) => {
    return `<path class="tick" d="M${px(at)} ${SHADE_HEIGHT}v3"/><text class="middle" x="${px(at)}" y="22">${text}</text>`
  })
  const bar = `<g transform="translate(${px(start)} 0)">${shades.join('')}${texts.join('')}</g>`
  return { height: 28, svg: labelled(label, 0, 10, width / 2, '') + bar }
}

function numbersOf({ x, y, grid }: HeatMapOptions, z: Axis): string {
  const header = [`${x.label} from`, `${x.label} to`, `${y.label} from`, `${y.label} to`, z.label]
  const rows = Array.from(grid.values, (value, i) => {
    const [column, row] = [i % grid.x.count, Math.floor(i / grid.x.count)]
    return [...grid.x.edges.slice(column, column + 2), ...grid.y.edges.slice(row, row + 2), value]
  })
  return table(
    header,
    rows.filter((row) => drawable(row[4]!, z)),
  )
}
