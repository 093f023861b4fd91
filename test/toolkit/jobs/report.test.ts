/** What a report of a drone counts: checked against the events themselves. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { auc, fidelity } from '../../../bindings/index.ts'
import { report } from '../../../toolkit/jobs/report/index.ts'
import { droneOf, eventsOf, labelled, sigmoid, teacherOf } from '../report/support.ts'

const test = suite('report of a drone')

const NAMES = ['a', 'b']
const COLUMNS = ['a', 'b', 'label']
const domain = { a: [-1.5, 1.5], b: [-9, 9] }
const drone = droneOf({ inputs: NAMES, nndrone: { version: 1, arithmetic: 1, domain } })
const teacher = teacherOf(NAMES, ([a, b]) => sigmoid(3 * (a! + b!)))

const rows = labelled(10_000)
const events = Float64Array.from(rows.flatMap(([a, b]) => [a!, b!]))
const labels = Float64Array.from(rows, (row) => row[2]!)
const scores = drone.predictBatch(events)
const answers = await teacher.predictBatch(events)

const made = await report({ drone, teacher, events: eventsOf(COLUMNS, rows), label: 'label', times: false })

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0)

test('every event is counted once: by each input, by score, and by both scores', () => {
  assert.equal(made.events, { name: 'events.csv', count: 10_000, unscored: 0 })
  const signal = sum(labels)
  assert.equal(made.labels, { column: 'label', signal, background: 10_000 - signal })
  for (const { histograms } of made.inputs) {
    assert.equal(
      histograms.map(({ kind, value }) => [kind, value.entries]),
      [
        ['signal', signal],
        ['background', 10_000 - signal],
      ],
    )
  }
  for (const { value } of made.scores[0]!.histograms) assert.is(value.drone.entries, value.teacher!.entries)
  const { scatter, residuals } = made.fidelity!.outputs[0]!
  assert.is(scatter.entries, 10_000)
  assert.is(residuals.entries, 10_000)
  assert.is(sum(made.fidelity!.outputs[0]!.byScore.map((point) => point.events)), 10_000)
})

test('the areas under the curves are exact, and so is the fidelity', () => {
  assert.is(made.roc!.drone.auc, auc(scores, labels))
  assert.is(made.roc!.teacher!.auc, auc(answers, labels))
  const { mse, mae, maxError, inside, outside } = made.fidelity!
  assert.equal({ mse, mae, maxError, events: 10_000 }, fidelity(scores, answers))
  assert.is(inside!.events + outside!.events, 10_000)
  assert.ok(Math.abs((inside!.mse * inside!.events + outside!.mse * outside!.events) / 10_000 - mse) < 1e-12)
})

test('the worst events are those of the largest differences, with their numbers and values', () => {
  const differences = Array.from(scores, (score, n) => ({ n, size: Math.abs(score - answers[n]!) }))
  differences.sort((one, other) => other.size - one.size)
  const { worst } = made.fidelity!
  assert.equal(
    worst.map(({ event }) => event),
    differences.slice(0, 10).map(({ n }) => n),
  )
  assert.equal(worst[0]!.values, rows[worst[0]!.event]!.slice(0, 2))
  assert.is(worst[0]!.difference, made.fidelity!.maxError)
})

test('events out of the ranges of the training are counted, by each input and to either side', () => {
  const below = rows.filter(([a]) => a! < -1.5).length
  const above = rows.filter(([a]) => a! > 1.5).length
  assert.ok(below > 0 && above > 0)
  assert.equal(made.outside, {
    events: below + above,
    inputs: [
      { name: 'a', range: [-1.5, 1.5], below, above },
      { name: 'b', range: [-9, 9], below: 0, above: 0 },
    ],
  })
})

test('a cut is where it says, and its efficiencies add up to what passes', () => {
  const [half] = made.cuts
  assert.is(half!.name, '50 % of the signal')
  const passing = scores.filter((score, n) => labels[n] === 1 && score >= half!.threshold).length
  assert.is(passing, Math.ceil(sum(labels) / 2))
  for (const kinds of half!.inputs) {
    const { drone } = kinds.find(({ kind }) => kind === 'signal')!.value
    const events = sum(drone.map((point) => point.events))
    const passed = sum(drone.map((point) => point.events * point.value))
    // Outliers lie in no bin.
    assert.ok(events <= sum(labels) && events > 0.98 * sum(labels))
    assert.ok(Math.abs(passed - passing) < 0.02 * passing)
  }
})

test('cuts that the drone keeps are taken', async () => {
  const keeping = droneOf({
    inputs: NAMES,
    nndrone: { version: 1, arithmetic: 1, cuts: { tight: { threshold: 0.75 } } },
  })
  const { cuts } = await report({ drone: keeping, events: eventsOf(COLUMNS, rows), label: 'label', times: false })
  assert.equal(
    cuts.map(({ name, threshold }) => ({ name, threshold })),
    [{ name: 'tight', threshold: 0.75 }],
  )
})

test('an input that a model does not look at has no importance for it', async () => {
  const one = teacherOf(['b'], ([b]) => sigmoid(b!))
  const { importance } = await report({ drone, teacher: one, events: eventsOf(COLUMNS, rows), times: false })
  const [a, b] = importance!.inputs
  assert.is(importance!.events, 10_000)
  assert.is(a!.teacher, undefined)
  assert.ok(a!.drone!.mean > 0 && b!.drone!.mean > 0 && b!.teacher!.mean > 0)
  assert.ok(b!.teacher!.error < 0.02 * b!.teacher!.mean)
})

test('the events are read once, in any pieces, and closed', async () => {
  for (const piece of [1, 7, 10_000]) {
    const source = eventsOf(COLUMNS, rows, piece)
    const again = await report({ drone, teacher, events: source, label: 'label', times: false })
    assert.is(source.readings, 1)
    assert.is(source.closings, 1)
    assert.equal(again, made)
  }
})

test('recorded answers stand for a teacher; an event without one is left out', async () => {
  const recorded = rows.map((row, n) => [...row, n === 3 ? Number.NaN : answers[n]!])
  const source = eventsOf([...COLUMNS, 'answer'], recorded)
  const { teacher, fidelity, events } = await report({ drone, events: source, target: ['answer'], times: false })
  assert.equal(teacher, { name: 'column answer' })
  assert.is(events.unscored, 1)
  assert.is(fidelity!.events, 9999)
})

test('times are measured unless they are not wanted', async () => {
  const { times } = await report({ drone, teacher, events: eventsOf(COLUMNS, rows.slice(0, 50)) })
  assert.ok(times!.clock > 0 && times!.drone.one.median > 0 && times!.teacher!.batch.median > 0)
  assert.ok(times!.drone.sorted.length > 0)
  assert.is(made.times, undefined)
})

async function refused(options: Partial<Parameters<typeof report>[0]>): Promise<string> {
  const source = eventsOf(COLUMNS, rows.slice(0, 10))
  try {
    await report({ drone, events: source, times: false, ...options })
  } catch (error) {
    assert.is((options.events as typeof source | undefined)?.closings ?? source.closings, 1)
    return (error as Error).message
  }
  return 'nothing'
}

test('what cannot be used is refused, and the events are closed', async () => {
  assert.is(await refused({ events: eventsOf(COLUMNS, []) }), '/data/events.csv: no events')
  assert.is(
    await refused({ events: eventsOf(COLUMNS, [[1, 2, 1], [1, 2, 0.5]]), label: 'label' }), // biome-ignore format: rows
    '/data/events.csv: column "label" of event 1 (from 0): 0.5, expected 1 (signal) or 0 (background)',
  )
  assert.is(
    await refused({ events: eventsOf(COLUMNS, [[1, 2, Number.NaN]]), label: 'label' }),
    '/data/events.csv: column "label" of event 0 (from 0): missing, expected 1 (signal) or 0 (background)',
  )
  assert.is(
    await refused({ events: eventsOf(COLUMNS, [[Number.NaN, 2, 1]]) }),
    '/data/events.csv: every event lacks a value that has no default',
  )
  assert.is(await refused({ signal: AbortSignal.abort(new Error('enough')) }), 'enough')
})

test('progress is told, of each stage to its end', async () => {
  const stages: string[] = []
  const onProgress = ({ stage }: { stage: string }) => {
    if (stages.at(-1) !== stage) stages.push(stage)
  }
  await report({ drone, teacher, events: eventsOf(COLUMNS, rows.slice(0, 50)), onProgress })
  assert.equal(stages, ['reading', 'asking', 'measuring'])
})

test.run()
