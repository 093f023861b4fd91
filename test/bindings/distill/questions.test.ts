/** Events like real ones, and a teacher that is asked about them. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { thinOut } from '../../../bindings/distill/questions/thin.ts'
import {
  type DistillOptions,
  Drone,
  distill,
  frontier,
  Random,
  resample,
  statistics,
  type Teacher,
} from '../../../bindings/index.ts'
import { firstDifference, randomNetwork, randomNumbers, seeded } from '../../support.ts'

const test = suite('distill: questions')

const NAMES = ['pt', 'eta', 'least', 'most', 'flag', 'count']

/** A positive skewed column, a flat one, two that are ordered, one of few values, and whole numbers. */
function cloud(count: number, seed = 3): Float64Array {
  const random = seeded(seed)
  const exponential = () => -Math.log(1 - random.uniform())
  const events = new Float64Array(count * NAMES.length)
  for (let n = 0; n < count; n++) {
    const least = exponential()
    const flag = random.uniform() < 0.3 ? -999 : random.uniform() < 0.5 ? 1 : 0
    const whole = 40 + Math.floor(60 * random.uniform())
    events.set(
      [2 + 3 * exponential(), 6 * random.uniform() - 3, least, least + exponential(), flag, whole],
      n * NAMES.length,
    )
  }
  return events
}

const column = (events: Float64Array, i: number) => events.filter((_, at) => at % NAMES.length === i)

test('the coordinates are found: logarithms of what is positive and skewed, differences of what is ordered', async () => {
  for (const count of [500, 10_000]) {
    const { coordinates } = await resample(cloud(count), NAMES, { count: 0 })
    assert.equal(coordinates, ['log(pt)', 'eta', 'log(least)', 'log(most - least)', 'flag', 'count'])
  }
})

test('events that are made stay in order and positive, keep marks, and whole numbers are whole', async () => {
  const events = cloud(2000)
  const { events: made } = await resample(events, NAMES, { count: 5000, seed: 2 })
  assert.is(made.length, 5000 * NAMES.length)
  for (let at = 0; at < made.length; at += NAMES.length) {
    const [pt, , least, most, flag, count] = made.subarray(at, at + NAMES.length)
    assert.ok(pt! >= 0 && least! >= 0 && most! >= least!)
    assert.ok([0, 1, -999].includes(flag!), `${flag}`)
    assert.ok(Number.isInteger(count))
  }
  const marks = (all: Float64Array) => column(all, 4).filter((value) => value === -999).length / (all.length / 6)
  assert.ok(Math.abs(marks(made) - marks(events)) < 0.03)
  // Not the events themselves.
  const known = new Set(column(events, 1))
  assert.ok(!column(made, 1).some((value) => known.has(value)))
})

test('the moves are smaller the more events there are, and follow the covariance', async () => {
  const random = seeded(4)
  for (const [count, variance] of [
    [500, 0.03 * Math.sqrt(20)],
    [40_000, 0.015],
  ] as const) {
    const events = new Float64Array(2 * count)
    for (let n = 0; n < count; n++) {
      const x = random.uniform() + random.uniform() + random.uniform()
      events.set([x, 2 * x + 0.1 * random.uniform()], 2 * n)
    }
    const { events: made } = await resample(events, ['a', 'b'], { count: 40_000, coordinates: ['a', 'b'] })
    const [before, after] = [await statistics(events, 2), await statistics(made, 2)]
    for (const i of [0, 1]) {
      const grown = (after[i]!.deviation / before[i]!.deviation) ** 2 - 1
      assert.ok(Math.abs(grown - variance) < 0.15 * variance + 0.01, `${count}: ${grown}, expected ${variance}`)
    }
    const apart = made.filter((_, at) => at % 2 === 0).map((x, n) => made[2 * n + 1]! - 2 * x)
    assert.ok((await statistics(apart, 1))[0]!.deviation < 0.06)
  }
})

test('what is missing stays missing; constants, one event and what is not finite do no harm', async () => {
  const holes = cloud(1000).map((value, at) => (at % 7 === 0 ? Number.NaN : value))
  const { events: made } = await resample(holes, NAMES, { count: 7000 })
  const missing = made.filter((value) => Number.isNaN(value)).length / made.length
  assert.ok(Math.abs(missing - 1 / 7) < 0.02, `${missing}`)
  const constant = new Float64Array(60).fill(7)
  assert.equal((await resample(constant, ['a', 'b'], { count: 30 })).events, constant)
  const one = Float64Array.of(1, 2, 3)
  assert.equal((await resample(one, ['a', 'b', 'c'], { count: 1 })).events, one)
  const endless = Float64Array.from({ length: 200 }, (_, at) => (at % 4 === 0 ? Number.POSITIVE_INFINITY : at))
  assert.ok((await resample(endless, ['a', 'b'], { count: 50 })).events.every((value) => !Number.isNaN(value)))
})

test('coordinates that are given are taken; the same seed makes the same', async () => {
  const events = cloud(300)
  const given = { count: 50, seed: 4, coordinates: ['pt', 'log(count)', 'most - eta'] }
  const first = await resample(events, NAMES, given)
  assert.equal(first.coordinates, ['pt', 'eta', 'log(least)', 'most - eta', 'flag', 'log(count)'])
  assert.equal((await resample(events, NAMES, given)).events, first.events)
  assert.not.equal((await resample(events, NAMES, { ...given, seed: 5 })).events, first.events)
  const minus = ['a-b', 'a', 'b']
  const { coordinates } = await resample(
    new Float64Array(30).map((_, i) => i),
    minus,
    {
      count: 1,
      coordinates: ['a-b', 'log(b - a-b)'],
    },
  )
  assert.equal([coordinates[0], coordinates[2]], ['a-b', 'log(b - a-b)'])
  for (const [options, message] of [
    [{ count: -1 }, 'count: -1, expected a whole number from 0'],
    [
      { count: 1, coordinates: ['log(pt'] },
      'coordinates[0]: "log(pt", expected NAME, NAME - NAME, log(NAME) or log(NAME - NAME), of pt, eta, least, most, flag, count',
    ],
    [{ count: 1, coordinates: ['pt - eta', 'eta - pt'] }, 'coordinates: pt is a difference to itself by way of others'],
    [{ count: 1, many: 2 }, 'resample: there is no option "many"; options are count, seed, coordinates'],
  ] as const) {
    try {
      await resample(events, NAMES, options as any)
      assert.unreachable(message)
    } catch (error) {
      assert.is((error as Error).message, message)
    }
  }
})

test('answers are thinned where they are certain, and weighted so that means stay', async () => {
  const random = seeded(9)
  const answers = new Float32Array(50_000).map(() => random.uniform() ** 12)
  const all = Uint32Array.from(answers.keys())
  const { chosen, weights } = await thinOut(answers, 1, all, 5000, true, new Random(1))
  assert.ok(Math.abs(chosen.length - 5000) < 250, `${chosen.length}`)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  assert.ok(Math.abs(total / 50_000 - 1) < 0.05, `${total}`)
  const mean = chosen.reduce((sum, n, k) => sum + weights[k]! * answers[n]!, 0) / 50_000
  assert.ok(Math.abs(mean * 13 - 1) < 0.05, `${mean}`)
  const uncertain = (numbers: Uint32Array) => numbers.filter((n) => answers[n]! > 0.1 && answers[n]! < 0.9).length
  assert.ok(uncertain(chosen) / chosen.length > 2.5 * (uncertain(all) / all.length))
  const few = await thinOut(answers, 1, all.subarray(0, 10), 5000, true, new Random(1))
  assert.equal([few.chosen, few.weights], [all.subarray(0, 10), new Float32Array(10).fill(1)])
  const linear = await thinOut(answers, 1, all, 5000, false, new Random(1))
  assert.ok(linear.weights.every((weight) => Math.abs(weight - 10) < 1e-4))
})

/** A small network as the teacher, which notes what it is asked. */
function taught({ count = 200, outputs = 1, last = 'sigmoid' as 'sigmoid' | 'softmax' | 'linear' } = {}) {
  const random = seeded(5)
  const shape = { widths: [3, 5, outputs], activation: 'tanh', outputActivation: last, size: 1.5 } as const
  const network = Drone.from(randomNetwork(random, shape))
  const asked: Float64Array[] = []
  const teacher: Teacher = {
    inputs: ['a', 'b', 'c'],
    outputs: network.outputs,
    predictBatch(events) {
      asked.push(Float64Array.from(events))
      return network.predictBatch(events)
    },
  }
  const events = randomNumbers(random, 3 * count, 2)
  const options: DistillOptions = { events, inputs: teacher.inputs, outputs: teacher.outputs, maxHidden: 4 }
  return { asked, teacher, options, targets: network.predictBatch(events) }
}

test('questions make a drone more faithful on events that are held out, and nothing is measured on them', async () => {
  const { teacher, options, asked } = taught({ count: 60 })
  const run = (questions: number) => distill({ ...options, maxHidden: 5, teacher, questions, holdout: 0.5, seed: 2 })
  const [without, further] = [await run(0), await run(4000)]
  assert.ok(further.fidelity.mse < 0.7 * without.fidelity.mse, `${further.fidelity.mse}, ${without.fidelity.mse}`)
  assert.is(further.fidelity.events, 30)
  assert.is(further.fidelity.inSample!.events, 30)
  assert.equal(further.heldOut, without.heldOut)
  assert.equal(further.questions, { asked: 4000, learnt: 4000, coordinates: ['a', 'b', 'c'] })
  assert.is(without.questions, undefined)
  // First the events, in both runs; then the questions.
  assert.equal(
    asked.map((events) => events.length / 3),
    [60, 60, 4000],
  )
  const { training, domain, quantiles } = (JSON.parse(JSON.stringify(further.drone)) as any).nndrone
  assert.equal(training.questions, further.questions)
  assert.is(training.events, 30)
  const before = (JSON.parse(JSON.stringify(without.drone)) as any).nndrone
  assert.equal(domain, before.domain)
  assert.equal(quantiles.inputs, before.quantiles.inputs)
})

test('no held-out event shows in the questions', async () => {
  const { teacher, options, asked, targets } = taught()
  // What is held out lies far away: so would what is made of it.
  const events = options.events.map((value, at) => (at >= 3 * 150 ? value + 1000 : value))
  const holdout = Array.from({ length: 50 }, (_, k) => 150 + k)
  await distill({ ...options, events, targets, teacher, questions: 3000, holdout, epochs: 4 })
  assert.is(asked.length, 1, 'the answers to the events are known')
  assert.ok(asked[0]!.every((value) => Math.abs(value) < 100))
})

test('the same seed gives the same bits in both engines; classes, linear outputs; answers that are missing', async () => {
  for (const [outputs, last] of [
    [1, 'sigmoid'],
    [3, 'softmax'],
    [2, 'linear'],
  ] as const) {
    const { teacher, options } = taught({ outputs, last, count: 90 })
    const holes: Teacher = {
      ...teacher,
      async predictBatch(events) {
        const scores = await teacher.predictBatch(events)
        return scores.map((score, i) => (i % (17 * outputs) === 5 ? Number.NaN : score))
      },
    }
    const run = async (engine: 'simd' | 'js') =>
      distill({ ...options, teacher: holes, questions: 300, epochs: 40, holdout: 0.2, engine })
    const { drone, questions } = await run('simd')
    assert.ok(questions!.learnt < 300 && questions!.learnt > 270)
    assert.is(JSON.stringify((await run('js')).drone), JSON.stringify(drone), last)
  }
})

test('drones of several sizes are taught by the same questions, which are asked once', async () => {
  const { teacher, options, asked } = taught()
  const { maxHidden: _, ...rest } = options
  const drones = await frontier({ ...rest, teacher, questions: 500, holdout: 0.3, epochs: 6 }, [2, 3])
  assert.equal(
    drones.map(({ drone, questions }) => [drone.hidden[0], questions!.asked]),
    [
      [2, 500],
      [3, 500],
    ],
  )
  assert.equal(
    asked.map((events) => events.length / 3),
    [200, 500],
  )
  const alone = await distill({
    ...options,
    teacher,
    questions: 500,
    holdout: 0.3,
    epochs: 6,
    maxHidden: 3,
    hidden: [3],
  })
  assert.is(
    firstDifference(alone.drone.predictBatch(options.events), drones[1]!.drone.predictBatch(options.events)),
    -1,
  )
})

test('what is refused', async () => {
  const { teacher, options, targets } = taught()
  for (const [more, message] of [
    [{ teacher, questions: -1 }, 'questions: -1, expected a whole number from 0'],
    [{ targets, questions: 5 }, 'questions: 5, but there is no teacher to ask'],
    [{ targets, teacher }, 'teacher: cannot be combined with targets, unless it is asked `questions` more'],
    [{ teacher, coordinates: ['a'] }, 'coordinates: given, but no `questions` are asked'],
    [
      { teacher, questions: 5, coordinates: ['d'] },
      'coordinates[0]: "d", expected NAME, NAME - NAME, log(NAME) or log(NAME - NAME), of a, b, c',
    ],
  ] as const) {
    try {
      await distill({ ...options, ...(more as Partial<DistillOptions>) })
      assert.unreachable(message)
    } catch (error) {
      assert.is((error as Error).message, message)
    }
  }
})

test.run()
