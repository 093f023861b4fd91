/** One event by its values: the bits of the definition, every value read once, and every drone its own names. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Drone } from '../../../bindings/drone.ts'
import type { EngineName } from '../../../bindings/engines/api.ts'
import { createEngine } from '../../../bindings/engines/index.ts'
import { EvaluationError } from '../../../bindings/errors.ts'
import { ACTIVATIONS, type Activation } from '../../../bindings/model/activations.ts'
import type { Network } from '../../../bindings/model/network.ts'
import { ENGINES, randomNetwork, SPECIAL, seeded } from '../../support.ts'

const random = seeded(15)

/** Mostly ordinary numbers; now and then one at which arithmetic goes wrong. */
function value(): number {
  if (random.uniform() < 0.04) return [...SPECIAL, 1e39, -1e39, Number.MAX_VALUE][random.below(SPECIAL.length + 3)]!
  return 6 * random.uniform() - 3
}

function recordOf(network: Network, row: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(network.inputs.map(({ name }, i) => [name, row[i]]))
}

function networkOf(inputs: number, hidden: number[], activation: Activation, size = 1): Network {
  const outputActivation = random.uniform() < 0.7 ? 'sigmoid' : ACTIVATIONS[random.below(ACTIVATIONS.length)]!
  return randomNetwork(random, { widths: [inputs, ...hidden, 1], activation, outputActivation, size })
}

function disposed(error: Error): boolean {
  return error instanceof EvaluationError && error.message === 'this drone was disposed'
}

const test = suite('single events')

/** `npm run check:events` asks for ten million. */
const EVENTS = process.env.NNDRONE_LONG ? 10_000_000 : 100_000

test(`${EVENTS.toLocaleString('en')} random events give the bits of the definition, as rows, records and batches`, () => {
  const hiddenActivations = ACTIVATIONS.filter((activation) => activation !== 'softmax')
  let events = 0
  for (let n = 0; events < EVENTS; n++) {
    const activation =
      n % 3 === 0 ? hiddenActivations[random.below(hiddenActivations.length)]! : (['sigmoid', 'tanh'] as const)[n % 2]!
    const hidden = n % 11 === 0 ? [] : n % 7 === 0 ? [5, 9] : [1 + random.below(40)]
    const size = [1, 1, 1, 30, 1e37][random.below(5)]!
    const network = networkOf(1 + random.below(10), hidden, activation, size)
    const [fast, plain] = [Drone.from(network, { engine: 'simd' }), Drone.from(network, { engine: 'js' })]
    const rows = Array.from({ length: 250 }, () => network.inputs.map(value))
    const batch = fast.predictBatch(Float64Array.from(rows.flat()))
    const rounded = Float32Array.from(rows.flat())
    const same = (score: number, expected: number, how: string, row: readonly number[]) => {
      if (Object.is(score, expected)) return
      assert.unreachable(
        `${score}, not ${expected}: ${how}, ${network.inputs.length}→${hidden}→1 ${activation}, ${size}: ${row}`,
      )
    }
    for (const [e, row] of rows.entries()) {
      const expected = plain.predict(row)
      same(fast.predict(row), expected, 'row', row)
      same(fast.predictRecord(recordOf(network, row)), expected, 'record', row)
      same(batch[e]!, expected, 'batch', row)
    }
    const singles = plain.predictBatch(rounded)
    for (const [e, score] of fast.predictBatch(rounded).entries()) same(score, singles[e]!, 'batch of f32', rows[e]!)
    events += rows.length
    fast.dispose()
  }
})

for (const engine of ENGINES) values(engine)

function values(engine: EngineName): void {
  for (const inputs of [1, 2, 3, 4, 5, 6, 7, 8, 9, 12]) {
    test(`each of ${inputs} values is read once, ${engine}`, () => {
      const given = networkOf(inputs, [5], 'sigmoid')
      const network = { ...given, inputs: given.inputs.map((input) => ({ ...input, default: 0.5 })) }
      const one = Drone.from(network, { engine })
      const names = network.inputs.map(({ name }) => name)
      for (const special of [1, Number.NaN, undefined, null, Number.POSITIVE_INFINITY, 'wrong']) {
        const read: string[] = []
        const watched = (keys: readonly string[]) => {
          const event = { length: inputs }
          for (const [i, key] of keys.entries()) {
            const get = () => {
              read.push(key)
              return i === inputs - 1 ? special : 0.25
            }
            Object.defineProperty(event, key, { get })
          }
          return event
        }
        const scored = (score: () => number) => {
          try {
            return score()
          } catch (error) {
            assert.is((error as Error).message, `"${names.at(-1)}": "wrong", expected a number`)
            return 'wrong'
          }
        }
        const row = names.map((_, i) => `${i}`)
        const first = scored(() => one.predict(watched(row) as unknown as number[]))
        assert.equal(read.splice(0), row)
        const second = scored(() => one.predictRecord(watched(names)))
        assert.equal(read, names)
        assert.ok(Object.is(first, second))
        assert.is(first === 'wrong', special === 'wrong')
      }
    })
  }

  test(`a getter that grows or disposes the drone while its event is read, ${engine}`, () => {
    const network = networkOf(3, [5], 'sigmoid')
    const during = (act: (one: Drone) => void) => {
      const one = Drone.from(network, { engine })
      return one.predictRecord({
        ...recordOf(network, [1, 2, 3]),
        get x1() {
          act(one)
          return 2
        },
      })
    }
    const score = during(() => {})
    const units = { seed: 1 }
    assert.is(
      during((one) => {
        for (let n = 0; n < 9; n++) one.expand(0, units)
      }),
      score,
    )
    assert.throws(() => during((one) => one.dispose()), disposed)
  })

  test(`a drone that grew, got a layer, or was disposed, ${engine}`, () => {
    const network = networkOf(6, [15], 'sigmoid')
    const one = Drone.from(network, { engine })
    const row = [1, 2, 3, -1, -2, -3]
    const score = one.predict(row)
    assert.is(one.expand().predict(row), score)
    assert.is(one.expand().predictRecord(recordOf(network, row)), score)
    assert.is(one.deepen(1).predict(row), score)
    assert.is(one.predictRecord(recordOf(network, row)), score)
    one.dispose()
    for (const use of [() => one.predict(row), () => one.predictRecord(recordOf(network, row))]) {
      assert.throws(use, disposed)
    }
  })
}

test('more lists of names than there are readers', () => {
  const drones = Array.from({ length: 25 }, (_, n) => {
    const network = networkOf(1 + (n % 8), [7], 'tanh')
    const inputs = network.inputs.map((input, i) => ({ ...input, name: `${'abcdefghijklm'[n % 13]}${i}`, default: 1 }))
    return { network: { ...network, inputs }, one: Drone.from({ ...network, inputs }, { engine: 'simd' }) }
  })
  for (let round = 0; round < 3; round++) {
    for (const { network, one } of drones) {
      const row = network.inputs.map(() => 2 * random.uniform())
      assert.is(one.predictRecord(recordOf(network, row)), one.predict(row))
      assert.is(one.predictRecord({}), one.predict(row.map(() => 1)))
    }
  }
})

test('a key that only the prototype has is absent, unless it is a number', () => {
  const given = networkOf(2, [3], 'sigmoid')
  const inputs = [
    { name: 'constructor', offset: 0, scale: 1, default: 4 },
    { name: 'x', offset: 0, scale: 1 },
  ]
  const one = Drone.from({ ...given, inputs })
  assert.is(one.predictRecord({ x: 1 }), one.predict([4, 1]))
  assert.is(one.predictRecord(Object.create({ x: 1 })), one.predict([4, 1]))
})

test('an engine of its own gives the same bits, and so do many', () => {
  const network = networkOf(6, [15], 'sigmoid')
  const row = [1, 2, 3, -1, -2, -3]
  const score = Drone.from(network).predict(row)
  for (let n = 0; n < 3; n++) {
    const one = Drone.from(network, { engine: createEngine({ engine: 'simd' }) })
    assert.is(one.predict(row), score)
    assert.is(one.predictRecord(recordOf(network, row)), score)
  }
})

test('the kernels alone: any values make NaN that are not finite, and spare ones do not matter', () => {
  const engine = createEngine({ engine: 'simd' })
  const network = networkOf(6, [15], 'sigmoid')
  const { pointer } = engine.place(network)
  const { score6, score8 } = engine.kernels!
  const score = Drone.from(network).predict([1, 2, 3, 4, 5, 6])
  assert.is(score6!(pointer!, 1, 2, 3, 4, 5, 6), score)
  assert.is(score8!(pointer!, 1, 2, 3, 4, 5, 6, 0, 0), score)
  for (const lost of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300]) {
    for (let i = 0; i < 6; i++) {
      const [a, b, c, d, e, f] = [1, 2, 3, 4, 5, 6].with(i, lost) as [number, number, number, number, number, number]
      assert.ok(Number.isNaN(score6!(pointer!, a, b, c, d, e, f)), `${lost} at ${i}`)
    }
  }
})

test.run()
