import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Drone, distill, domainOf, EvaluationError } from '../../../bindings/index.ts'
import { randomNetwork, seeded } from '../../support.ts'

const test = suite('domain')

const network = randomNetwork(seeded(1), { widths: [3, 4, 1] })
const drone = Drone.from({ ...network, nndrone: { version: 1, arithmetic: 1, domain: { x0: [-1, 2], x1: [0, 5] } } })

test('a value outside the range of its input is outside, on it is not', () => {
  assert.ok(drone.inDomain([-1, 5, 1e9]), 'x2 has no range')
  assert.not(drone.inDomain([-1.001, 5, 0]))
  assert.not(drone.inDomain([0, 5.001, 0]))
  assert.ok(drone.inDomain(Float32Array.of(2, 0, 0)))
  assert.ok(drone.inDomain({ x0: 0, x1: 1, x2: 0, more: 7 }))
  assert.not(drone.inDomain({ x0: 3, x1: 1, x2: 0 }))
})

test('missing values are no reason against', () => {
  assert.ok(drone.inDomain([Number.NaN, null, undefined]))
  assert.ok(drone.inDomain({ x1: Number.POSITIVE_INFINITY }))
  assert.throws(() => drone.inDomain([1, 2]), /event: 2 values, expected 3/)
  for (const event of [null, undefined, 7, '1,2,3'] as never[]) {
    assert.throws(
      () => drone.inDomain(event),
      (error: Error) =>
        error instanceof EvaluationError && /^event: .*, expected an object with x0/.test(error.message),
    )
  }
})

test('what is no range is none', () => {
  for (const domain of [null, 7, [], { x0: 1 }, { x0: [1] }, { x0: [1, 'a'] }, { x0: [1, null] }]) {
    assert.equal(domainOf({ ...network, nndrone: { domain } }), [undefined, undefined, undefined])
  }
  assert.equal(domainOf(network), [undefined, undefined, undefined])
})

test('distil keeps the range of the training events', async () => {
  const events = Float64Array.from({ length: 400 }, (_, i) => (i % 2 ? 1 : -1) * i)
  const options = { events, inputs: ['a', 'b'], targets: new Float32Array(200).fill(0.5), epochs: 1 }
  const { drone } = await distill({ ...options, holdout: [199] })
  assert.equal(domainOf(drone.network), [
    [-396, 0],
    [1, 397],
  ])
  assert.not(drone.inDomain([-398, 399]))
})

test.run()
