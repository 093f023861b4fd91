/** The other jobs, as a program calls them. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Drone } from '../../../bindings/index.ts'
import {
  compare,
  InputError,
  measureLatency,
  OptionError,
  openDrone,
  openEvents,
  openModel,
  type Progress,
  probe,
  score,
} from '../../../toolkit/index.ts'
import { Folder, someDrone } from '../support.ts'

const test = suite('jobs')
const folder = new Folder()
test.after(() => folder.remove())

let drone: Drone
const rows = Array.from({ length: 100 }, (_, n) => [n / 50, n % 7 ? n / 70 : undefined, n / 90, n % 2])

test.before(() => {
  drone = someDrone(folder)
  folder.write('events.csv', `a,b,c,label\n${rows.map((row) => row.join()).join('\n')}\n`)
})

const events = (...options: Parameters<typeof openEvents> extends [unknown, ...infer Rest] ? Rest : never) =>
  openEvents(folder.file('events.csv'), ...options)

test('score: pieces of scores with what goes along, and a count', async () => {
  const expected = drone.predictBatch(Float64Array.from(rows.flatMap(([a, b, c]) => [a!, b ?? Number.NaN, c!])))
  for (const model of [drone, await openModel(folder.file('drone.json'))]) {
    const seen: Progress[] = []
    const scores = await score({
      model,
      events: await events(),
      keep: ['row', 'label'],
      onProgress: (p) => seen.push(p),
    })
    assert.equal(scores.outputs, drone.outputs)
    assert.equal(
      scores.kept.map(({ name }) => name),
      ['row', 'label'],
    )
    assert.is(scores.count, 0)
    const all: number[] = []
    const kept: (string | undefined)[][] = []
    for await (const piece of scores) {
      all.push(...piece.scores)
      for (const { cells } of piece.kept!) kept.push([...cells])
    }
    assert.equal(Float32Array.from(all), expected)
    assert.equal(kept[3], ['3', '1'])
    assert.is(scores.count, 100)
    assert.equal(seen.at(-1)!.stage, 'scoring')
    assert.is(seen.at(-1)!.done, seen.at(-1)!.total)
  }
})

test('score: some of the events, and bad records that keep their place', async () => {
  const some = await score({
    model: drone,
    events: await events({ where: 'c > 0.5', skip: 10, limit: 60, missing: [-1] }),
  })
  let count = 0
  for await (const { scores } of some) count += scores.length
  assert.is(count, rows.slice(10, 70).filter(([, , c]) => c! > 0.5).length)
  folder.write('bad.csv', 'a,b,c\n1,2,3\n1,x,3\n4,5,6\n')
  const bad: number[] = []
  const onFault = ({ row }: { row: number }) => bad.push(row) > 0
  const source = await openEvents(folder.file('bad.csv'), { onFault })
  const all: number[] = []
  for await (const { scores } of await score({ model: drone, events: source })) all.push(...scores)
  assert.equal(bad, [1])
  assert.equal(all.map(Number.isFinite), [true, false, true])
})

test('score: the signal ends it with its reason', async () => {
  const stop = new AbortController()
  stop.abort(new Error('enough'))
  const scores = await score({ model: drone, events: await events(), signal: stop.signal })
  try {
    for await (const _ of scores) assert.unreachable()
    assert.unreachable()
  } catch (error) {
    assert.is((error as Error).message, 'enough')
  }
})

test('compare: a drone with itself, and with recorded answers', async () => {
  const teacher = await openDrone(folder.file('drone.json'))
  const alike = await compare({ drone, teacher, events: await events(), label: 'label' })
  assert.equal([alike.mse, alike.maxError, alike.events, alike.unscored], [0, 0, 100, 0])
  assert.is(alike.auc!.drone, alike.auc!.teacher)
  const recorded = await compare({ drone, target: ['label'], events: await events() })
  assert.ok(recorded.mse > 0.01)
})

test('probe: in ranges, and like events', async () => {
  const { features, events: made } = await probe({ range: { a: [0, 1], b: [5, 6] }, count: 50 })
  assert.equal(features, ['a', 'b'])
  assert.is(made.length, 100)
  assert.ok(made.every((value, i) => value >= [0, 5][i % 2]! && value <= [1, 6][i % 2]!))
  const like = await probe({ like: await events(), features: ['a', 'c'], count: 30 })
  assert.is(like.events.length, 60)
})

test('measureLatency: the drone, and a teacher beside it', async () => {
  const { clock, models, ratio } = await measureLatency({ drone, teacher: drone, duration: 5 })
  assert.ok(clock > 0)
  assert.equal(
    models.map(({ name }) => name),
    ['the drone', 'the drone'],
  )
  assert.ok(models[0]!.one.median > 0 && models[0]!.single.p50 <= models[0]!.single.largest)
  assert.ok(ratio!.one > 0)
})

test('messages name files, columns and options, not flags', async () => {
  const cases: [() => Promise<unknown>, new (...words: never[]) => Error, string][] = [
    [
      async () => openEvents(folder.file('events.csv'), { where: 'pt' }),
      OptionError,
      'where "pt": expected a comparison such as pt > 2',
    ],
    [
      async () => compare({ drone, target: ['lable'], events: await events() }),
      InputError,
      `${folder.file('events.csv')}: no column "lable" (did you mean "label"?); there are a, b, c, label`,
    ],
    [
      async () => score({ model: drone, events: await events(), scaleFrom: 'all' }),
      OptionError,
      'scaleFrom: the drone knows by itself how events are standardised',
    ],
    [
      async () => score({ model: drone, events: await events(), features: ['a'] }),
      OptionError,
      'features: 1 name, but the drone has 3 inputs (a, b, c)',
    ],
    [async () => probe({}), InputError, 'the probes need either events with `like`, or ranges with `range`'],
    [
      async () => compare({ drone, events: await events() }),
      InputError,
      'no teacher given; name one, or a column of recorded answers with `target`',
    ],
  ]
  for (const [call, type, message] of cases) {
    await call().then(
      () => assert.unreachable(message),
      (error) => {
        assert.instance(error, type)
        assert.is(error.message, message)
      },
    )
  }
})

test.run()
