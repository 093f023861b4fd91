/** What follows from a teacher's answers: the last layer, the events that are left out, and how it is asked. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type DistillOptions, distill, type Numbers, type Teacher } from '../../../bindings/index.ts'
import { randomNumbers, seeded } from '../../support.ts'

const COUNT = 500
const events = randomNumbers(seeded(3), 2 * COUNT)
const base: DistillOptions = { events, inputs: ['a', 'b'], epochs: 2, preset: 'paper' }

/** A teacher of events [n × 2] by a function of one event and its number among all that it was asked about. */
function teacherOf(outputs: readonly string[], answer: (a: number, b: number, n: number) => number[]): Teacher {
  let n = 0
  return {
    inputs: ['a', 'b'],
    outputs,
    predictBatch: (rows) =>
      Float32Array.from(
        Array.from({ length: rows.length / 2 }, (_, i) => answer(rows[2 * i]!, rows[2 * i + 1]!, n++)).flat(),
      ),
  }
}

const test = suite('distill: answers')

test('the last layer is what the answers need', async () => {
  const share = (a: number) => 1 / (1 + Math.exp(-a))
  for (const [expected, outputs, answer] of [
    ['sigmoid', ['y'], (a: number) => [share(a)]],
    ['linear', ['y'], (a: number) => [a]],
    ['softmax', ['y', 'z'], (a: number) => [share(a), 1.0005 - share(a) * 0.9999]],
    ['sigmoid', ['y', 'z'], (a: number, b: number) => [share(a), share(b)]],
    ['linear', ['y', 'z'], (a: number) => [share(a), 1 - a]],
  ] as const) {
    const inside = (a: number, b: number) =>
      answer(a, b).map((y) => (expected === 'linear' ? y : Math.min(1, Math.max(0, y))))
    const { drone, unanswered } = await distill({ ...base, teacher: teacherOf(outputs, inside) })
    assert.is(drone.network.layers.at(-1)!.activation, expected, outputs.join())
    assert.is(unanswered, 0)
    // What is said beats what would follow; a linear output can give any answer.
    const said = await distill({ ...base, teacher: teacherOf(outputs, inside), outputActivation: 'linear' })
    assert.is(said.drone.network.layers.at(-1)!.activation, 'linear')
  }
})

test('an event without an answer decides nothing, and is left out: the drone is that of the others', async () => {
  const gaps = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  const answer = (a: number, b: number, n: number) => [n % 7 === 3 ? gaps[n % 3]! : 1 / (1 + Math.exp(-a * b))]
  const kept = Uint32Array.from({ length: COUNT }, (_, n) => n).filter((n) => n % 7 !== 3)
  const fewer = new Float64Array(kept.length * 2)
  for (const [i, n] of kept.entries()) fewer.set(events.subarray(2 * n, 2 * n + 2), 2 * i)
  const targets = Float32Array.from(kept, (n) => answer(events[2 * n]!, events[2 * n + 1]!, n)[0]!)
  for (const more of [{}, { holdout: 0.2 }, { scaling: 'quantiles' }] as const) {
    const whole = await distill({ ...base, ...more, teacher: teacherOf(['score'], answer) })
    const alone = await distill({ ...base, ...more, events: fewer, targets })
    assert.is(whole.unanswered, COUNT - kept.length)
    assert.is(alone.unanswered, 0)
    assert.is(JSON.stringify(whole.drone), JSON.stringify(alone.drone))
    assert.is(whole.drone.network.layers.at(-1)!.activation, 'sigmoid')
    // The numbers are the caller's.
    assert.equal(
      [...whole.heldOut],
      [...alone.heldOut].map((i) => kept[i]!),
    )
  }
})

test('a value that is missing in an unanswered event alone gives no default', async () => {
  const holed = events.slice()
  holed[2 * 5] = Number.NaN
  const targets = Float32Array.from({ length: COUNT }, (_, n) => (n === 5 ? Number.NaN : 0.5))
  const { drone } = await distill({ ...base, events: holed, targets })
  assert.is(drone.network.inputs[0]!.default, undefined)
})

test('of the events that are held out by number, those without an answer are not measured on', async () => {
  const targets = Array.from({ length: COUNT }, (_, n) => (n === 9 || n === 11 ? null : 0.5)) as number[]
  const { heldOut, fidelity, unanswered } = await distill({ ...base, targets, holdout: [40, 9, 2] })
  assert.equal([...heldOut], [40, 2])
  assert.is(fidelity.events, 2)
  assert.is(unanswered, 2)
  await distill({ ...base, targets: targets.map((y, n) => (n < 3 ? y : Number.NaN)), holdout: [0, 1, 2] }).then(
    () => assert.unreachable(),
    (error) => assert.is(error.message, 'holdout: leaves none of 3 events to train with'),
  )
})

test('a mini-batch is at most all events that are left to train with', async () => {
  const targets = Float32Array.from({ length: COUNT }, (_, n) => (n < 100 ? Number.NaN : 0.5))
  const { drone } = await distill({ ...base, targets, batchSize: COUNT })
  const { training } = drone.network.nndrone as { training: { batchSize: number; events: number } }
  assert.is(training.batchSize, 400)
  assert.is(training.events, 400)
})

test('the teacher is asked in pieces, of which each is told, and the event loop runs between them', async () => {
  const many = randomNumbers(seeded(4), 2 * 20_000)
  const seen: [number, number][] = []
  const ticks: number[] = []
  let now = 0
  const timer = setInterval(() => now++, 1)
  const busy = {
    ...teacherOf(['y'], () => []),
    predictBatch(rows: Numbers) {
      ticks.push(now)
      const until = performance.now() + 10
      while (performance.now() < until);
      return new Float32Array(rows.length / 2).fill(0.5)
    },
  }
  const onAsk = (asked: number, total: number) => seen.push([asked, total])
  await distill({ ...base, events: many, teacher: busy, epochs: 1, onAsk })
  clearInterval(timer)
  assert.is(new Set(ticks).size, 5, `the timer had run ${ticks.join(', ')} times`)
  assert.equal(seen, [
    [4096, 20_000],
    [8192, 20_000],
    [12_288, 20_000],
    [16_384, 20_000],
    [20_000, 20_000],
  ])
})

test('an abort while the teacher is asked, in its last piece too, rejects with the reason', async () => {
  for (const last of [1, 3]) {
    const controller = new AbortController()
    let pieces = 0
    const teacher = {
      ...teacherOf(['y'], () => []),
      predictBatch(rows: Numbers) {
        if (++pieces === last) controller.abort(new Error('enough'))
        return new Float32Array(rows.length / 2)
      },
    }
    const many = randomNumbers(seeded(4), 2 * 10_000)
    await distill({ ...base, events: many, teacher, signal: controller.signal }).then(
      () => assert.unreachable(),
      (error) => assert.is(error.message, 'enough'),
    )
    assert.is(pieces, last)
  }
})

test('a piece with another number of answers is refused', async () => {
  const teacher = {
    ...teacherOf(['y'], () => []),
    predictBatch: (rows: Numbers) => new Float32Array(rows.length > 8000 ? 4096 : 5),
  }
  const many = randomNumbers(seeded(4), 2 * 5000)
  await distill({ ...base, events: many, teacher }).then(
    () => assert.unreachable(),
    (error) => assert.is(error.message, 'the teacher gave 5 answers, expected 904 (904 events × 1 output)'),
  )
})

test.run()
