/** What the JSON keeps of a training beside the network: quantiles, and the fidelity with its standard error. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type DistillOptions, distill } from '../../../bindings/index.ts'
import { valid } from '../../schema.ts'
import { seeded } from '../../support.ts'

const COUNT = 1001
const random = seeded(8)
const events = new Float64Array(2 * COUNT).map((_, i) => (i % 2 ? random.uniform() : 1.7e9 + i))
const targets = Float32Array.from({ length: COUNT }, (_, n) => events[2 * n + 1]! * 0.8 + 0.1)
const labels = Array.from(targets, (target) => (target > 0.7 ? 1 : 0))
const base: DistillOptions = { events, inputs: ['time', 'x'], targets, outputs: ['signal'], epochs: 3, order: 'given' }

const part = async (options: Partial<DistillOptions>) => {
  const result = await distill({ ...base, ...options })
  const document = JSON.parse(JSON.stringify(result.drone))
  valid(document)
  return { ...result, nndrone: document.nndrone }
}

/** As they are defined: of the sorted values the one whose rank is nearest. */
function expected(values: number[]): number[] {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b)
  return Array.from({ length: 21 }, (_, k) =>
    Number(sorted[Math.round((k / 20) * (sorted.length - 1))]!.toPrecision(12)),
  )
}

const column = (rows: readonly number[], i: number) => rows.map((n) => events[2 * n + i]!)
const range = (count: number) => Array.from({ length: count }, (_, n) => n)

const test = suite('distil, what is kept of a training')

test('21 quantiles of each input and of the score, over the events that were trained with', async () => {
  const { drone, nndrone, heldOut } = await part({ holdout: 0.2 })
  const trained = range(COUNT - heldOut.length)
  const scores = drone.predictBatch(events)
  assert.equal(nndrone.quantiles, {
    events: trained.length,
    inputs: { time: expected(column(trained, 0)), x: expected(column(trained, 1)) },
    outputs: { signal: expected(trained.map((n) => scores[n]!)) },
  })
  assert.is(nndrone.quantiles.inputs.x.length, 21)
})

test('signal and background apart where the events are labelled; labels change nothing that is learnt', async () => {
  const { drone, nndrone } = await part({ labels })
  const scores = drone.predictBatch(events)
  const { signal, background, ...all } = nndrone.quantiles
  const plain = await part({})
  assert.equal(all, plain.nndrone.quantiles)
  assert.equal(drone.network.layers, plain.drone.network.layers)
  for (const [label, kind] of [
    [1, signal],
    [0, background],
  ]) {
    const rows = range(COUNT).filter((n) => labels[n] === label)
    assert.equal(kind, {
      events: rows.length,
      inputs: { time: expected(column(rows, 0)), x: expected(column(rows, 1)) },
      outputs: { signal: expected(rows.map((n) => scores[n]!)) },
    })
  }
  const alone = await part({ labels: labels.map(() => 1) })
  assert.not('background' in alone.nndrone.quantiles)
  assert.equal(alone.nndrone.quantiles.signal, plain.nndrone.quantiles)
  const half = await part({ labels: labels.map((label, n) => (n % 2 ? label : Number.NaN)) })
  const known = range(COUNT).filter((n) => n % 2)
  const counts = [half.nndrone.quantiles.signal.events, half.nndrone.quantiles.background.events]
  assert.equal(
    counts,
    [1, 0].map((kind) => known.filter((n) => labels[n] === kind).length),
    'unlabelled events are neither',
  )
})

test('missing values do not count, and an input without any value has no quantiles', async () => {
  const holed = events.slice()
  for (let n = 0; n < COUNT; n++) {
    holed[2 * n] = Number.NaN
    if (n % 3) holed[2 * n + 1] = Number.POSITIVE_INFINITY
  }
  const { nndrone } = await part({ events: holed })
  assert.equal(Object.keys(nndrone.quantiles.inputs), ['x'])
  assert.equal(
    nndrone.quantiles.inputs.x,
    expected(
      column(
        range(COUNT).filter((n) => n % 3 === 0),
        1,
      ),
    ),
  )
})

test('the fraction of missing values, and of those at most each quantile where many are equal', async () => {
  const holed = events.map((value, i) => (i % 2 === 0 ? Math.floor((i / 2) % 3) : i % 20 === 1 ? Number.NaN : value))
  const { nndrone } = await part({ events: holed })
  const whole = range(COUNT).filter((n) => (2 * n + 1) % 20 !== 1)
  assert.equal(nndrone.quantiles.missing, { x: Number((1 - whole.length / COUNT).toPrecision(6)) })
  assert.equal(Object.keys(nndrone.quantiles.atMost.inputs), ['time'])
  const share = (most: number) => Number((range(COUNT).filter((n) => n % 3 <= most).length / COUNT).toPrecision(6))
  assert.equal(nndrone.quantiles.atMost.inputs.time, nndrone.quantiles.inputs.time.map(share))
})

test('the fidelity has its standard error', async () => {
  const { drone, nndrone, fidelity, heldOut } = await part({ holdout: 0.3 })
  const scores = drone.predictBatch(events)
  const errors = Array.from(heldOut, (n) => (scores[n]! - targets[n]!) ** 2)
  const mean = errors.reduce((sum, error) => sum + error) / errors.length
  const variance = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / (errors.length - 1)
  const expectedError = Math.sqrt(variance / errors.length)
  assert.ok(Math.abs(fidelity.mseError! / expectedError - 1) < 1e-9, `${fidelity.mseError} for ${expectedError}`)
  assert.is(nndrone.fidelity.mseError, Number(fidelity.mseError!.toPrecision(7)))
  const one = await part({ holdout: [4] })
  assert.not('mseError' in one.nndrone.fidelity)
})

test('of several outputs the error is that of the events', async () => {
  const two = new Float32Array(2 * COUNT).map((_, i) => (i % 2 ? 1 : -1) * targets[i >> 1]!)
  const { drone, fidelity, heldOut } = await part({ targets: two, outputs: ['a', 'b'], holdout: 0.5 })
  const scores = drone.predictBatch(events)
  const errors = Array.from(
    heldOut,
    (n) => ((scores[2 * n]! - two[2 * n]!) ** 2 + (scores[2 * n + 1]! - two[2 * n + 1]!) ** 2) / 2,
  )
  const count = errors.length
  const mean = errors.reduce((sum, error) => sum + error) / count
  const variance = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / (count - 1)
  assert.ok(Math.abs(fidelity.mseError! / Math.sqrt(variance / count) - 1) < 1e-6)
})

test('the same seed and targets give the same bytes', async () => {
  const text = async () => JSON.stringify((await part({ labels, holdout: 0.1, order: 'shuffled' })).drone)
  assert.is(await text(), await text())
})

test.run()
