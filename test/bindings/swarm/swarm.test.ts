/** A swarm: every score has the bits that its drone gives alone, whatever comes and goes beside it. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Random } from '../../../bindings/arithmetic/random.ts'
import { simd } from '../../../bindings/binaries/simd.ts'
import { compiled } from '../../../bindings/engines/modules.ts'
import { ConfigurationError, createEngine, Drone, EvaluationError, type EventRecord } from '../../../bindings/index.ts'
import { ACTIVATIONS } from '../../../bindings/model/activations.ts'
import type { Network } from '../../../bindings/model/network.ts'
import { swarmEngine } from '../../../bindings/swarm/simd.ts'
import { Swarm } from '../../../bindings/swarm.ts'
import { firstDifference, randomNetwork, randomNumbers, seeded } from '../../support.ts'

function throws(run: () => unknown, message: string, kind = ConfigurationError): void {
  try {
    run()
  } catch (error) {
    assert.is((error as Error).message, message)
    assert.instance(error, kind)
    return
  }
  assert.unreachable(`not refused: ${message}`)
}

const NAMES = ['pt', 'eta', 'mass', 'dira', 'ip', 'chi2', 'tau', 'doca', 'iso']

/** Some of the names, shuffled, in place of x0, x1, …. */
function withNames(network: Network, random: Random): Network {
  const names = [...NAMES]
  const take = () => names.splice(random.below(names.length), 1)[0]!
  return { ...network, inputs: network.inputs.map((input) => ({ ...input, name: take() })) }
}

/** Mostly the paper's kind; else any activation, depth and width. */
function anyNetwork(random: Random): Network {
  if (random.uniform() < 0.5) {
    return withNames(randomNetwork(random, { widths: [6, 12 + random.below(6), 1] }), random)
  }
  const outputActivation = ACTIVATIONS[random.below(ACTIVATIONS.length)]!
  const activation = outputActivation === 'softmax' ? 'tanh' : outputActivation
  const widths = [1 + random.below(NAMES.length)]
  for (let depth = random.below(4); depth > 0; depth--) widths.push(1 + random.below(9))
  const size = random.uniform() < 0.2 ? 50 : 1
  const shape = { widths: [...widths, 1 + random.below(5)], activation, outputActivation, size }
  return withNames(randomNetwork(random, shape), random)
}

/** What each drone says alone of an event of the swarm. */
function alone(networks: readonly Network[], names: readonly string[], event: ArrayLike<number>): number[] {
  const engine = createEngine({ engine: 'js' })
  return networks.flatMap((network) => {
    const drone = Drone.from(network, { engine })
    const row = network.inputs.map(({ name }) => event[names.indexOf(name)]!)
    return [...drone.predictInto(row, new Float32Array(network.outputs.length))]
  })
}

function same(scores: ArrayLike<number>, expected: ArrayLike<number>, how: string): void {
  const i = firstDifference(scores, expected)
  assert.is(i, -1, `${how}: score ${i} is ${scores[i]}, expected ${expected[i]}`)
}

/** 2 inputs a, b (with a default); the output's weight tells drones apart. */
function small(weight: number, names = ['a', 'b']): Network {
  const layer = {
    activation: 'linear',
    alpha: 0,
    weights: Float32Array.of(weight, 1),
    bias: Float32Array.of(0),
  } as const
  const [first, second] = names as [string, string]
  const inputs = [
    { name: first, offset: 0, scale: 1 },
    { name: second, offset: 0, scale: 1, default: 5 },
  ]
  return { inputs, layers: [layer], outputs: ['y'] }
}

for (const engine of ['simd', 'js'] as const) {
  const test = suite(`swarm (${engine})`)

  test('the bits of each drone alone: any shape, any number in a quad, special values, one event and batches', () => {
    const random = seeded(1)
    for (let count = 1; count <= 17; count++) {
      const networks = Array.from({ length: count }, () => anyNetwork(random))
      const swarm = new Swarm({ inputs: NAMES, engine })
      for (const [i, network] of networks.entries()) swarm.add(`d${i}`, network)
      for (const events of [11, 300]) {
        const flat = randomNumbers(random, events * NAMES.length, 3, 0.03)
        const rows = Array.from({ length: events }, (_, n) => flat.subarray(n * NAMES.length, (n + 1) * NAMES.length))
        const expected = rows.slice(0, 40).flatMap((row) => alone(networks, NAMES, row))
        same(
          rows.slice(0, 40).flatMap((row) => [...swarm.predict(row)]),
          expected,
          `${count} drones, one event`,
        )
        same(swarm.predictBatch(flat).subarray(0, expected.length), expected, `${count} drones, ${events} events`)
        const rounded = Float32Array.from(flat)
        const single = swarm.predictBatch(Float64Array.from(rounded))
        same(swarm.predictBatch(rounded), single, `${count} drones, ${events} events in f32`)
        same(
          single.subarray(-swarm.outputs.length),
          [...swarm.predict(rounded.subarray(-NAMES.length))],
          'the last event',
        )
      }
      swarm.dispose()
    }
  })

  test('drones that come, go and are replaced leave the scores of the others alone', () => {
    const random = seeded(2)
    const swarm = new Swarm({ engine })
    const present: { name: string; network: Network }[] = []
    for (let step = 0; step < 400; step++) {
      const network = anyNetwork(random)
      const at = random.below(present.length + 1)
      const choice = random.uniform()
      if (at === present.length || choice < 0.4) {
        present.push({ name: `d${step}`, network })
        swarm.add(`d${step}`, network)
      } else if (choice < 0.7) {
        present[at]!.network = network
        swarm.replace(present[at]!.name, JSON.stringify(Drone.from(network)))
      } else {
        swarm.remove(present.splice(at, 1)[0]!.name)
      }
      assert.equal(
        swarm.drones,
        present.map(({ name }) => name),
      )
      if (step % 7 > 0) continue
      const event = randomNumbers(random, swarm.inputs.length, 3, 0.02)
      const networks = present.map((one) => one.network)
      same(swarm.predict(event), alone(networks, swarm.inputs, event), `step ${step}`)
      same(Swarm.from(JSON.stringify(swarm), { engine }).predict(event), swarm.predict(event), 'read back')
    }
  })

  test('all ways of asking give the same answer', () => {
    const swarm = new Swarm({ engine }).add('one', small(2)).add('two', small(3, ['c', 'a']))
    assert.is(swarm.engine, engine)
    assert.equal(swarm.inputs, ['a', 'b', 'c'])
    assert.equal(swarm.outputs, ['one', 'two'])
    const event = [1, 10, 100]
    assert.equal([...swarm.predict(event)], [12, 301])
    assert.equal([...swarm.predict(Float32Array.from(event))], [12, 301])
    assert.equal(swarm.predictInto(event, [0, 0]), [12, 301])
    assert.equal([...swarm.predictRecord({ c: 100, a: 1, b: 10, run: 'any' })], [12, 301])
    assert.equal([...swarm.predictBatch(Float64Array.of(1, 10, 100, 2, 20, 200))], [12, 301, 24, 602])
    const first = swarm.predict(event)
    swarm.predict([0, 0, 0])
    assert.equal([...first], [12, 301], 'an answer is not overwritten by the next')
  })

  test('outputs are named, and names are taken once', () => {
    const several = randomNetwork(seeded(3), { widths: [2, 4, 2] })
    const swarm = new Swarm({ engine }).add('one', small(1)).add('many', several).add('last', small(2))
    assert.equal(swarm.outputs, ['one', 'many.y0', 'many.y1', 'last'])
    throws(() => swarm.add('one', small(1)), 'name: "one" is taken in this swarm')
    throws(() => swarm.add('many', small(1)), 'name: "many" is taken in this swarm')
    throws(() => swarm.add('many.y1', small(1)), 'name: "many.y1" is taken in this swarm')
    throws(() => swarm.add('', small(1)), 'name: "", expected a name')
    throws(() => swarm.add(7 as unknown as string, small(1)), 'name: 7, expected a name')
    swarm.replace('many', small(4))
    assert.equal(swarm.outputs, ['one', 'many', 'last'])
    assert.equal([...swarm.predictRecord({ a: 1, b: 1, x0: 0, x1: 0 })], [2, 5, 3])
    swarm.remove('one').add('one', small(7)).add('many.y1', small(8))
    assert.equal(swarm.drones, ['many', 'last', 'one', 'many.y1'])
    throws(() => swarm.remove('none'), 'no drone of this swarm is named "none"')
    throws(() => swarm.replace('none', small(1)), 'no drone of this swarm is named "none"')
  })

  test('inputs: those that were given and no others, or those of the drones', () => {
    const given = new Swarm({ inputs: ['b', 'unused', 'a'], engine }).add('one', small(2))
    assert.equal([...given.predict([10, Number.NaN, 1])], [12])
    assert.equal([...given.predictRecord({ a: 1, b: 10 })], [12])
    throws(
      () => given.add('two', small(1, ['a', 'c'])),
      'drone "two": inputs[1].name: "c", but this swarm has b, unused, a',
    )
    throws(
      () => given.replace('one', small(1, ['c', 'a'])),
      'drone "one": inputs[0].name: "c", but this swarm has b, unused, a',
    )
    assert.equal(given.drones, ['one'])
    assert.equal([...given.predict([10, 0, 1])], [12], 'a refused drone changes nothing')
    const open = new Swarm({ engine })
      .add('one', small(1))
      .add('two', small(2, ['c', 'b']))
      .remove('one')
    assert.equal(open.inputs, ['a', 'b', 'c'], 'none is taken away')
    throws(() => open.predict([1, 2]), 'event: 2 values, expected 3 (a, b, c)', EvaluationError)
    throws(() => new Swarm({ inputs: ['a', 'a'] }), 'inputs[1]: "a" is the name of inputs[0] too')
    throws(() => new Swarm({ inputs: 'a' as never }), 'inputs: "a", expected an array of names')
  })

  test('a swarm without drones', () => {
    const swarm = new Swarm({ inputs: ['a', 'b'], engine })
    assert.is(swarm.predict([1, 2]).length, 0)
    assert.is(swarm.predictBatch(new Float64Array(6)).length, 0)
    assert.is(new Swarm({ engine }).predict([]).length, 0)
    assert.is(new Swarm({ engine }).predictRecord({}).length, 0)
    assert.is(new Swarm({ engine }).predictBatch(new Float64Array(0)).length, 0)
    assert.equal([...swarm.add('one', small(2)).predict([1, 2])], [4])
    assert.is(swarm.remove('one').predict([1, 2]).length, 0)
  })

  test('missing values: the default of each drone, or its name', () => {
    const swarm = new Swarm({ engine }).add('one', small(2)).add('two', small(3, ['c', 'd']))
    assert.equal([...swarm.predict([1, null, 1, undefined])], [7, 8])
    assert.equal([...swarm.predictRecord({ a: 1, b: Number.NaN, c: 1 })], [7, 8])
    const scores = swarm.predict([Number.NaN, 1, 2, Number.NEGATIVE_INFINITY])
    assert.ok(Number.isNaN(scores[0]))
    assert.is(scores[1], 11, 'the others do not suffer')
    const missing = (name: string, drone: string) => `"${name}": missing, and drone "${drone}" has no default for it`
    throws(() => swarm.predict([null, 1, 1, 1]), missing('a', 'one'), EvaluationError)
    throws(() => swarm.predictRecord({ a: 1 }), missing('c', 'two'), EvaluationError)
    swarm.add('three', small(4, ['d', 'b']))
    throws(() => swarm.predict([1, null, 1, undefined]), missing('d', 'three'), EvaluationError)
    swarm.remove('three')
    assert.equal([...swarm.predict([1, null, 1, undefined])], [7, 8])
  })

  test('what is not a number, or of another length', () => {
    const swarm = new Swarm({ engine }).add('one', small(2))
    const refuses = (run: () => unknown, message: string) => throws(run, message, EvaluationError)
    refuses(() => swarm.predict(['5', 1] as never), '"a": "5", expected a number')
    refuses(() => swarm.predictRecord({ a: 1, b: true }), '"b": true, expected a number')
    refuses(() => swarm.predictRecord(7 as never), 'event: 7, expected an object with a, b')
    refuses(() => swarm.predict([1, 2, 3]), 'event: 3 values, expected 2 (a, b)')
    refuses(() => swarm.predict(undefined as never), 'event: undefined, expected 2 (a, b)')
    refuses(() => swarm.predictInto([1, 2], []), 'out: 0 numbers, expected 1')
    refuses(() => swarm.predictInto([1, 2], undefined as never), 'out: undefined, expected 1')
    refuses(
      () => swarm.predictBatch([1, 2] as never),
      'events: an array of 2, expected a Float32Array or a Float64Array',
    )
    refuses(() => swarm.predictBatch(new Float64Array(3)), 'events: 3 numbers, expected a multiple of 2 (inputs: a, b)')
    refuses(
      () => swarm.predictBatch(new Float64Array(4), new Float32Array(1)),
      'out: a typed array of 1, expected a Float32Array of 2',
    )
    throws(() => swarm.add('two', '{}'), 'drone "two": inputs: undefined, expected an array')
    throws(() => Swarm.from('[', { engine }), parseMessage())
    throws(() => Swarm.from(null), 'swarm: null, expected JSON as text, bytes or an object')
    throws(() => Swarm.from({}), 'inputs: undefined, expected an array of names')
    throws(() => new Swarm({ input: ['a'] } as never), 'Swarm: there is no option "input"; did you mean inputs?')
    throws(() => Swarm.from({ inputs: ['a'] }), 'drones: undefined, expected an array')
    throws(() => Swarm.from({ inputs: ['a'], drones: [null] }), 'name: undefined, expected a name')
  })

  test('a swarm that changes while it reads an event does no harm', () => {
    const swarm = new Swarm({ engine }).add('one', small(2))
    const changing = (change: () => void): EventRecord => ({
      get a() {
        change()
        return 1
      },
      b: 10,
      c: 100,
    })
    const message = 'this swarm was changed while it read the event'
    throws(() => swarm.predictRecord(changing(() => swarm.add('two', small(3, ['c', 'b'])))), message, EvaluationError)
    assert.equal([...swarm.predict([1, 10, 100])], [12, 310])
    throws(() => swarm.predictRecord(changing(() => swarm.dispose())), message, EvaluationError)
  })

  test('disposed', () => {
    const swarm = new Swarm({ engine }).add('one', small(2))
    swarm.dispose()
    swarm[Symbol.dispose]()
    const uses: ((swarm: Swarm) => unknown)[] = [
      (s) => s.predict([1, 2]),
      (s) => s.predictInto([1, 2], [0]),
      (s) => s.predictRecord({ a: 1, b: 2 }),
      (s) => s.predictBatch(new Float64Array(2)),
      (s) => s.add('two', small(1)),
      (s) => s.replace('one', small(1)),
      (s) => s.remove('one'),
    ]
    for (const use of uses) throws(() => use(swarm), 'this swarm was disposed', EvaluationError)
    assert.equal([...Swarm.from(swarm.toJSON(), { engine }).predict([1, 10])], [12])
  })

  test('a drone is copied', () => {
    const drone = Drone.from(small(2), { engine })
    const swarm = new Swarm({ engine }).add('one', drone)
    drone.dispose()
    assert.equal([...swarm.predict([1, 10])], [12])
  })

  test.run()
}

function parseMessage(): string {
  try {
    JSON.parse('[')
  } catch (error) {
    return `not JSON: ${(error as Error).message}`
  }
  return ''
}

const modules = suite('swarm: compiled modules')

modules('what is no module of swarms is refused', () => {
  throws(() => new Swarm({ module: {} as WebAssembly.Module }), 'module: an object, expected a WebAssembly.Module')
  throws(
    () => new Swarm({ module: compiled(simd) }),
    'module: a module without the kernel scoreQuads, expected that of nndrone/swarm.wasm',
  )
})

modules.run()

const memory = suite('swarm: memory')

memory('ten thousand drones, added, replaced and removed, leave the memory flat', () => {
  const engine = swarmEngine()
  const swarm = new Swarm()
  const random = seeded(5)
  const networks = Array.from({ length: 50 }, () => anyNetwork(random))
  for (let i = 0; i < 30; i++) swarm.add(`d${i}`, networks[i % networks.length]!)
  const event = randomNumbers(random, NAMES.length, 3)
  const cycle = (i: number) => {
    swarm.add('new', networks[i % 50]!)
    if (swarm.inputs.length === event.length) swarm.predict(event)
    swarm.replace('new', networks[(i * 7 + 1) % 50]!).remove('new')
  }
  for (let i = 0; i < 300; i++) cycle(i)
  const before = engine.f32.buffer.byteLength
  for (let i = 0; i < 10000; i++) cycle(i)
  assert.is(engine.f32.buffer.byteLength, before)
})

memory('disposed swarms leave the memory flat', () => {
  const engine = swarmEngine()
  const network = randomNetwork(seeded(1), { widths: [6, 15, 1] })
  const cycle = () => {
    const swarm = new Swarm()
    for (let i = 0; i < 40; i++) swarm.add(`d${i}`, network)
    swarm.dispose()
  }
  for (let i = 0; i < 10; i++) cycle()
  const before = engine.f32.buffer.byteLength
  for (let i = 0; i < 200; i++) cycle()
  assert.is(engine.f32.buffer.byteLength, before)
})

memory('a change for which there is no room leaves the swarm as it was', () => {
  // Another shape, wider, with inputs of its own: first a quad has to be allocated, then what is beside the quads.
  const wide = randomNetwork(seeded(6), { widths: [9, 20, 3] })
  for (const room of [0, 1]) {
    const engine = swarmEngine()
    const swarm = new Swarm().add('one', small(2))
    const before = engine.kernels.allocate(16)
    engine.kernels.release(before)
    const { allocate } = engine
    const refuses = (change: () => void) => {
      let left = room
      engine.allocate = (bytes) => {
        if (left-- === 0) throw new ConfigurationError('full')
        return allocate.call(engine, bytes)
      }
      throws(change, 'full')
      engine.allocate = allocate
    }
    refuses(() => swarm.add('two', wide))
    refuses(() => swarm.replace('one', wide))
    assert.is(engine.kernels.allocate(16), before, 'nothing was left behind')
    assert.equal(swarm.drones, ['one'])
    assert.equal(swarm.inputs, ['a', 'b'])
    assert.equal([...swarm.predict([1, 10])], [12])
    assert.equal([...swarm.add('two', small(3)).predict([1, 10])], [12, 13])
  }
})

memory.run()
