/** Time against width and against batch size, as SVG that is readable in light and in dark. */
import * as vega from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'
import type { ColorDef, Field, PositionDef } from 'vega-lite/types_unstable/channeldef.js'
import { JS, NATIVE, ONNXRUNTIME, PLAIN, RELAXED, SIMD } from './names.ts'

export interface Point {
  name: string
  /** What the horizontal axis counts. */
  x: number
  nanoseconds: number
}

const HEIGHT = 460
/** Pixels from one label to the next, at least. */
const LINE = 13

const SOLID = [1, 0]
const DASHED = [6, 3]
const DOTTED = [2, 2]

/** A colour for each family, one that is seen on white and on black; a dash for each of its members. */
const LINES: Record<string, [colour: string, dash: number[]]> = {
  [SIMD]: ['#e5342b', SOLID],
  [RELAXED]: ['#e5342b', DASHED],
  [JS]: ['#e5342b', DOTTED],
  [PLAIN]: ['#a8851a', SOLID],
  'brain.js': ['#8f66d8', SOLID],
  [ONNXRUNTIME]: ['#2f81d6', SOLID],
  'onnxruntime-web': ['#2f81d6', DASHED],
  'TensorFlow.js, cpu': ['#259b5a', SOLID],
  'TensorFlow.js, wasm': ['#259b5a', DASHED],
  [NATIVE.avx2]: ['#7f7f7f', SOLID],
  [NATIVE.sse]: ['#7f7f7f', DASHED],
  [NATIVE.plain]: ['#7f7f7f', DOTTED],
}

/** An SVG file: both axes logarithmic, each line labelled at its end. */
export async function plot(title: string, axis: string, ticks: readonly number[], points: Point[]): Promise<string> {
  const view = new vega.View(vega.parse(compile(specOf(title, axis, ticks, points)).spec), { renderer: 'none' })
  const svg = await view.toSVG()
  const style =
    'svg{background:#fff;color:#24292f}@media(prefers-color-scheme:dark){svg{background:#0d1117;color:#d8dee4}}'
  return `${svg.replace(/<svg[^>]*>/, (head) => `${head}<style>${style}</style>`)}\n`
}

function specOf(title: string, axis: string, ticks: readonly number[], points: Point[]): TopLevelSpec {
  const names = Object.keys(LINES).filter((name) => points.some((point) => point.name === name))
  const times = points.map(({ nanoseconds }) => nanoseconds)
  const range: [number, number] = [Math.min(...times) / 1.2, Math.max(...times) * 1.2]
  const name = { field: 'name', type: 'nominal', legend: null } as const
  const color: ColorDef<Field> = { ...name, scale: { domain: names, range: names.map((name) => LINES[name]![0]) } }
  const dashes = names.map((name) => LINES[name]![1])
  const x: PositionDef<Field> = {
    field: 'x',
    type: 'quantitative',
    title: axis,
    scale: { type: 'log', domain: [ticks[0]!, ticks.at(-1)!] },
    axis: { values: [...ticks], format: ',' },
  }
  const y: PositionDef<Field> = {
    field: 'nanoseconds',
    type: 'quantitative',
    title: 'time for an event',
    scale: { type: 'log', domain: range },
    axis: { values: DECADES, labelExpr: UNITS },
  }
  return {
    width: 620,
    height: HEIGHT,
    padding: 12,
    background: 'transparent',
    title: { text: title, anchor: 'start', fontSize: 14 },
    config: STYLE,
    layer: [
      {
        data: { values: points },
        mark: { type: 'line', point: { size: 22 } },
        encoding: {
          x,
          y,
          color,
          strokeDash: { ...name, scale: { domain: names, range: dashes } },
          strokeWidth: { condition: { test: `datum.name === '${SIMD}'`, value: 3 }, value: 1.5 },
        },
      },
      {
        data: { values: labelsOf(names, points, range) },
        mark: { type: 'text', align: 'left', baseline: 'middle', dx: 9, fontSize: 11 },
        encoding: { x, y, color, text: { field: 'name' } },
      },
    ],
  }
}

const DECADES = [1, 10, 100, 1e3, 1e4, 1e5, 1e6]
const UNITS = "datum.value < 1e3 ? datum.value + ' ns' : datum.value < 1e6 ? datum.value / 1e3 + ' µs' : '1 ms'"

/** All but the lines has the colour of the page's text. */
const STYLE = {
  font: 'system-ui, sans-serif',
  title: { color: 'currentColor' },
  view: { stroke: null },
  axis: {
    labelColor: 'currentColor',
    titleColor: 'currentColor',
    domainColor: 'currentColor',
    tickColor: 'currentColor',
    gridColor: 'currentColor',
    gridOpacity: 0.12,
    titleFontWeight: 'normal',
  },
} as const

/** Where a line's label stands: at the line's end, or as near as its neighbours let it. */
function labelsOf(names: readonly string[], points: readonly Point[], [low, high]: [number, number]): Point[] {
  const pixels = HEIGHT / Math.log(high / low)
  const ends = names.map((name) => points.filter((point) => point.name === name).at(-1)!)
  const labels = ends
    .map(({ name, x, nanoseconds }) => ({ name, x, pixel: Math.log(nanoseconds / low) * pixels }))
    .sort((a, b) => a.pixel - b.pixel)
  for (let pass = 0; pass < 200; pass++) {
    for (let i = 1; i < labels.length; i++) {
      const [below, above] = [labels[i - 1]!, labels[i]!]
      const overlap = Math.max(0, LINE - (above.pixel - below.pixel))
      below.pixel -= overlap / 2
      above.pixel += overlap / 2
    }
  }
  return labels.map(({ name, x, pixel }) => ({ name, x, nanoseconds: low * Math.exp(pixel / pixels) }))
}
