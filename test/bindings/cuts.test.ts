/** Cuts on the score: what passes, to the event, and what is no cut. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  atEfficiency,
  atRejection,
  ConfigurationError,
  comparedBy,
  Drone,
  EvaluationError,
} from '../../bindings/index.ts'
import { valid } from '../schema.ts'
import { ENGINES, randomNetwork, randomNumbers, seeded } from '../support.ts'

function throws(run: () => unknown, message: string, kind: typeof ConfigurationError | typeof EvaluationError): void {
  try {
    run()
  } catch (error) {
    assert.is((error as Error).message, message)
    assert.instance(error, kind)
    return
  }
  assert.unreachable(`not refused: ${message}`)
}

/** y = x, so that scores are chosen freely. */
const identity = (outputs = ['y']) => ({
  inputs: [{ name: 'x', offset: 0, scale: 1 }],
  layers: [
    { architecture: 'dense', activation: 'linear', weights: outputs.map(() => 1), bias: outputs.map((_, i) => i) },
  ],
  outputs,
})

for (const engine of ENGINES) {
  const test = suite(`cuts (${engine})`)

  test('a cut that was saved gives the efficiency and rejection that it promised, to the event', () => {
    const random = seeded(4)
    const network = randomNetwork(random, { widths: [4, 6, 1] })
    const drone = Drone.from(network, { engine })
    const events = randomNumbers(random, 4 * 3000)
    const scores = drone.predictBatch(events)
    const labels = scores.map((score) => (random.uniform() < score ? 1 : 0))
    const points = [0.1, 0.5, 0.9, 0.99, 1].flatMap((share) => [
      atEfficiency(scores, labels, share),
      atRejection(scores, labels, share === 1 ? 0 : share),
    ])
    for (const [k, point] of points.entries()) drone.setCut(`cut ${k}`, point)
    const document = JSON.parse(JSON.stringify(drone))
    valid(document)
    const read = Drone.from(document, { engine })
    assert.equal(
      Object.keys(read.cuts),
      points.map((_, k) => `cut ${k}`),
    )
    for (const [k, { threshold, efficiency, rejection }] of points.entries()) {
      assert.equal(read.cuts[`cut ${k}`], { threshold, efficiency, rejection, output: 'y0' })
      const passed = [0, 0]
      const all = [0, 0]
      for (const [n, label] of labels.entries()) {
        all[label]!++
        if (read.passes(events.subarray(4 * n, 4 * n + 4), `cut ${k}`)) passed[label]!++
      }
      assert.is(passed[1]! / all[1]!, efficiency)
      assert.is(all[0]! - passed[0]!, Math.round(rejection * all[0]!))
    }
  })

  test('a score equal to the cut passes, the next one below does not, NaN never does', () => {
    const drone = Drone.from(identity(), { engine }).setCut('tight', { threshold: 0.1 })
    const at = Math.fround(0.1)
    const below = new Float32Array(new Uint32Array([new Uint32Array(Float32Array.of(at).buffer)[0]! - 1]).buffer)[0]!
    assert.ok(below < at)
    assert.is(drone.passes([at], 'tight'), true)
    assert.is(drone.passes([0.1], 'tight'), true)
    assert.is(drone.passes({ x: below }, 'tight'), false)
    assert.is(drone.passes([1], 'tight'), true)
    assert.is(drone.passes([Number.NaN], 'tight'), false)
    assert.is(drone.passes([Number.NEGATIVE_INFINITY], 'tight'), false)
    drone.setCut('all', { threshold: -3e38 })
    assert.is(drone.passes([Number.NaN], 'all'), false)
  })

  test('of several outputs a cut names one', () => {
    const drone = Drone.from(identity(['a', 'b']), { engine })
    drone.setCut('high', { threshold: 0.5, output: 'b' })
    assert.is(drone.passes([0], 'high'), true)
    assert.is(drone.passes([-1], 'high'), false)
    throws(
      () => drone.setCut('low', { threshold: 0.5 }),
      'nndrone.cuts["low"].output: not given, but this drone has several: a, b',
      ConfigurationError,
    )
    assert.equal(Object.keys(drone.cuts), ['high'])
  })

  test('a share of the outputs is compared as the quotient of sums, in f32, and 0 / 0 passes nothing', () => {
    const random = seeded(7)
    const network = randomNetwork(random, { widths: [4, 6, 4], size: 3, outputActivation: 'softmax' })
    const drone = Drone.from(network, { engine })
    const [y0, y1, y2, y3] = drone.outputs as [string, string, string, string]
    const shares = Array.from({ length: 99 }, () => {
      const scores = drone.scores(randomNumbers(random, 4))
      return Math.fround((scores[y2]! + scores[y0]!) / (scores[y2]! + scores[y0]! + scores[y3]!))
    })
    const threshold = shares.sort((a, b) => a - b)[49]!
    drone.setCut('two', { threshold, output: { of: [y2, y0], against: [y3] } })
    drone.setCut('whole', { threshold: 0.9999, output: { of: [y0, y1, y2, y3], against: [] } })
    const document = JSON.parse(JSON.stringify(drone))
    valid(document)
    const read = Drone.from(document, { engine })
    let passed = 0
    for (let n = 0; n < 500; n++) {
      const event = randomNumbers(random, 4)
      const scores = read.scores(event)
      const expected = Math.fround((scores[y2]! + scores[y0]!) / (scores[y2]! + scores[y0]! + scores[y3]!))
      assert.is(read.passes(event, 'two'), expected >= threshold)
      assert.is(
        comparedBy(read.cuts.two!, [9, scores[y0]!, scores[y1]!, scores[y2]!, scores[y3]!], 1, read.outputs),
        expected,
      )
      assert.is(read.passes(event, 'whole'), true)
      passed += Number(read.passes(event, 'two'))
    }
    assert.ok(passed > 50 && passed < 450, `${passed} of 500`)
    const zeros = Drone.from(identity(['a', 'b']), { engine }).setCut('none', {
      ...{ threshold: -1, output: { of: ['a'], against: [] } },
    })
    assert.is(zeros.passes([0], 'none'), false)
    assert.is(zeros.passes([2], 'none'), true)
  })

  test.run()
}

const test = suite('cuts')

test('what is no cut, or not there, is named, and changes nothing', () => {
  const drone = Drone.from(identity())
  throws(() => drone.passes([1], 'tight'), 'there is no cut "tight"; cuts are none', EvaluationError)
  drone.setCut('loose', { threshold: 0.2 }).setCut('tight', { threshold: 0.9, efficiency: 0.5, rejection: 0.99 })
  const before = JSON.stringify(drone)
  throws(() => drone.passes([1], 'toString'), 'there is no cut "toString"; cuts are loose, tight', EvaluationError)
  const expected = 'expected a finite number'
  for (const [cut, message] of [
    [{ threshold: Number.NaN }, `nndrone.cuts["tight"].threshold: NaN, ${expected}`],
    [{ threshold: 1e39 }, `nndrone.cuts["tight"].threshold: 1e+39, ${expected}`],
    [{ threshold: 0, rejection: 2 }, 'nndrone.cuts["tight"].rejection: 2, expected a number from 0 to 1'],
    [{ threshold: 0, output: 'z' }, 'nndrone.cuts["tight"].output: "z", expected one of y'],
    [{ threshold: 0, output: null }, 'nndrone.cuts["tight"].output: null, expected an object'],
    [{ threshold: 0, output: { of: ['y'] } }, 'nndrone.cuts["tight"].output.against: undefined, expected an array'],
    [{ threshold: 0, output: { of: ['y'], against: ['z'] } }, 'nndrone.cuts["tight"].output: "z", expected one of y'],
    [undefined, 'nndrone.cuts["tight"]: undefined, expected an object'],
  ] as const) {
    throws(() => drone.setCut('tight', cut as never), message, ConfigurationError)
  }
  throws(() => drone.setCut('', { threshold: 0 }), 'nndrone.cuts: "", expected a name for each cut', ConfigurationError)
  throws(
    () => drone.setCut('__proto__', { threshold: 0 }),
    'nndrone.cuts: "__proto__", expected a name for each cut',
    ConfigurationError,
  )
  assert.is(JSON.stringify(drone), before)
  assert.throws(() => Object.assign(drone.cuts, { other: 1 }))
  drone.setCut('tight', { threshold: 0.8 })
  assert.equal(drone.cuts.tight, { threshold: Math.fround(0.8), output: 'y' })
  drone.dispose()
  throws(() => drone.passes([1], 'tight'), 'this drone was disposed', EvaluationError)
})

test.run()
