/** Cuts: what was asked for, what passes, and what a drone's file keeps. */
import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Drone } from '../../../bindings/index.ts'
import { compare, openDrone, openEvents, score } from '../../../toolkit/index.ts'
import { cutFor } from '../../../toolkit/jobs/cuts.ts'
import { seeded } from '../../support.ts'
import { Folder } from '../support.ts'

const test = suite('cuts')
const folder = new Folder()
test.after(() => folder.remove())

/** The score is x itself, so that events can be given any score, ties among them; without x there is none. */
const IDENTITY = {
  inputs: [{ name: 'x', offset: 0, scale: 1 }],
  layers: [{ architecture: 'dense', activation: 'linear', weights: [1], bias: [0] }],
  outputs: ['y'],
}

const COUNT = 3000
const random = seeded(5)
/** Scores of 50 values, so that many are alike, and some missing. */
const events = Array.from({ length: COUNT }, () => {
  const x = Math.floor(50 * random.uniform()) / 50
  const label = Number(random.uniform() < x)
  return { x: random.uniform() < 0.02 ? undefined : x, label, answer: x }
})

test.before.each(() => {
  folder.write('drone.json', JSON.stringify(IDENTITY))
  const lines = events.map(({ x, label, answer }) => `${x ?? ''},${label},${answer}`)
  folder.write('events.csv', `x,label,answer\n${lines.join('\n')}\n`)
})

const COMPARE = ['compare', 'drone.json', '--target', 'answer', '--label', 'label', '--events', 'events.csv']

/** The fraction of the signal that passes, and of the background that does not, of all events. */
function shares(passes: readonly number[]): [efficiency: number, rejection: number] {
  const share = (label: number, pass: number) => {
    const chosen = passes.filter((_, n) => events[n]!.label === label)
    return chosen.filter((one) => one === pass).length / chosen.length
  }
  return [share(1, 1), share(0, 0)]
}

const column = (text: string, at: number) =>
  text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => Math.fround(Number(line.split(',')[at])))

for (const [goal, value] of [
  ['efficiency', 0.9],
  ['efficiency', 0.5],
  ['rejection', 0.99],
  ['rejection', 0.5],
] as const) {
  test(`a saved cut does on the same events what it promised, to the event: ${goal} ${value}`, () => {
    const { status, out, err } = folder.run(...COMPARE, `--${goal}`, String(value), '--save-cut', 'tight', '--json')
    assert.is(status, 0, err)
    const { cut } = JSON.parse(out)
    const threshold = Math.fround(cut.threshold)
    assert.is(err, `wrote drone.json, which keeps the cut "tight" now: score ≥ ${Number(threshold.toPrecision(2))}\n`)
    assert.ok(cut[goal] >= value)
    const drone = Drone.from(readFileSync(folder.file('drone.json')))
    assert.equal(drone.cuts.tight, { ...cut, output: 'y' })

    const scored = folder.run('predict', 'drone.json', '--events', 'events.csv', '--cut', 'tight')
    assert.is(scored.status, 0, scored.err)
    assert.match(scored.out, /^y,tight\n/)
    const passes = column(scored.out, 1)
    const [efficiency, rejected] = shares(passes)
    assert.is(efficiency, cut.efficiency)
    assert.is(rejected, cut.rejection)
    // No cut that lies at a score does better.
    const others = [...new Set(column(scored.out, 0))].filter((score) =>
      goal === 'efficiency' ? score > cut.threshold : score < cut.threshold,
    )
    for (const other of others) {
      const [signal, background] = shares(column(scored.out, 0).map((score) => Number(score >= other)))
      assert.ok((goal === 'efficiency' ? signal : background) < value, `${other} would do`)
    }

    for (const [n, { x }] of events.entries()) {
      const own = x !== undefined && drone.passes([x], 'tight')
      assert.is(Number(own), passes[n], `event ${n}`)
      if (x === cut.threshold) assert.is(passes[n], 1, 'a score equal to the cut passes')
      if (x === undefined) assert.is(passes[n], 0, 'an event without a score does not pass')
    }
    assert.match(
      scored.err,
      new RegExp(`${passes.filter(Boolean).length.toLocaleString('en')} of 3,000 events pass the cut "tight"\n`),
    )
  })
}

test('only what passes is written, with what is kept, in every format', async () => {
  folder.run(...COMPARE, '--efficiency', '0.3', '--save-cut', 'a cut')
  const all = folder.run('predict', 'drone.json', '--events', 'events.csv', '--cut', 'a cut', '--keep', 'row,label')
  assert.match(all.out, /^row,label,y,a cut\n/)
  const lines = all.out.trim().split('\n').slice(1)
  const expected = lines.filter((line) => line.endsWith(',1')).map((line) => line.slice(0, -2))
  const only = ['predict', 'drone.json', '--events', 'events.csv', '--cut', 'a cut', '--only-passing']
  assert.is(folder.run(...only, '--keep', 'row,label').out, `row,label,y\n${expected.join('\n')}\n`)
  const { events: count, passed, scores } = JSON.parse(folder.run(...only, '--json').out)
  assert.equal([count, passed, scores.y.length], [COUNT, expected.length, expected.length])
  for (const ending of ['ndjson', 'npy', 'parquet']) {
    const { status, err } = folder.run(...only, '--out', `only.${ending}`)
    assert.is(status, 0, err)
    const read = await openEvents(folder.file(`only.${ending}`))
    let rows = 0
    for await (const piece of read.read(['y'])) rows += piece.rows.length
    assert.is(rows, expected.length, ending)
  }
})

test('a bad record that keeps its place does not pass', () => {
  folder.run(...COMPARE, '--efficiency', '0.5', '--save-cut', 'loose')
  folder.write('bad.csv', 'x\n0.9\nfive\n0.8\n')
  const { out } = folder.run('predict', 'drone.json', '--events', 'bad.csv', '--cut', 'loose', '--on-error', 'null')
  assert.is(out, 'y,loose\n0.9,1\nnan,0\n0.8,1\n')
})

test('a cut of the same name is replaced, and that is told; the rest of the drone stays', () => {
  folder.run(...COMPARE, '--efficiency', '0.9', '--save-cut', 'tight')
  folder.run(...COMPARE, '--efficiency', '0.99', '--save-cut', 'loose')
  const before = JSON.parse(readFileSync(folder.file('drone.json'), 'utf8'))
  const { err } = folder.run(...COMPARE, '--rejection', '0.9', '--save-cut', 'tight')
  const after = JSON.parse(readFileSync(folder.file('drone.json'), 'utf8'))
  const [was, is] = [before, after].map(({ nndrone }) =>
    Number(Math.fround(nndrone.cuts.tight.threshold).toPrecision(2)),
  )
  assert.is(err, `wrote drone.json, which keeps the cut "tight" now: score ≥ ${is}; it was ${was}\n`)
  assert.equal(after.nndrone.cuts.loose, before.nndrone.cuts.loose)
  assert.equal({ ...after, nndrone: 0 }, { ...before, nndrone: 0 })
})

test('what cannot be a cut is refused, and nothing is written', () => {
  const untouched = readFileSync(folder.file('drone.json'), 'utf8')
  const cases: [args: string[], status: number, message: string][] = [
    [
      [...COMPARE.slice(0, 4), '--events', 'events.csv', '--efficiency', '0.9'],
      2,
      '--efficiency needs --label, which tells signal from background',
    ],
    [
      [...COMPARE, '--efficiency', '0.9', '--rejection', '0.9'],
      2,
      '--efficiency cannot be combined with --rejection; a cut has only one of them',
    ],
    [
      [...COMPARE, '--save-cut', 'tight'],
      2,
      '--save-cut needs --efficiency or --rejection, which says where the cut lies',
    ],
    [[...COMPARE, '--rejection', '1'], 2, '--rejection 1: no cut that lets an event pass rejects so much'],
    [
      [...COMPARE, '--efficiency', '1', '--save-cut', 'all'],
      2,
      `--efficiency 1: no cut does this: ${events.filter(({ x }) => x === undefined).length} events of 3000 have no finite score`,
    ],
    [
      ['predict', 'drone.json', '--events', 'events.csv', '--cut', 'tight'],
      2,
      '--cut tight: drone.json has no cut of this name; it has none; --save-cut of compare makes one',
    ],
    [
      ['predict', 'drone.json', '--events', 'events.csv', '--only-passing'],
      2,
      '--only-passing needs --cut, the name of a cut of the drone',
    ],
  ]
  for (const [args, status, message] of cases) {
    const run = folder.run(...args)
    assert.is(run.err, `nndrone: ${message}\n`)
    assert.equal([run.status, run.out], [status, ''])
  }
  assert.is(readFileSync(folder.file('drone.json'), 'utf8'), untouched)

  folder.run(...COMPARE, '--efficiency', '0.9', '--save-cut', 'tight')
  const unknown = folder.run('predict', 'drone.json', '--events', 'events.csv', '--cut', 'tigth')
  assert.is(
    unknown.err,
    'nndrone: --cut tigth: drone.json has no cut of this name (did you mean "tight"?); there are tight\n',
  )
  folder.run(...COMPARE, '--efficiency', '0.9', '--save-cut', 'y')
  const taken = folder.run('predict', 'drone.json', '--events', 'events.csv', '--cut', 'y')
  assert.is(taken.err, 'nndrone: --cut "y": is also the name of a score; save the cut by another name\n')
  folder.write(
    'teacher.mjs',
    'export const inputs = ["x"]\nexport const predictBatch = (events) => Float32Array.from(events)\n',
  )
  const teacher = folder.run('predict', 'teacher.mjs', '--events', 'events.csv', '--cut', 'tight')
  assert.is(teacher.err, 'nndrone: --cut tight: teacher.mjs is no drone, and only a drone keeps cuts\n')
})

test('compare prints the cuts on both scores at each working point, and the one that was asked for', () => {
  const { out } = folder.run(...COMPARE, '--efficiency', '0.8')
  assert.match(
    out,
    /\nbackground rejected at 50 % signal +[\d.]+ % +[\d.]+ %\n {2}where the score is at least +0\.\d+ +0\.\d+\n/,
  )
  assert.match(out, /\ncut: score ≥ 0\.\d+: passes 8\d\.\d{3} % of the signal, rejects [\d.]+ % of the background\n/)
})

test('a program: the same cut, and one that no event reaches', async () => {
  const drone = await openDrone(folder.file('drone.json'))
  const source = () => openEvents(folder.file('events.csv'))
  const { cut, workingPoints } = await compare({
    ...{ drone, target: ['answer'], label: 'label', events: await source(), efficiency: 0.7 },
  })
  assert.equal(
    workingPoints!.map(({ efficiency, threshold }) => [efficiency, threshold.drone === Math.fround(threshold.drone)]),
    [
      [0.5, true],
      [0.9, true],
    ],
  )
  drone.drone.setCut('mine', cut!)
  const scores = await score({ model: drone, events: await source(), cut: 'mine' })
  assert.equal(scores.outputs, ['y', 'mine'])
  const passes: number[] = []
  for await (const { scores: piece } of scores) passes.push(...piece.filter((_, i) => i % 2 === 1))
  assert.is(shares(passes)[0], cut!.efficiency)
  assert.is(scores.passed, passes.filter(Boolean).length)
  const labels = Float64Array.of(1, 0, 1)
  assert.is(cutFor(Float32Array.of(0.5, 0.5, Number.NaN), labels, { efficiency: 0.5 })!.threshold, 0.5)
  assert.throws(
    () => cutFor(Float32Array.of(0.5, 0.5, Number.NaN), labels, { efficiency: 0.6 }),
    (error: Error) => error.message === 'efficiency 0.6: no cut does this: 1 event of 3 has no finite score',
  )
  assert.is(cutFor(Float32Array.of(1, 2, 3), labels, {}), undefined)
})

test('a teacher that has no such cut leaves the drone its own', async () => {
  const lines = events.map(({ x, label }) => `${x ?? ''},${label},1`)
  folder.write('constant.csv', `x,label,answer\n${lines.join('\n')}\n`)
  const drone = await openDrone(folder.file('drone.json'))
  const of = async (name: string) => {
    const source = await openEvents(folder.file(name))
    return compare({ drone, target: ['answer'], label: 'label', events: source, rejection: 0.9 })
  }
  const [both, alone] = [await of('events.csv'), await of('constant.csv')]
  assert.ok(both.cutOfTeacher!.rejection >= 0.9)
  assert.is(alone.cutOfTeacher, undefined)
  assert.equal(alone.cut, both.cut)
  const { status, out, err } = folder.run(...COMPARE.with(-1, 'constant.csv'), '--rejection', '0.9')
  assert.is(status, 0, err)
  assert.match(out, /\ncut: score ≥ /)
  assert.not.match(out, /the teacher's:/)
})

test.run()
