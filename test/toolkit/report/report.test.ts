/** Reports of drones of every kind: what a page says, and what it says is missing. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { report } from '../../../toolkit/jobs/report/index.ts'
import type { ReportOptions } from '../../../toolkit/jobs/report/options.ts'
import { reportFiles } from '../../../toolkit/report/index.ts'
import { all, area, parsed, withClass } from '../plots/support.ts'
import { droneOf, eventsOf, labelled, sigmoid, teacherOf } from './support.ts'

const test = suite('report pages')

const NAMES = ['a', 'b']
const COLUMNS = ['a', 'b', 'label']
const training = {
  ...{ preset: 'paper', seed: 3, epochs: 6, events: 100, stopped: 'finished' },
  loss: [0.1, 0.08, 0.07, 0.02, 0.019, 0.01],
  change: [0.25, 0.14, 2.5, 0.05, 0.9],
  growths: [2, 4],
}
const domain = { a: [-2, 2], b: [-2, 2] }
const even = Array.from({ length: 21 }, (_, k) => k / 5 - 2)
const quantiles = { events: 1000, inputs: { a: even, b: even }, outputs: {} }
const drone = droneOf({ inputs: NAMES, nndrone: { version: 1, arithmetic: 1, domain, training, quantiles } })
const teacher = teacherOf(NAMES, ([a, b]) => sigmoid(3 * (a! + b!)))
const rows = labelled(5000)

async function filesOf(options: Partial<ReportOptions> = {}) {
  const made = await report({ drone, events: eventsOf(COLUMNS, rows), times: false, ...options })
  return { made, ...reportFiles(made) }
}

/** What every page has to be. */
function checkPage(html: string): void {
  assert.is(/.{0,80}(undefined|NaN|\[object|Infinity).{0,80}/.exec(html)?.[0], undefined)
  assert.not.match(html, /<script|\son\w+=|\sstyle=/i)
  assert.ok(Buffer.byteLength(html) <= 600_000, `${Buffer.byteLength(html)} bytes`)
  const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map((match) => match[1]!)
  assert.is(new Set(ids).size, ids.length)
  for (const [svg] of html.matchAll(/<figure><svg[\s\S]*?<\/svg><figcaption>/g)) {
    parsed(svg.replace(/^<figure>|<figcaption>$/g, ''))
  }
}

const sections = (html: string) => [...html.matchAll(/<h2 id="([^"]+)"/g)].map((match) => match[1])
/** Of what can be known without measuring times. */
function whatIsMissing(html: string): string[] {
  const notes = [...html.matchAll(/<p class="missing">(.*?)<\/p>/g)].map((match) => match[1]!.replace(/<\/?code>/g, ''))
  return notes.filter((note) => !/^The (time|latency)/.test(note))
}

const SECTIONS = [
  'card',
  'inputs',
  'training',
  'discrimination',
  'size',
  'fidelity',
  'cuts',
  'trust',
  'drift',
  'latency',
]

const whole = await filesOf({ teacher, label: 'label', times: true })

test('with teacher and labels nothing is missing, and each figure is a file too', () => {
  checkPage(whole.html)
  assert.equal(sections(whole.html), SECTIONS)
  assert.equal(whatIsMissing(whole.html), [])
  assert.match(
    whole.html,
    /5,?000 events compared with 1,?000 of the training\. Drifted: a PSI above 0\.1 and above what/,
  )
  assert.match(whole.html, /<th scope="row">a<\/th>(<td[^>]*>[\d.e-]+<\/td>){2}<td>0 %<\/td><td>0 %<\/td>/)
  assert.equal(
    whole.figures.map(({ name }) => name),
    [
      ...['inputs-1', 'loss', 'change', 'roc', 'reliability', 'response-1', 'scatter-1', 'residuals-1'],
      ...['residuals-by-score-1', 'residuals-by-input-1', 'cut-1-signal-1', 'cut-1-background-1'],
      ...['cut-2-signal-1', 'cut-2-background-1', 'importance', 'latency-calls'],
    ],
  )
  for (const { svg, csv } of whole.figures) {
    parsed(svg)
    assert.ok(csv.trimEnd().split('\n').length > 1)
  }
  assert.ok(whole.html.includes('drone.json, its teacher teacher.h5, and 5000 events of events.csv (2'))
  assert.not.match(whole.html, /\/somewhere|\/elsewhere|\/data/)
})

const csvOf = (files: typeof whole, name: string) => {
  const [, ...lines] = files.figures
    .find((figure) => figure.name === name)!
    .csv.trimEnd()
    .split('\n')
  return lines.map((line) => line.split(','))
}

test('the area under the drawn curve is the exact one', () => {
  for (const [name, side] of Object.entries(whole.made.roc!)) {
    const points = csvOf(whole, 'roc').filter(([series]) => series === name)
    let sum = 0
    let [efficiency, rejection] = [0, 1]
    for (const [, , x, y] of points) {
      sum += ((Number(x) - efficiency) * (Number(y) + rejection)) / 2
      ;[efficiency, rejection] = [Number(x), Number(y)]
    }
    assert.ok(Math.abs(sum - side!.auc) < 1e-4, `${name}: ${sum}, exactly ${side!.auc}`)
    assert.ok(whole.html.includes(`${name}, AUC ${side!.auc.toFixed(4)}`))
  }
})

test('the counts in the files of histograms are the events', () => {
  // From the end: names may have commas in them.
  const counted = (name: string) => csvOf(whole, name).reduce((sum, row) => sum + Number(row.at(-3)), 0)
  assert.is(counted('residuals-1'), 5000)
  assert.is(counted('response-1'), 2 * 5000)
  assert.is(counted('inputs-1'), 2 * 5000)
})

test('growths stand at their epochs', () => {
  for (const name of ['loss', 'change']) {
    const growths = csvOf(whole, name).filter(([series]) => series === 'a unit added')
    assert.equal(
      growths.map(([, epoch]) => Number(epoch)),
      [2, 4],
    )
    const svg = parsed(whole.figures.find((figure) => figure.name === name)!.svg)
    const { width } = area(svg)
    const first = name === 'loss' ? 1 : 2
    const places = [2, 4].map((epoch) => ((epoch - first) / (6 - first)) * width)
    // The first one stands in the legend.
    const [, path] = withClass(svg, 'mark').map(({ attributes }) => attributes.d!)
    const drawn = [...path!.matchAll(/M([\d.]+) 0V/g)].map((match) => Number(match[1]))
    assert.is(drawn.length, 2)
    for (const [i, place] of places.entries()) assert.ok(Math.abs(drawn[i]! - place) < 0.02, `${drawn}, not ${places}`)
  }
})

test('the same events give the same bytes; only times differ', async () => {
  const [one, other] = [await filesOf({ teacher, label: 'label' }), await filesOf({ teacher, label: 'label' })]
  assert.is(one.html, other.html)
  assert.equal(one.figures, other.figures)
  for (const what of ['The time of an event', 'The latency']) {
    assert.ok(one.html.includes(`${what} is left out; to see it, make the report without <code>--no-times</code>.`))
    assert.not.ok(whole.html.includes(`${what} is left out`))
  }
})

test('without a teacher and labels the page says how to get what is missing', async () => {
  const { html } = await filesOf()
  checkPage(html)
  assert.equal(sections(html), SECTIONS)
  assert.equal(whatIsMissing(html), [
    'Signal beside background is left out; to see it, name the column that tells them apart: --label COLUMN.',
    'The curve of signal efficiency and background rejection is left out; to see it, name the column of labels: --label COLUMN.',
    'The teacher&#39;s size and time is left out; to see it, name the teacher itself: nndrone report DRONE TEACHER.',
    'The comparison with the teacher is left out; to see it, name the teacher, nndrone report DRONE TEACHER, or the column of its answers: --target COLUMN.',
    'The efficiency of cuts is left out; to see it, name the column of labels: --label COLUMN.',
  ])
})

test('a drone that knows nothing of its training', async () => {
  const { html } = await filesOf({ drone: droneOf({ inputs: NAMES }), teacher, label: 'label' })
  checkPage(html)
  assert.equal(whatIsMissing(html), [
    'The training is left out; to see it, make the report of a drone that nndrone distill has trained.',
    'Events outside of the training is left out; to see it, make the report of a drone that keeps the ranges of its inputs.',
    'The drift is left out; to see it, make the report of a drone that keeps quantiles of its training.',
  ])
})

test('a training that somebody made up', async () => {
  const nndrone = {
    ...{ version: 1, arithmetic: 1, teacher: 7, fidelity: [], domain: { a: 'wide', b: [1] } },
    training: { loss: ['a', null, -1, 0, '1e9'], change: {}, growths: [1e9, -4], prunings: 'no', seed: { a: 1 } },
  }
  const { html } = await filesOf({ drone: droneOf({ inputs: NAMES, nndrone }), teacher, label: 'label' })
  checkPage(html)
})

for (const [label, kinds, lacking] of [
  [1, 'signal', 'background'],
  [0, 'background', 'signal'],
] as const) {
  test(`${kinds} alone`, async () => {
    const events = eventsOf(
      COLUMNS,
      rows.filter((row) => row[2] === label),
    )
    const { html } = await filesOf({ teacher, label: 'label', events })
    checkPage(html)
    assert.equal(whatIsMissing(html), [
      `The curve of signal efficiency and background rejection is left out; to see it, give events of both kinds: all of these are ${kinds}, and there is no ${lacking} among them.`,
      'The efficiency of cuts is left out; to see it, give events of both signal and background.',
    ])
  })
}

test('one event, with and without a teacher and a label', async () => {
  for (const options of [{}, { teacher }, { teacher, label: 'label' }, { label: 'label' }]) {
    const { html } = await filesOf({ events: eventsOf(COLUMNS, [[0.5, 0.25, 1]]), ...options })
    checkPage(html)
    assert.ok(html.includes(' 1 event of events.csv'))
  }
})

test('scores that are all the same, from both', async () => {
  const constant = droneOf({ inputs: NAMES })
  const dead = eventsOf(
    COLUMNS,
    rows.map(([, , label]) => [1, 1, label!]),
  )
  const same = teacherOf(NAMES, () => 0.5)
  const { html, made } = await filesOf({ drone: constant, teacher: same, label: 'label', events: dead })
  checkPage(html)
  assert.is(made.roc!.drone.auc, 0.5)
})

test('values that are missing or infinite are said to be so', async () => {
  const spoilt = rows.map(([a, b, label], n) => [n % 10 === 0 ? Number.NaN : n % 10 === 1 ? Infinity : a!, b!, label!])
  const { html, made } = await filesOf({ teacher, label: 'label', events: eventsOf(COLUMNS, spoilt) })
  checkPage(html)
  assert.is(made.events.unscored, 1000)
  assert.is(made.fidelity!.events, 4000)
  assert.match(html, /To 1000 of them drone or teacher has no score, because a value is missing/)
  const defaults = await filesOf({
    drone: droneOf({ inputs: NAMES, defaults: true }),
    events: eventsOf(COLUMNS, spoilt),
  })
  checkPage(defaults.html)
  assert.is(defaults.made.events.unscored, 0)
})

test('values of any size', async () => {
  for (const size of [1e308, 1e-308, 5e-324, 1e300]) {
    const huge = rows.slice(0, 500).map(([a, b, label]) => [a! * size, b!, label!])
    const { html } = await filesOf({ teacher, label: 'label', events: eventsOf(COLUMNS, huge) })
    checkPage(html)
  }
})

test('linear scores of any range', async () => {
  const linear = teacherOf(NAMES, ([a, b]) => 100 * (a! + b!))
  const { html, made } = await filesOf({ teacher: linear, label: 'label' })
  checkPage(html)
  assert.is(made.reliability, undefined)
})

test('several outputs', async () => {
  const several = droneOf({ inputs: NAMES, outputs: 6 })
  const six = teacherOf(NAMES, ([a]) => Array.from({ length: 6 }, (_, o) => sigmoid(a! - o)), 6)
  const { html, figures } = await filesOf({ drone: several, teacher: six })
  checkPage(html)
  assert.equal(
    figures.map(({ name }) => name).filter((name) => name.startsWith('scatter')),
    ['scatter-1', 'scatter-2', 'scatter-3', 'scatter-4'],
  )
})

test('600 inputs with long names: a small page of those that matter', async () => {
  const names = Array.from({ length: 600 }, (_, i) => `${i} ${'a long name of an input '.repeat(20)}`)
  const wide = droneOf({ inputs: names, nndrone: { version: 1, arithmetic: 1, training } })
  const many = Array.from({ length: 60 }, (_, n) => [...names.map((_, i) => Math.sin(n * (i + 1))), n % 2])
  const alike = teacherOf(names, ([a]) => sigmoid(a!))
  const events = eventsOf([...names, 'label'], many)
  const { html } = await filesOf({ drone: wide, teacher: alike, label: 'label', events })
  checkPage(html)
  assert.match(html, /Of 600 inputs, the 24 that matter most are drawn\./)
})

const NASTY = ['<script>alert(1)</script>', '质量 "GeV" & \u202emore\u0000']

test('names that would break a page are text in it', async () => {
  const named = droneOf({
    inputs: NASTY,
    name: '<b>无人机</b>.json',
    nndrone: { version: 1, arithmetic: 1, training: { ...training, preset: NASTY[0] } },
  })
  const alike = teacherOf(NASTY, ([a]) => sigmoid(a!))
  const events = eventsOf([...NASTY, '<i>'], rows)
  const { html, figures } = await filesOf({ drone: named, teacher: alike, events, label: '<i>' })
  checkPage(html)
  assert.not.match(html, /<script|<b>|<i>/)
  assert.ok(html.includes('&lt;script&gt;alert(1)&lt;/script&gt;') && html.includes('质量'))
  for (const { svg } of figures) assert.is(all(parsed(svg), ({ name }) => name === 'script').length, 0)
})

test('a page of many events is no larger than one of few', async () => {
  const many = Array.from({ length: 20 }, (_, i) => labelled(5000, i)).flat()
  const few = await filesOf({ teacher, label: 'label' })
  const { html } = await filesOf({ teacher, label: 'label', events: eventsOf(COLUMNS, many) })
  checkPage(html)
  assert.ok(html.length < 1.3 * few.html.length, `${html.length}, ${few.html.length}`)
})

test.run()
