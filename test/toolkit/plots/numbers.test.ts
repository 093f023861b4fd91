/** Figures by their numbers: what is drawn is where the data are. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  Bins,
  barPlot,
  Grid,
  Histogram,
  heatMapPlot,
  histogramPlot,
  linePlot,
  rocCurve,
  rocPlot,
} from '../../../toolkit/plots/index.ts'
import { events, GROWTHS } from './examples.ts'
import { area, boxes, corners, parsed, withClass } from './support.ts'

const test = suite('figures by their numbers')

function near(actual: number, expected: number, tolerance = 0.006): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual}, expected ${expected}`)
}

test('the area under the drawn ROC is the exact AUC', () => {
  for (const [count, seed] of [
    [50, 1],
    [1000, 2],
    [100_000, 3],
  ] as const) {
    const { teacher, drone, labels } = events(count, seed)
    const curves = [
      { name: 'teacher', ...rocCurve(teacher, labels) },
      { name: 'drone', ...rocCurve(drone, labels) },
    ]
    const svg = parsed(rocPlot({ id: 'roc', title: 'ROC', curves }).svg)
    const { width, height } = area(svg)
    for (const [i, { auc }] of curves.entries()) {
      const lines = withClass(svg, 'line').filter(({ attributes }) => attributes.class === `line s${i + 1} d${i + 1}`)
      // The first is in the legend.
      const path = corners(lines[1]!.attributes.d!)
      let under = 0
      for (let k = 1; k < path.length; k++) {
        const [before, here] = [path[k - 1]!, path[k]!]
        under += ((here[0] - before[0]) / width) * (1 - (before[1] + here[1]) / 2 / height)
      }
      near(under, auc, 1e-4)
    }
  }
})

test('equal curves have a ratio of 1, and the axis is centred on it', () => {
  const { teacher, labels } = events(1000, 1)
  const curve = rocCurve(teacher, labels)
  const svg = parsed(rocPlot({ id: 'roc', title: 'ROC', curves: ['a', 'b'].map((name) => ({ name, ...curve })) }).svg)
  const height = Number(withClass(svg, 'frame')[1]!.attributes.height)
  const ratio = corners(withClass(svg, 's2').at(-1)!.attributes.d!)
  assert.ok(ratio.length > 50)
  for (const [, y] of ratio) near(y, height / 2)
})

test('marks stand at the growths', () => {
  const epochs = Array.from({ length: 300 }, (_, i) => i + 1)
  const svg = parsed(
    linePlot({
      id: 'loss',
      title: 'Loss',
      x: { label: 'epoch' },
      y: { label: 'loss', scale: 'log' },
      series: [{ name: 'loss', x: epochs, y: epochs.map((epoch) => 1 / epoch) }],
      marks: [{ name: 'growth', at: GROWTHS }],
    }).svg,
  )
  const { width, height } = area(svg)
  const drawn = corners(withClass(svg, 'mark').at(-1)!.attributes.d!)
  assert.is(drawn.length, 2 * GROWTHS.length)
  for (const [i, growth] of GROWTHS.entries()) {
    near(drawn[2 * i]![0], ((growth - 1) / 299) * width)
    near(drawn[2 * i + 1]![1], height)
  }
  // From 1 to 1/300 on an axis of three decades.
  const line = corners(withClass(svg, 'line').at(-1)!.attributes.d!)
  assert.is(line.length, 300)
  for (const [i, [x, y]] of line.entries()) {
    near(x, (i / 299) * width)
    near(y, (Math.log10(i + 1) / 3) * height)
  }
})

test('a long line keeps its highest and its lowest point', () => {
  const count = 100_000
  const y = Float64Array.from({ length: count }, (_, i) => (i === 54_321 ? 9 : i === 12_345 ? -9 : (i % 7) / 7))
  const { csv } = linePlot({
    id: 'a',
    title: 'a',
    x: { label: 'x' },
    y: { label: 'y' },
    series: [{ name: 'a', x: y.map((_, i) => i), y }],
  })
  assert.match(csv, /^a,54321,9$/m)
  assert.match(csv, /^a,12345,-9$/m)
  assert.ok(csv.split('\n').length < 803)
})

test('ticks of whole numbers are whole', () => {
  const series = [{ name: 'a', x: [1, 2, 3], y: [1, 1, 2] }]
  const axes = (whole: boolean) => ({ x: { label: 'epoch', whole }, y: { label: 'units', whole } })
  const texts = (whole: boolean) => {
    const { svg } = linePlot({ id: 'a', title: 'a', ...axes(whole), series })
    return boxes(parsed(svg)).map(({ text }) => text)
  }
  assert.ok(texts(false).includes('1.5'))
  assert.equal(
    texts(true).filter((text) => /\d/.test(text)),
    ['1', '2', '3', '1', '2'],
  )
})

test('a line is broken where there is no value', () => {
  const y = [1, 2, Number.NaN, 4, 5]
  const series = [{ name: 'a', x: [1, 2, 3, 4, 5], y }]
  const { svg } = linePlot({ id: 'a', title: 'a', x: { label: 'x' }, y: { label: 'y' }, series })
  const path = withClass(parsed(svg), 'line').at(-1)!.attributes.d!
  assert.is(path.match(/M/g)!.length, 2)
})

test('heights of a histogram are its counts', () => {
  const values = [0.1, 0.1, 0.1, 0.6, 0.9, 1, 2, -1, Number.NaN]
  const histogram = new Histogram(new Bins(0, 1, 4)).add(values)
  const { svg, csv } = histogramPlot({ id: 'h', title: 'h', x: { label: 'x' }, series: [{ name: 'a', histogram }] })
  const drawn = parsed(svg)
  const { width, height } = area(drawn)
  const path = corners(withClass(drawn, 'area').at(-1)!.attributes.d!)
  const top = (3 + Math.sqrt(3)) * 1.05
  for (const [i, count] of [3, 0, 1, 2].entries()) {
    const level = height * (1 - count / top)
    const on = path.filter(([, y]) => Math.abs(y - level) < 0.01).map(([x]) => x)
    near(Math.min(...on.filter((x) => x >= (i / 4) * width - 0.1)), (i / 4) * width)
  }
  assert.ok(boxes(drawn).some(({ text }) => text === 'not drawn: a 1 below, 1 above, 1 not a number'))
  assert.equal(csv.split('\n').slice(1, -1), [
    'a,-Infinity,0,1,,',
    `a,0,0.25,3,,${Math.sqrt(3)}`,
    'a,0.25,0.5,0,,0',
    'a,0.5,0.75,1,,1',
    `a,0.75,1,2,,${Math.SQRT2}`,
    'a,1,Infinity,1,,',
    'a,,,1,,',
  ])
})

test('cells of a heat map stand in their rows and columns', () => {
  const bins = new Bins(0, 4, 4)
  const grid = new Grid(bins, bins).add([0.5, 1.5, 3.5], [0.5, 0.5, 3.5])
  const { svg, csv } = heatMapPlot({ id: 'h', title: 'h', x: { label: 'x' }, y: { label: 'y' }, grid })
  const shades = withClass(parsed(svg), 'shades')[0]!
  assert.equal(
    shades.children.map(({ attributes }) => attributes.d),
    ['M0 0h2M3 3h1'],
  )
  assert.is(csv, 'x from,x to,y from,y to,events\n0,1,0,1,1\n1,2,0,1,1\n3,4,3,4,1\n')
})

test('bars are as long as their values', () => {
  const { svg } = barPlot({
    id: 'b',
    title: 'b',
    x: { label: 'x' },
    label: 'y',
    names: ['p', 'q', 'r'],
    series: [{ name: 'a', values: [1, -1, Number.NaN] }],
  })
  const drawn = parsed(svg)
  const { width } = area(drawn)
  const bars = withClass(drawn, 'f1').at(-1)!.attributes.d!
  const ends = [...bars.matchAll(/M([\d.]+) [\d.]+H([\d.]+)/g)].map(([, from, to]) => [Number(from), Number(to)])
  assert.is(ends.length, 2)
  near(ends[0]![0]!, width / 2)
  near(ends[0]![1]!, width)
  near(ends[1]![1]!, 0)
})

test.run()
