/** The drone as its users meet it: scoring, records, streams, growth, disposal, and the caller's mistakes. */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { SimdEngine } from '../../bindings/engines/simd.ts'
import {
  ConfigurationError,
  createEngine,
  Drone,
  type EngineName,
  EvaluationError,
  type EventRecord,
  type TransformOptions,
} from '../../bindings/index.ts'
import type { Activation } from '../../bindings/model/activations.ts'
import { ENGINES, firstDifference, randomNetwork, randomNumbers, seeded } from '../support.ts'

function throws(run: () => unknown, message: string, kind = EvaluationError): void {
  try {
    run()
  } catch (error) {
    assert.is((error as Error).message, message)
    assert.instance(error, kind)
    return
  }
  assert.unreachable(`not refused: ${message}`)
}

function streamOf<T>(items: T[]): ReadableStream<T> {
  return new ReadableStream({
    start(controller) {
      for (const item of items) controller.enqueue(item)
      controller.close()
    },
  })
}

/** 3 inputs x0, x1 (with a default), x2. */
function drone(engine: EngineName = 'simd', outputs = 1): Drone {
  return Drone.from(randomNetwork(seeded(1), { widths: [3, 5, outputs] }), { engine })
}

for (const engine of ENGINES) {
  const test = suite(`drone (${engine})`)

  test('all ways of asking give the same answer', async () => {
    const one = drone(engine)
    assert.is(one.engine, engine)
    const event = [0.3, -1.2, 2.5]
    const score = one.predict(event)
    assert.ok(score > 0 && score < 1)
    assert.is(one.predict(Float64Array.from(event)), score)
    assert.is(one.predictRecord({ x2: 2.5, x0: 0.3, x1: -1.2, extra: 'anything' }), score)
    assert.is(one.predictInto(event, [0])[0], score)
    assert.is(one.predictInto(event, new Float32Array(1))[0], score)
    assert.is(one.predictBatch(Float64Array.from([...event, ...event]))[1], score)
    const loaded = await Drone.load(JSON.stringify(one), { engine })
    assert.is(loaded.predict(event), score)
  })

  test('what it says of itself', () => {
    const one = drone(engine, 2)
    assert.equal(one.inputs, ['x0', 'x1', 'x2'])
    assert.equal(one.outputs, ['y0', 'y1'])
    assert.is(one.parameters, 3 * 5 + 5 + 5 * 2 + 2)
    assert.equal(one.hidden, [5])
  })

  test('several outputs', () => {
    const one = drone(engine, 3)
    const scores = one.predictInto([1, 2, 3], new Float64Array(3))
    assert.equal([...one.predictBatch(Float32Array.of(1, 2, 3))], [...scores])
    throws(() => one.predict([1, 2, 3]), 'predict: this drone has 3 outputs; use predictInto or scores')
    throws(
      () => one.predictRecord({ x0: 1, x1: 2, x2: 3 }),
      'predictRecord: this drone has 3 outputs; use predictInto or scores',
    )
    throws(() => one.predictInto([1, 2, 3], [0]), 'out: 1 number, expected 3')
    throws(() => one.predictInto([1, 2, 3], undefined as never), 'out: undefined, expected 3')
  })

  test('missing values', () => {
    const one = drone(engine)
    const standard = one.predict([1, one.network.inputs[1]!.default!, 3])
    for (const missing of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.is(one.predict([1, missing, 3]), standard)
      assert.is(one.predictRecord({ x0: 1, x1: missing, x2: 3 }), standard)
    }
    assert.is(one.predictRecord({ x0: 1, x2: 3 }), standard)
    throws(() => one.predict([null, 1, 2]), '"x0": missing, and this input has no default')
    throws(() => one.predictRecord({ x1: 1, x2: 3 }), '"x0": missing, and this input has no default')
    assert.ok(Number.isNaN(one.predict([Number.NaN, 1, 2])))
    assert.ok(Number.isNaN(one.predict([1, 2, Number.NEGATIVE_INFINITY])))
  })

  test('what is not a number', () => {
    const one = drone(engine)
    throws(() => one.predict(['5', 1, 2] as unknown as number[]), '"x0": "5", expected a number')
    throws(() => one.predict([1, true, 2] as unknown as number[]), '"x1": true, expected a number')
    throws(() => one.predict([1, 2n, 2] as unknown as number[]), '"x1": 2n, expected a number')
    throws(() => one.predictRecord({ x0: 1, x1: [1], x2: 3 }), '"x1": an array of 1, expected a number')
    throws(() => one.predictRecord(7 as unknown as EventRecord), 'event: 7, expected an object with x0, x1, x2')
    throws(() => one.predict([1, 2]), 'event: 2 values, expected 3 (x0, x1, x2)')
    throws(() => one.predict(undefined as unknown as number[]), 'event: undefined, expected 3 (x0, x1, x2)')
    throws(
      () => one.predictBatch([1, 2, 3] as unknown as Float32Array),
      'events: an array of 3, expected a Float32Array or a Float64Array',
    )
    throws(
      () => one.predictBatch(new Float32Array(4)),
      'events: 4 numbers, expected a multiple of 3 (inputs: x0, x1, x2)',
    )
    throws(
      () => one.predictBatch(new Float32Array(6), new Float32Array(1)),
      'out: a typed array of 1, expected a Float32Array of 2',
    )
    assert.is(one.predictBatch(new Float32Array(0)).length, 0)
  })

  test('a key that only the prototype has is absent', () => {
    const network = randomNetwork(seeded(1), { widths: [1, 1] })
    const one = Drone.from({ ...network, inputs: [{ name: 'constructor', offset: 0, scale: 1 }] }, { engine })
    throws(() => one.predictRecord({}), '"constructor": missing, and this input has no default')
    class Event {
      get constructor_() {
        return 1
      }
    }
    throws(
      () => one.predictRecord(new Event() as unknown as EventRecord),
      '"constructor": missing, and this input has no default',
    )
  })

  test('an event that changes while it is read does no harm', () => {
    const one = drone(engine)
    const other = drone(engine)
    const expected = other.predict([1, 2, 3])
    let asked = 0
    const growing = {
      0: 1,
      1: 2,
      2: 3,
      3: 4,
      4: 5,
      get length() {
        return asked++ < 2 ? 3 : 100000
      },
    }
    assert.is(one.predict(growing), one.predict([1, 2, 3]))
    assert.is(other.predict([1, 2, 3]), expected)
    const busy = {
      x0: 1,
      get x1() {
        for (let i = 0; i < 50; i++) Drone.from(randomNetwork(seeded(1), { widths: [3, 500, 1] }), { engine })
        return 2
      },
      x2: 3,
    }
    assert.is(one.predictRecord(busy), one.predict([1, 2, 3]))
  })

  test('its description is a copy', () => {
    const one = drone(engine)
    const before = one.predict([1, 2, 3])
    one.network.layers[0]!.weights.fill(9)
    assert.is(one.predict([1, 2, 3]), before)
    assert.is(Drone.from(one.toJSON(), { engine }).predict([1, 2, 3]), before)
    assert.is(Drone.from(one.network, { engine }).predict([1, 2, 3]), before)
  })

  test('large offsets survive: preprocessing is f64', () => {
    const layer = { activation: 'linear', alpha: 0, weights: Float32Array.of(1), bias: Float32Array.of(0) } as const
    const one = Drone.from(
      { inputs: [{ name: 't', offset: -1.7e12, scale: 1 }], layers: [layer], outputs: ['y'] },
      { engine },
    )
    assert.is(one.predict([1.7e12 + 3]), 3)
    assert.is(one.predictBatch(Float64Array.of(1.7e12 + 3))[0], 3)
  })

  test('disposed', () => {
    const one = drone(engine)
    one.dispose()
    one.dispose()
    const uses: ((d: Drone) => unknown)[] = [
      (d) => d.predict([1, 2, 3]),
      (d) => d.predictRecord({ x0: 1, x1: 2, x2: 3 }),
      (d) => d.predictInto([1, 2, 3], [0]),
      (d) => d.predictBatch(new Float32Array(3)),
      (d) => d.expand(0),
      (d) => d.deepen(0),
    ]
    for (const use of uses) throws(() => use(one), 'this drone was disposed')
    const other = drone(engine)
    other[Symbol.dispose]()
    throws(() => other.predict([1, 2, 3]), 'this drone was disposed')
  })

  test('expand leaves the scores and their bits', () => {
    const one = drone(engine, 2)
    const events = randomNumbers(seeded(2), 3 * 40)
    const before = one.predictBatch(events)
    for (const seed of [1, 2, 3, 4, 5]) one.expand(0, { seed })
    one.expand(0, { incoming: 'zero' })
    assert.equal(one.hidden, [11])
    assert.is(one.parameters, 3 * 11 + 11 + 11 * 2 + 2)
    assert.is(firstDifference(one.predictBatch(events), before), -1)
    assert.is(firstDifference(Drone.from(JSON.stringify(one), { engine }).predictBatch(events), before), -1)
    const incoming = one.network.layers[0]!.weights
    assert.not.equal([...incoming.slice(5 * 3, 6 * 3)], [...incoming.slice(6 * 3, 7 * 3)], 'seeds differ')
    const again = drone(engine, 2).expand(0, { seed: 1 })
    assert.equal([...again.network.layers[0]!.weights.slice(15)], [...incoming.slice(15, 18)], 'a seed is a seed')
  })

  test('two growths make no twins, whatever the seed', () => {
    const one = drone(engine).expand().expand()
    const { weights } = one.network.layers[0]!
    assert.not.equal([...weights.slice(15, 18)], [...weights.slice(18, 21)])
  })

  test('expand refuses what could not learn', () => {
    throws(() => drone(engine).expand(1), 'expand: layer 1, but hidden layers are 0 to 0', ConfigurationError)
    throws(() => drone(engine).expand(0.5), 'expand: layer 0.5, but hidden layers are 0 to 0', ConfigurationError)
    const flat = Drone.from(randomNetwork(seeded(1), { widths: [3, 1] }), { engine })
    throws(() => flat.expand(), 'expand: layer 0, but there is no hidden layer', ConfigurationError)
    throws(
      () => drone(engine).expand(0, { incoming: 'ones' as 'zero' }),
      'incoming: "ones", expected "zero" or "random"',
      ConfigurationError,
    )
    const rectified = Drone.from(randomNetwork(seeded(1), { widths: [3, 4, 1], activation: 'rectified' }), { engine })
    throws(
      () => rectified.expand(0, { incoming: 'zero' }),
      'incoming: "zero" leaves a unit of rectified dead for ever, since rectified(0) = 0; use "random"',
      ConfigurationError,
    )
    const twin = drone(engine).expand(0, { incoming: 'zero' })
    throws(
      () => twin.expand(0, { incoming: 'zero' }),
      'incoming: "zero" would make a twin of unit 5, whose weights are all zero still; train first, or use "random"',
      ConfigurationError,
    )
  })

  test('deepen leaves the scores and their bits', () => {
    const activations: Activation[] = ['sigmoid', 'rectified', 'swish']
    for (const activation of activations) {
      const network = randomNetwork(seeded(3), { widths: [3, 6, 4, 1], activation, outputActivation: 'sigmoid' })
      const one = Drone.from(network, { engine })
      const events = randomNumbers(seeded(4), 3 * 40)
      const before = one.predictBatch(events)
      for (const layer of [0, 1, 3]) one.deepen(layer)
      if (activation === 'rectified') one.deepen(3, 'rectified')
      assert.ok(one.hidden.length >= 5)
      assert.is(firstDifference(one.predictBatch(events), before), -1, activation)
    }
    const one = drone(engine)
    throws(() => one.deepen(2), 'deepen: layer 2, but layers are 0 to 1', ConfigurationError)
    throws(
      () => one.deepen(1, 'rectified'),
      'deepen: a rectified layer is the identity only after a rectified one, not after sigmoid',
      ConfigurationError,
    )
    throws(
      () => one.deepen(0, 'rectified'),
      'deepen: a rectified layer is the identity only after a rectified one, not after the inputs',
      ConfigurationError,
    )
  })

  test('a stream scores records and rows, in order', async () => {
    const one = drone(engine)
    const events = [{ x0: 1, x1: 2, x2: 3, id: 'a' }, [1, 2, 3], { x0: 4, x2: 5 }, Float64Array.of(1, 2, 3)]
    const source = streamOf(events)
    const out: unknown[] = []
    for await (const scored of source.pipeThrough(one.transform()) as unknown as AsyncIterable<unknown>)
      out.push(scored)
    const score = one.predict([1, 2, 3])
    assert.equal(out[0], { x0: 1, x1: 2, x2: 3, id: 'a', y0: score })
    assert.equal(out[1], [1, 2, 3, score])
    assert.equal(out[2], { x0: 4, x2: 5, y0: one.predict([4, null, 5]) })
    assert.equal(out[3], [1, 2, 3, score])
  })

  test('a stream keeps the back-pressure, and ends with the error of an event', async () => {
    let pulled = 0
    const endless = new ReadableStream({
      pull(controller) {
        controller.enqueue([pulled++, 1, 2])
      },
    })
    const reader = endless.pipeThrough(drone(engine).transform()).getReader()
    await reader.read()
    await new Promise((resolve) => setTimeout(resolve, 20))
    assert.ok(pulled < 10, `${pulled} events were taken for one that was read`)
    await reader.cancel()

    const wrong = streamOf([
      [1, 2, 3],
      [1, 2],
      [1, 2, 3],
    ]).pipeThrough(drone(engine).transform())
    const failing = wrong.getReader()
    await failing.read()
    try {
      await failing.read()
      assert.unreachable()
    } catch (error) {
      assert.instance(error, EvaluationError)
      assert.equal([(error as EvaluationError).event, (error as EvaluationError).index], [[1, 2], 1])
    }
  })

  test('onError drops, replaces or ends, and is told the event and its number', async () => {
    const one = drone(engine)
    const score = one.predict([1, 2, 3])
    const events = [[1, 2, 3], { x0: 1, x1: 2 }, [1, 2], { x0: 'a', x1: 2, x2: 3 }, null, [1, 2, 3]]
    const scored = async (options: TransformOptions, scoring = one) => {
      const out: unknown[] = []
      const stream = streamOf(events as number[][]).pipeThrough(scoring.transform(options))
      for await (const event of stream as unknown as AsyncIterable<unknown>) out.push(event)
      return out
    }
    const told: unknown[] = []
    const dropped = await scored({
      onError(error, event, index) {
        assert.instance(error, EvaluationError)
        assert.is(error.event, event)
        assert.is(error.index, index)
        told.push([index, error.message, event])
      },
    })
    const good = [1, 2, 3, score]
    assert.equal(dropped, [good, good])
    assert.equal(told, [
      [1, '"x2": missing, and this input has no default', events[1]],
      [2, 'event: 2 values, expected 3 (x0, x1, x2)', events[2]],
      [3, '"x0": "a", expected a number', events[3]],
      [4, 'event: null, expected an object with x0, x1, x2', null],
    ])
    const replaced = await scored({
      onError: async (_, event, index) => (Array.isArray(event) ? [...event, null] : { ...event, y0: null, index }),
    })
    assert.equal(replaced, [
      good,
      { x0: 1, x1: 2, y0: null, index: 1 },
      [1, 2, null],
      { x0: 'a', x1: 2, x2: 3, y0: null, index: 3 },
      { y0: null, index: 4 },
      good,
    ])
    const failure = async (options: TransformOptions, scoring?: Drone) => {
      const said = await scored(options, scoring).catch((error: Error) => error)
      return said as Error
    }
    const other = new Error('enough')
    const rethrown = await failure({
      onError(error, _, index) {
        if (index === 1) return undefined
        if (index === 2) throw other
        throw error
      },
    })
    assert.is(rethrown, other)
    const disposed = drone(engine)
    disposed.dispose()
    const calls: number[] = []
    const said = await failure({ onError: (_, __, index) => void calls.push(index) }, disposed)
    assert.is(said.message, 'this drone was disposed')
    assert.equal(calls, [])
  })

  test("Node's pipeline takes the stream as it is, and rejects with the error of a record", async () => {
    const one = drone(engine)
    const scored: unknown[] = []
    const run = (records: EventRecord[]) =>
      // The types of Node 20 do not know that it takes web streams.
      pipeline(Readable.from(records), one.transform() as unknown as NodeJS.ReadWriteStream, async (events) => {
        for await (const event of events) scored.push(event)
      })
    const good = { x0: 1, x1: 2, x2: 3 }
    await run([good, good])
    const score = one.predict([1, 2, 3])
    assert.equal(scored, Array(2).fill({ ...good, y0: score }))
    try {
      await run([good, { ...good, x1: 'two' }, good])
      assert.unreachable()
    } catch (error) {
      assert.instance(error, EvaluationError)
      assert.is((error as Error).message, '"x1": "two", expected a number')
    }
  })

  test.run()
}

const engines = suite('engines')

engines('several drones in one engine do not disturb each other, when memory grows either', () => {
  const engine = createEngine({ engine: 'simd' })
  const random = seeded(9)
  const event = randomNumbers(random, 7)
  const drones: { drone: Drone; score: number }[] = []
  for (let i = 0; i < 300; i++) {
    const network = randomNetwork(random, { widths: [7, 1 + random.below(60), 1 + random.below(2)] })
    const one = Drone.from(network, { engine })
    drones.push({ drone: one, score: one.predictInto(event, new Array(one.outputs.length).fill(0))[0]! })
  }
  for (const [i, { drone: one }] of drones.entries()) if (i % 3 === 0) one.dispose()
  for (const [i, { drone: one, score }] of drones.entries()) {
    if (i % 3 === 0) continue
    assert.ok(Object.is(one.predictInto(event, new Array(one.outputs.length).fill(0))[0], score))
  }
})

engines('an unknown engine is refused', () => {
  const expected = 'engine: "gpu", expected "simd", "relaxed" or "js"'
  throws(() => createEngine({ engine: 'gpu' as 'js' }), expected, ConfigurationError)
})

engines('a failed allocation leaves what others own alone', () => {
  const engine = new SimdEngine()
  engine.staging(100)
  const { allocate } = engine
  engine.allocate = () => {
    throw new Error('full')
  }
  assert.throws(() => engine.staging(1000), 'full')
  engine.allocate = allocate
  const mine = engine.allocate(100)
  engine.staging(200)
  assert.is.not(engine.allocate(100), mine)
})

engines('a deepening for which there is no room leaves the drone as it was', () => {
  const engine = createEngine({ engine: 'simd' })
  const one = Drone.from(randomNetwork(seeded(1), { widths: [3, 5, 1] }), { engine })
  const before = one.predict([1, 2, 3])
  const { place } = engine
  engine.place = () => {
    throw new ConfigurationError('full')
  }
  throws(() => one.deepen(1), 'full', ConfigurationError)
  engine.place = place
  assert.equal(one.hidden, [5])
  assert.is(one.predict([1, 2, 3]), before)
  const wide = Drone.from(randomNetwork(seeded(1), { widths: [1, 4200, 1] }))
  throws(() => wide.deepen(1), 'layers: 17656801 parameters, at most 16777216 are possible', ConfigurationError)
})

engines.run()
