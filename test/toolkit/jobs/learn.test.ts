/** A drone that learns through every door: the library, the job, the command. */
import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Drone, distill, formatJSON, type Teacher } from '../../../bindings/index.ts'
import { learn, learnFrontier, openEvents, openModel, type Progress, UsageError } from '../../../toolkit/index.ts'
import { seeded } from '../../support.ts'
import { Folder, someAnswers } from '../support.ts'

const test = suite('learn')
const folder = new Folder()
test.after(() => folder.remove())

/** Three classes, and no answer where a is above 1.5. */
const MODULE = `
export const inputs = ['a', 'b']
export const outputs = ['p', 'q', 'r']
export function predictBatch(events) {
  const answers = new Float32Array(events.length / 2 * 3)
  for (let n = 0; n < events.length / 2; n++) {
    const [a, b] = events.subarray(2 * n, 2 * n + 2)
    const heights = [Math.exp(a), Math.exp(b), Math.exp(-a * b)]
    const sum = heights[0] + heights[1] + heights[2]
    for (let i = 0; i < 3; i++) answers[3 * n + i] = a > 1.5 ? NaN : heights[i] / sum
  }
  return answers
}
`

const random = seeded(5)
const rows = Array.from({ length: 5000 }, () => [4 * random.uniform() - 2, 4 * random.uniform() - 2])
const left = rows.filter(([a]) => a! > 1.5).length

test.before(() => {
  folder.write('teacher.mjs', MODULE)
  folder.write('events.csv', `a,b\n${rows.map((row) => row.join()).join('\n')}\n`)
  someAnswers(folder)
})

const TRAINING = { preset: 'best', epochs: 5, hidden: [4], seed: 3, holdout: 0.25 } as const

/** What a drone computes, without what it tells of its making. */
const network = (drone: Drone) => {
  const { nndrone: _, ...rest } = drone.toJSON()
  return formatJSON(rest as Parameters<typeof formatJSON>[0])
}

test('the same teacher makes the same drone through the library, the job and the command', async () => {
  const teacher = (await import(folder.file('teacher.mjs'))) as Teacher
  const { inputs } = teacher
  const library = await distill({ events: Float64Array.from(rows.flat()), inputs, teacher, ...TRAINING })
  const job = await learn({
    teacher: await openModel(folder.file('teacher.mjs')),
    events: await openEvents(folder.file('events.csv')),
    ...TRAINING,
  })
  const options = ['--epochs', '5', '--hidden', '4', '--seed', '3', '--holdout', '0.25', '--json']
  const { status, out, err } = folder.run('distill', 'teacher.mjs', '--events', 'events.csv', ...options)
  assert.is(status, 0, err)
  const command = Drone.from(readFileSync(folder.file('drone.json'), 'utf8'))
  assert.is(network(job.drone), network(library.drone))
  assert.is(network(command), network(library.drone))
  assert.is(library.drone.network.layers.at(-1)!.activation, 'softmax')
  assert.ok(left > 100)
  assert.equal([library.unanswered, job.unanswered, JSON.parse(out).unanswered], [left, left, left])
  assert.equal(job.heldOut, library.heldOut)
  assert.equal(job.fidelity, library.fidelity)
})

test('a drone of the library is a teacher, and so is any object of one', async () => {
  const first = await learn({ target: ['answer'], events: await openEvents(folder.file('answers.csv')), epochs: 2 })
  assert.equal(first.features, ['a', 'b', 'label'])
  for (const teacher of [
    first.drone,
    {
      inputs: first.drone.inputs,
      outputs: ['score'],
      predictBatch: (events: Float64Array) => first.drone.predictBatch(events),
    } as Teacher,
  ]) {
    const events = await openEvents(folder.file('answers.csv'), { where: 'a > 0', limit: 200 })
    const { drone, fidelity, reading } = await learn({ teacher, events, epochs: 2 })
    assert.equal(drone.inputs, first.drone.inputs)
    assert.ok(reading!.events > 50 && reading!.events < 150)
    assert.ok(fidelity.mse < 0.1)
  }
})

test('progress goes from reading over asking to training', async () => {
  const seen: Progress[] = []
  const { auc } = await learn({
    teacher: await openModel(folder.file('drone.json')).catch(() => openModel(folder.file('teacher.mjs'))),
    events: await openEvents(folder.file('events.csv')),
    epochs: 3,
    onProgress: (progress) => seen.push(progress),
  })
  assert.is(auc, undefined)
  const stages = seen.map(({ stage }) => stage).filter((stage, i, all) => stage !== all[i - 1])
  assert.equal(stages, ['reading', 'asking', 'training'])
  const asked = seen.filter(({ stage }) => stage === 'asking')
  assert.equal(
    asked.map(({ done, total }) => [done, total]),
    [
      [4096, 5000],
      [5000, 5000],
    ],
  )
  const [begun, ...epochs] = seen.filter(({ stage }) => stage === 'training')
  assert.equal([begun!.done, begun!.epoch], [0, undefined])
  assert.equal(
    epochs.map(({ done, epoch }) => [done, epoch!.epoch]),
    [
      [1, 1],
      [2, 2],
      [3, 3],
    ],
  )
})

test('labels measure AUC on the held-out events', async () => {
  const notices: string[] = []
  const events = await openEvents(folder.file('answers.csv'))
  const target = ['answer']
  const { auc, features } = await learn({
    target,
    events,
    label: 'label',
    epochs: 20,
    onNotice: (text) => notices.push(text),
  })
  assert.equal(features, ['a', 'b'])
  assert.ok(auc!.teacher > 0.6 && Math.abs(auc!.teacher - auc!.drone) < 0.2)
  assert.equal(notices, ['no `features` given: takes the columns a, b'])
})

test('labels reach the quantiles of the JSON; probes have none', async () => {
  const run = { target: ['answer'], label: 'label', epochs: 2 }
  const quantiles = (result: Awaited<ReturnType<typeof learn>>) => (result.drone.network.nndrone as any).quantiles
  const { signal, background, events } = quantiles(
    await learn({ ...run, events: await openEvents(folder.file('answers.csv')) }),
  )
  assert.is(events, 320)
  assert.is(signal.events + background.events, 320)
  folder.write(
    'one.mjs',
    MODULE.replace("['p', 'q', 'r']", "['p']")
      .replace('/ 2 * 3', '/ 2')
      .replace('3 * n + i', 'n')
      .replace('i < 3', 'i < 1'),
  )
  const mixed = quantiles(
    await learn({
      ...{ teacher: await openModel(folder.file('one.mjs')), label: 'label', epochs: 2, probe: 500 },
      events: await openEvents(folder.file('answers.csv')),
    }),
  )
  assert.ok(mixed.events > 600, `${mixed.events} events with the probes`)
  assert.ok(mixed.signal.events + mixed.background.events <= 320)
})

test('questions to a teacher: told in the result and the JSON, and measured on nothing', async () => {
  const teacher = await openModel(folder.file('teacher.mjs'))
  const notices: string[] = []
  const { questions, fidelity, drone } = await learn({
    teacher,
    events: await openEvents(folder.file('events.csv')),
    questions: 300,
    epochs: 6,
    onNotice: (text) => notices.push(text),
  })
  assert.is(questions!.asked, 300)
  // A fifth of the 5,000 events, less those without an answer.
  assert.ok(fidelity.events > 800 && fidelity.events < 1000)
  assert.match(notices.at(-1)!, /^no `coordinates` given: moves events in (log\()?a/)
  assert.equal((JSON.parse(JSON.stringify(drone)) as any).nndrone.training.questions, questions)
})

test('drones of several sizes', async () => {
  const teacher = await openModel(folder.file('teacher.mjs'))
  const events = await openEvents(folder.file('events.csv'))
  const drones = await learnFrontier({ teacher, events, epochs: 4, questions: 50 }, [2, 4])
  assert.equal(
    drones.map(({ drone, questions }) => [drone.hidden[0], questions!.asked]),
    [
      [2, 50],
      [4, 50],
    ],
  )
})

test('the signal ends the training with the best drone so far, and before that rejects', async () => {
  const teacher = await openModel(folder.file('teacher.mjs'))
  const stop = new AbortController()
  const { stopped, history } = await learn({
    teacher,
    events: await openEvents(folder.file('events.csv')),
    epochs: 1_000_000,
    signal: stop.signal,
    onProgress: ({ epoch }) => epoch?.epoch === 2 && stop.abort(),
  })
  assert.is(stopped, 'aborted')
  assert.ok(history.length < 10)
  const reason = new Error('enough')
  const early = new AbortController()
  const events = await openEvents(folder.file('events.csv'))
  const onProgress = ({ stage }: Progress) => stage === 'asking' && early.abort(reason)
  await learn({ teacher, events, signal: early.signal, onProgress }).then(
    () => assert.unreachable(),
    (error) => assert.is(error, reason),
  )
})

test('what does not go together is refused, with the options by their names', async () => {
  const teacher = await openModel(folder.file('teacher.mjs'))
  const cases: [Parameters<typeof learn>[0], string][] = [
    [{}, 'no teacher given; name one, or a column of recorded answers with `target`'],
    [{ teacher, target: ['p'] }, 'a teacher cannot be combined with `target`; learn from only one of them'],
    [{ teacher }, 'no events given; name them with `events`, or make probes with both `probe` and `range`'],
    [{ teacher, probe: 5, range: { a: [0, 1] }, label: 'y' }, '`label` needs `events`; probes have no labels'],
    [{ teacher, probe: 5, range: { a: [0, 1] } }, 'range: no range for the feature "b"'],
    [
      { teacher, probe: 5, range: { a: [0, 1], b: [0, 1] }, scaleFrom: 'all' },
      'scaleFrom: needs `events` to take mean and deviation from; or name a drone or a JSON file',
    ],
    [
      { teacher, probe: 5, range: { a: [0, 1], b: [0, 1] }, default: { bb: 1 } },
      'default: "bb" is not a feature; there are a, b',
    ],
    [
      { teacher, probe: 5, range: { a: [0, 1], b: [0, 1] }, probeMethod: 'munge' },
      'probeMethod munge: needs events that the probes are to be like',
    ],
  ]
  for (const [options, message] of cases) {
    await learn(options).then(
      () => assert.unreachable(message),
      (error) => {
        assert.instance(error, UsageError)
        assert.is(error.message, message)
      },
    )
  }
})

test.run()
