import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { FEATURES, readDecays } from '../../bench/bdecay.ts'
import { distill, fidelity, Random, standardised, statistics, type Teacher } from '../../bindings/index.ts'
import { scaledTeacher } from '../../toolkit/jobs/scaling.ts'
import { readKeras } from '../../toolkit/models/read/keras/index.ts'
import { METHODS, probesLike } from '../../toolkit/probe/index.ts'
import { seeded, withData } from '../support.ts'
import { Folder } from './support.ts'

const test = suite('probe')
const folder = new Folder()
test.after(() => folder.remove())

const COUNT = 2000
const NAMES = ['a', 'b', 'c']
const random = seeded(11)

/** Three features: one that follows another, and one that never changes. */
const events = new Float64Array(3 * COUNT)
for (let n = 0; n < COUNT; n++) {
  const a = 10 * random.uniform()
  events.set([a, 2 * a + random.uniform(), 7], 3 * n)
}

function column(values: Float64Array, i: number): Float64Array {
  return values.filter((_, at) => at % 3 === i)
}

function correlation(a: Float64Array, b: Float64Array): number {
  const mean = (x: Float64Array) => x.reduce((sum, value) => sum + value, 0) / x.length
  const [ma, mb] = [mean(a), mean(b)]
  const of = (x: Float64Array, mx: number, y: Float64Array, my: number) =>
    x.reduce((sum, value, n) => sum + (value - mx) * (y[n]! - my), 0)
  return of(a, ma, b, mb) / Math.sqrt(of(a, ma, a, ma) * of(b, mb, b, mb))
}

test('every method makes as many as asked, finite, of the same seed the same, of another others', async () => {
  for (const method of METHODS) {
    const { events: made } = await probesLike(events, NAMES, { method, count: 777, seed: 3 })
    assert.is(made.length, 3 * 777, method)
    assert.ok(made.every(Number.isFinite), method)
    assert.equal((await probesLike(events, NAMES, { method, count: 777, seed: 3 })).events, made)
    assert.not.equal((await probesLike(events, NAMES, { method, count: 777, seed: 4 })).events, made)
  }
})

test('what is like the events keeps what belongs together, and has the spread that is promised', async () => {
  const [, deviation] = (await statistics(events, 3)).map((input) => input.deviation)
  for (const [method, wider] of [
    // Of 2,000 events.
    ['resample', Math.sqrt(1 + 0.05 * Math.sqrt(5))],
    ['munge', 1],
  ] as const) {
    const { events: made } = await probesLike(events, NAMES, { method, count: 20_000, seed: 1 })
    assert.ok(
      column(made, 2).every((value) => value === 7),
      `${method}: a constant stays`,
    )
    const follows = correlation(column(made, 0), column(made, 1))
    assert.ok(follows > 0.98, `${method}: correlation ${follows}`)
    const spread = (await statistics(made, 3))[1]!.deviation / deviation!
    assert.ok(Math.abs(spread / wider - 1) < 0.03, `${method}: ${spread} times as wide, expected ${wider}`)
  }
})

test('what is missing stays missing, and does not spoil the rest', async () => {
  const holes = events.map((value, at) => (at % 30 === 0 ? Number.NaN : value))
  const { events: made } = await probesLike(holes, NAMES, { method: 'resample', count: 5000, seed: 1 })
  const missing = column(made, 0).filter(Number.isNaN).length
  assert.ok(missing > 350 && missing < 650, `${missing} of 5000 missing`)
  assert.ok(column(made, 1).every(Number.isFinite))
})

test('munge: all kinds show, though the file holds them one after the other', async () => {
  const kinds = Float64Array.from({ length: 12_000 }, (_, n) => (n < 6000 ? random.uniform() : 5 + random.uniform()))
  const { events: made } = await probesLike(kinds, ['a'], { method: 'munge', count: 1000, seed: 1 })
  const second = made.filter((value) => value > 3).length
  assert.ok(second > 400 && second < 600, `${second} of 1000 are of the second kind`)
})

test('boxes: values in their range, spread as the name says', async () => {
  const ranges = (await statistics(events, 3)).map(({ min, max }) => [min, max] as const)
  for (const method of ['uniform', 'latin-hypercube'] as const) {
    const { events: made } = await probesLike(events, NAMES, { method, count: 1000, seed: 2 })
    for (const [i, [least, greatest]] of ranges.entries()) {
      assert.ok(
        column(made, i).every((value) => value >= least && value <= greatest),
        method,
      )
    }
    assert.ok(Math.abs(correlation(column(made, 0), column(made, 1))) < 0.15, method)
  }
  const cube = column((await probesLike(events, NAMES, { method: 'latin-hypercube', count: 1000, seed: 2 })).events, 0)
  const [least, greatest] = ranges[0]!
  const strips = new Set(cube.map((value) => Math.floor(((value - least) / (greatest - least)) * 1000)))
  assert.ok(strips.size >= 998, `one value in each strip but for rounding, not ${strips.size} of 1000`)
  const [bell] = await statistics(
    (await probesLike(events, NAMES, { method: 'normal', count: 20_000, seed: 2 })).events,
    3,
  )
  assert.ok(Math.abs(bell!.deviation / ((greatest - least) / 4) - 1) < 0.03)
})

test('the command makes events of a file, or in ranges', () => {
  folder.write('real.csv', `pt,eta,label\n${Array.from({ length: 50 }, (_, n) => `${n},${n % 7},1`).join('\n')}\n`)
  const like = folder.run('probe', '--like', 'real.csv', '--features', 'eta,pt', '--count', '5', '--out', 'probes.csv')
  assert.is(like.status, 0, like.err)
  const lines = readFileSync(folder.file('probes.csv'), 'utf8').trimEnd().split('\n')
  assert.is(lines.length, 6)
  assert.is(lines[0], 'eta,pt')
  const box = folder.run('probe', '--range', 'pt=0:50', '--range', 'eta=-1:6', '--count', '3')
  assert.match(box.out, /^pt,eta\n([-\d.e]+,[-\d.e]+\n){3}$/)
  for (const [args, message] of [
    [['probe'], /^nndrone: the probes need either events with --like, or ranges with --range\n$/],
    [['probe', '--range', 'pt=5:1'], /Expected NAME=FROM:TO/],
    [['probe', '--range', 'pt=0:1', '--range', 'pt=0:2'], /"pt" has a range already/],
    [
      ['probe', '--range', 'pt=0:1', '--method', 'munge'],
      /^nndrone: --method munge: needs events that the probes are to be like\n$/,
    ],
    [['probe', '--range', 'pt=0:1', '--features', 'pt,eta'], /^nndrone: --range: no range for the feature "eta"\n$/],
    [
      ['distill', '--target', 'a', '--events', 'real.csv', '--probe', '9'],
      /^nndrone: --probe cannot be combined with --target; name a teacher that can be asked about new events\n$/,
    ],
    [['distill', 'x.json', '--probe', '9'], /^nndrone: no events given; name them with --events/],
  ] as const) {
    const { status, err } = folder.run(...args)
    assert.is(status, 2, args.join(' '))
    assert.match(err, message)
  }
})

withData(
  test,
  'with 500 real events and probes a drone is nearly as good as with 10,000',
  'bdecay/teacher.h5',
  async (path) => {
    const decays = readDecays(join(dirname(path), 'events.csv'))
    const scale = (await statistics(decays.events, 6, decays.labels)).map(standardised)
    const teacher = scaledTeacher(await readKeras({ path, bytes: readFileSync(path) }), scale)
    const order = Uint32Array.from({ length: decays.count }, (_, n) => n)
    new Random(5).shuffle(order)
    const real = (count: number) => {
      const rows = new Float64Array(6 * count)
      for (let k = 0; k < count; k++) rows.set(decays.events.subarray(6 * order[k]!, 6 * order[k]! + 6), 6 * k)
      return rows
    }
    const few = real(500)
    const { events: probes } = await probesLike(few, FEATURES, { method: 'resample', count: 9500, seed: 1 })
    const learnt = Float64Array.from([...few, ...probes])
    const [many, alone, probed] = [
      await errorOn(order.subarray(10_000), await drone(teacher, real(10_000)), teacher, decays.events),
      await errorOn(order.subarray(500), await drone(teacher, few), teacher, decays.events),
      await errorOn(order.subarray(500), await drone(teacher, learnt), teacher, decays.events),
    ]
    assert.ok(probed <= 2 * many, `MSE ${probed} with probes, ${many} with 10,000 events`)
    assert.ok(probed < 0.6 * alone, `MSE ${probed} with probes, ${alone} without`)
  },
)

async function drone(teacher: Teacher, events: Float64Array) {
  const inputs = Array.from({ length: 6 }, (_, i) => `x${i}`)
  // As many steps for the few events as for the many.
  const epochs = (400 * 60_000) / events.length
  return (await distill({ events, inputs, targets: await teacher.predictBatch(events), epochs, seed: 1 })).drone
}

async function errorOn(rows: Uint32Array, drone: Teacher, teacher: Teacher, events: Float64Array): Promise<number> {
  const chosen = new Float64Array(rows.length * 6)
  for (const [k, n] of rows.entries()) chosen.set(events.subarray(6 * n, 6 * n + 6), 6 * k)
  return fidelity(await drone.predictBatch(chosen), await teacher.predictBatch(chosen)).mse
}

test.run()
