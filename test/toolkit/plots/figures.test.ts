/** What holds of every figure: the same bytes, a bounded size, texts that fit, and a picture of any data. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  Bins,
  barPlot,
  binsOver,
  Efficiency,
  type Figure,
  Grid,
  Histogram,
  heatMapPlot,
  histogramPlot,
  linePlot,
  plotStyle,
  profilePlot,
  Reliability,
  reliabilityPlot,
  rocCurve,
  rocPlot,
  smallMultiples,
  standalone,
  stepPlot,
} from '../../../toolkit/plots/index.ts'
import { DARK, LIGHT } from '../../../toolkit/plots/palette.ts'
import { root } from '../../support.ts'
import { examples, GOLDEN } from './examples.ts'
import { all, boxes, overlapping, parsed } from './support.ts'

/** Bytes that a figure of the usual size has at most, whatever its data; that of small multiples as often as they are. */
const LARGEST = 150_000

const test = suite('figures')

const figures = examples()

test('the golden figures', () => {
  for (const name of GOLDEN) {
    const golden = readFileSync(join(root, `test/toolkit/plots/fixtures/${name}.svg`), 'utf8')
    assert.fixture(`${figures[name]!.svg}\n`, golden, name)
  }
})

test('the same data give the same bytes', () => {
  assert.equal(examples(), figures)
})

test('each is XML with a title, a description and its id', () => {
  for (const [name, { svg }] of Object.entries(figures)) {
    const { attributes, children } = parsed(svg)
    assert.is(attributes.role, 'img')
    assert.is(attributes['aria-labelledby'], `${name}-title ${name}-desc`)
    const [title, description] = children
    assert.is(title!.attributes.id, `${name}-title`)
    assert.is(description!.attributes.id, `${name}-desc`)
    assert.ok(title!.text.length > 5 && description!.text.length > 10, name)
  }
  const ids = Object.values(figures).flatMap(({ svg }) => all(parsed(svg), ({ attributes }) => 'id' in attributes))
  assert.is(new Set(ids.map(({ attributes }) => attributes.id)).size, ids.length)
})

test('descriptions say what there is to see', () => {
  const said = (name: string) => parsed(figures[name]!.svg).children[1]!.text
  assert.match(said('line'), /^loss: loss from 0\.0\d+ at epoch 1 to 0\.00\d+ at epoch 300\. growth at 60, 130, 220\.$/)
  assert.match(said('roc'), /teacher: area under the curve 0\.\d{4,5}\. drone: area under the curve 0\.\d{4,5}\.$/)
  assert.match(said('importance'), /^loss of AUC of 6 input\. teacher: most p_T with 0\.1\d+\./)
})

test('no two texts overlap, none leaves the figure, none is small', () => {
  const wide = { line: linePlot, step: stepPlot }
  const more = Object.entries(wide).flatMap(([id, plot]) => {
    return [150, 360, 800].flatMap((width) => {
      return [
        [0, 1e-9],
        [1, 1e9],
        [-1e7, 1e7],
        [5279.1, 5279.2],
        [0.97, 1.03],
        [0, 65536],
      ].flatMap(([low, high]) => {
        return (['linear', 'log'] as const).map((scale) => {
          const axis = { label: 'a value of some kind', unit: 'GeV', scale }
          const series = [{ name: 'a rather long name of a series', x: [low!, high!], y: [low!, high!] }]
          return plot({ id, title: id, width, x: axis, y: axis, series, marks: [{ name: 'a mark', at: [low!] }] })
        })
      })
    })
  })
  for (const { svg } of [...Object.values(figures), ...more]) {
    for (const figure of all(parsed(svg), ({ name }) => name === 'svg')) {
      const [, , width, height] = figure.attributes.viewBox!.split(' ').map(Number)
      const texts = boxes(figure)
      assert.equal(overlapping(texts), [], svg)
      for (const { text, left, right, top, bottom } of texts) {
        assert.ok(
          left >= 0 && right <= width! && top >= 0 && bottom <= height!,
          `${text}: ${left}..${right} of ${width}`,
        )
      }
    }
    assert.not.match(svg, /font-size/)
  }
  assert.match(plotStyle, /font:12px/)
})

/** Figures of one list of values, in each role that it can have. */
function of(values: readonly number[]): Record<string, Figure> {
  const ones = values.map(() => 1)
  const labels = values.map((_, i) => i % 2)
  const options = (id: string) => ({ id, title: id })
  const axes = { x: { label: 'x' }, y: { label: 'y' } }
  const logs = { x: { label: 'x', scale: 'log' }, y: { label: 'y', scale: 'log' } } as const
  const lines = { series: [{ name: 'a', x: values.map((_, i) => i), y: values }] }
  const bins = binsOver(values, 20)
  const histogram = new Histogram(bins).add(values)
  const grid = new Grid(bins, bins).add(values, values)
  const efficiency = new Efficiency(bins).add(values, ones).points()
  const reliability = new Reliability().add(values, labels).points()
  return {
    line: linePlot({ ...options('line'), ...axes, ...lines }),
    reversed: linePlot({ ...options('line'), ...axes, series: [{ name: 'a', x: values, y: values }] }),
    logs: linePlot({ ...options('line'), ...logs, ...lines, marks: [{ name: 'b', at: values }] }),
    step: stepPlot({ ...options('step'), ...axes, ...lines }),
    histogram: histogramPlot({ ...options('h'), ...axes, series: [{ name: 'a', histogram }] }),
    points: histogramPlot({
      ...options('h'),
      ...axes,
      scale: 'log',
      series: [{ name: 'a', histogram, look: 'points' }],
    }),
    share: histogramPlot({ ...options('h'), ...axes, normalised: true, series: [{ name: 'a', histogram }] }),
    heat: heatMapPlot({ ...options('heat'), ...axes, grid }),
    surface: heatMapPlot({
      ...options('heat'),
      ...axes,
      z: { label: 'z' },
      grid: { x: bins, y: bins, values: fill(values) },
    }),
    roc: rocPlot({ ...options('roc'), curves: [{ name: 'a', ...rocCurve(values, labels) }] }),
    one: rocPlot({
      ...options('roc'),
      curves: [
        { name: 'a', ...rocCurve(values, ones) },
        { name: 'b', ...rocCurve(values, labels) },
      ],
    }),
    reliability: reliabilityPlot({ ...options('r'), series: [{ name: 'a', points: reliability }] }),
    profile: profilePlot({ ...options('p'), ...axes, series: [{ name: 'a', points: efficiency }] }),
    bars: barPlot({
      ...options('b'),
      x: { label: 'x' },
      label: 'y',
      names: values.map((_, i) => `name ${i}`),
      series: [{ name: 'a', values }],
    }),
    logBars: barPlot({
      ...options('b'),
      x: { label: 'x', scale: 'log' },
      label: 'y',
      names: values.map((_, i) => `name ${i}`),
      series: [{ name: 'a', values, errors: values }],
    }),
  }
}

function fill(values: readonly number[]): Float64Array {
  return Float64Array.from({ length: 400 }, (_, i) => values[i % values.length] ?? Number.NaN)
}

test('any data make a picture', () => {
  const kinds = {
    none: [],
    one: [3],
    zero: [0],
    constant: [5, 5, 5, 5],
    negative: [-1, -2, -3, -4],
    nan: [Number.NaN, Number.NaN],
    infinite: [Infinity, -Infinity, Infinity],
    mixed: [Number.NaN, 1, Infinity, 2, -Infinity, 3],
    huge: [-1.7e308, 1.7e308, 1],
    tiny: [5e-324, 1e-310, 0],
    close: [1, 1 + 2 ** -52, 1],
  }
  for (const [kind, values] of Object.entries(kinds)) {
    for (const [name, { svg, csv }] of Object.entries(of(values))) {
      const drawn = parsed(svg)
      const numbers = all(drawn, () => true).flatMap(({ attributes: { class: _, ...others } }) => Object.values(others))
      assert.not.match(numbers.join('\n'), /NaN|Infinity|undefined|\de[-+]?\d/, `${kind} ${name}`)
      assert.not.match(csv, /NaN|undefined/, `${kind} ${name}`)
      if (['none', 'nan'].includes(kind)) assert.match(svg, />no data[:<]/, `${kind} ${name}`)
      if (['mixed'].includes(kind)) assert.not.match(svg, />no data/, `${kind} ${name}`)
    }
  }
  const empty = linePlot({ id: 'a', title: 'a', x: { label: 'x' }, y: { label: 'y' }, series: [] })
  assert.match(empty.svg, />no data</)
  assert.match(histogramPlot({ id: 'a', title: 'a', x: { label: 'x' }, series: [] }).svg, />no data</)
  assert.match(rocPlot({ id: 'a', title: 'a', curves: [] }).svg, />no data: needs both signal and background</)
  assert.match(smallMultiples({ id: 'a', title: 'a', figures: [] }).svg, />no data</)
})

test('names of any kind are escaped, and fit', () => {
  const nasty = [
    '<script>alert(1)</script>',
    `"><img src=x onerror='alert(1)'>`,
    '&amp; ]]> <!--',
    '信号'.repeat(100),
    `bell \u0007, half \ud800, turned \u202e, line\nfeed`,
    'long '.repeat(10_000),
  ]
  for (const name of nasty) {
    const axis = { label: name, unit: name }
    const made = [
      linePlot({
        id: 'a',
        title: name,
        x: axis,
        y: axis,
        series: [{ name, x: [1, 2], y: [1, 2] }],
        marks: [{ name, at: [1.5] }],
      }),
      histogramPlot({
        id: 'a',
        title: name,
        x: axis,
        series: [{ name, histogram: new Histogram(new Bins(0, 1, 2)).add([0.5, 2]) }],
      }),
      heatMapPlot({
        id: 'a',
        title: name,
        x: axis,
        y: axis,
        z: axis,
        grid: new Grid(new Bins(0, 1, 2), new Bins(0, 1, 2)),
      }),
      rocPlot({ id: 'a', title: name, curves: [{ name, ...rocCurve([1, 2], [0, 1]) }] }),
      profilePlot({ id: 'a', title: name, x: axis, y: axis, series: [{ name, points: [] }] }),
      barPlot({ id: 'a', title: name, x: axis, label: name, names: [name], series: [{ name, values: [1] }] }),
    ]
    for (const { svg, csv } of made) {
      const drawn = parsed(svg)
      assert.equal(
        all(drawn, (element) => /script|img/.test(element.name)),
        [],
      )
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
      assert.not.match(svg, /[\x00-\x08\x0b-\x1f\u202e]/)
      assert.not.match(svg, /\p{Surrogate}/u)
      assert.ok(svg.length < 12_000, `${svg.length}`)
      const width = Number(drawn.attributes.width)
      for (const { text, left, right } of boxes(drawn)) assert.ok(left >= 0 && right <= width, text)
      assert.ok(csv.trimEnd().split('\n').length < 20)
    }
  }
})

test('the size is bounded, whatever the data', () => {
  const count = 50_000
  const noise = Float64Array.from({ length: count }, (_, i) => 1 + ((i * 7919) % 10_007) / 3)
  const x = noise.map((_, i) => i)
  const wide = [1, 2, 3, 4, 5].map((i) => ({ name: `series ${i}`, x, y: noise.map((value) => value / i) }))
  const axes = { x: { label: 'x' }, y: { label: 'y' } }
  const bins = new Bins(1, 3337, 400)
  const names = Array.from({ length: 600 }, (_, i) => `input ${i}`)
  const cells = new Bins(0, 1, 64)
  const checks = {
    line: linePlot({ id: 'a', title: 'a', ...axes, series: wide, marks: [{ name: 'all', at: [...x] }] }),
    step: stepPlot({ id: 'a', title: 'a', ...axes, series: wide }),
    histogram: histogramPlot({
      id: 'a',
      title: 'a',
      ...axes,
      series: wide.map(({ name }) => ({ name, histogram: new Histogram(bins).add(noise), look: 'points' })),
    }),
    outlines: histogramPlot({
      id: 'a',
      title: 'a',
      ...axes,
      series: wide.map(({ name, y }) => ({ name, histogram: new Histogram(bins).add(y) })),
    }),
    chessboard: heatMapPlot({
      id: 'a',
      title: 'a',
      ...axes,
      grid: { x: cells, y: cells, values: Float64Array.from({ length: 4096 }, (_, i) => 1 + ((i * 7919) % 100)) },
    }),
    bars: barPlot({
      id: 'a',
      title: 'a',
      x: axes.x,
      label: 'input',
      names,
      series: [{ name: 'a', values: [...names.keys()] }],
    }),
    ...examples(count),
  }
  for (const [name, { svg }] of Object.entries(checks)) assert.ok(svg.length < LARGEST, `${name}: ${svg.length} bytes`)
  assert.match(checks.bars.svg, />560 more are not drawn</)
  assert.is(checks.bars.csv.split('\n').length, 602)
  const many = smallMultiples({
    id: 'a',
    title: 'a',
    figures: names.map((title) => (small) => histogramPlot({ ...small, title, ...axes, series: [] })),
  })
  assert.match(many.svg, />576 more are left out</)
})

test('a file of its own has its colours, in light and in dark, without variables', () => {
  const file = standalone(figures.roc!.svg)
  parsed(file)
  assert.not.match(file, /var\(/)
  assert.match(file, /@media screen and \(prefers-color-scheme:dark\)/)
  assert.ok(file.includes(LIGHT.series2!) && file.includes(DARK.series2!))
  assert.not.match(figures.roc!.svg, /<style|style=/)
})

test('the colours of series, texts and frames stand out from the paper', () => {
  for (const theme of [LIGHT, DARK]) {
    for (const [name, colour] of Object.entries(theme)) {
      const least = /ink|muted/.test(name) ? 4.5 : /series/.test(name) ? 3 : 1
      assert.ok(contrast(colour, theme.paper!) >= least, `${name} ${colour}`)
    }
  }
  const shades = Array.from({ length: 7 }, (_, i) => luminance(LIGHT[`count${i + 1}`]!))
  assert.equal(
    shades,
    [...shades].sort((a, b) => b - a),
  )
})

/** As WCAG 2 defines it. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

test('what cannot be drawn is refused', () => {
  const options = { id: 'a', title: 'a', x: { label: 'x' }, y: { label: 'y' } }
  const series = Array.from({ length: 6 }, () => ({ name: 'a', x: [1], y: [1] }))
  assert.throws(
    () => linePlot({ ...options, series }),
    (error: Error) => error.message === 'a: 6 series, but at most 5 can be told apart; draw several figures',
  )
  assert.throws(
    () => linePlot({ ...options, id: 'a b"', series: [] }),
    (error: Error) => error.message === 'id: "a b\\"", expected a letter, then letters, digits, - and _',
  )
  assert.throws(
    () => linePlot({ ...options, width: 20, series: [] }),
    (error: Error) => error.message === 'width: 20, expected 150 to 2000 pixels',
  )
})

test('it runs in a browser, and is small there', async () => {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'toolkit/plots/index.ts')],
    alias: { nndrone: join(root, 'bindings/index.ts') },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
  })
  const size = gzipSync(outputFiles[0]!.contents).length
  assert.ok(size < 40_000, `${size} bytes`)
})

test.run()
