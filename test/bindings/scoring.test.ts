/** Named scores, and streams of records, rows, and arrays of them, through a drone and through a swarm. */
import { spawnSync } from 'node:child_process'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Drone, EvaluationError } from '../../bindings/index.ts'
import { Swarm } from '../../bindings/swarm.ts'
import { ENGINES, randomNetwork, randomNumbers, root, seeded } from '../support.ts'

const network = { ...randomNetwork(seeded(1), { widths: [3, 5, 2] }), outputs: ['signal', 'background'] }
const names = ['x0', 'x1', 'x2']
const row = [0.3, -1.2, 2.5]
const record = { x0: 0.3, x1: -1.2, x2: 2.5 }

/** What scores events of x0, x1 and x2 with two scores. */
const SCORERS = ENGINES.flatMap((engine) => {
  const drone = { name: `drone (${engine})`, make: () => Drone.from(network, { engine }), disposed: 'drone' }
  if (engine === 'relaxed') return [drone]
  const make = () => {
    const swarm = new Swarm({ engine, inputs: names })
    for (const [k, output] of network.outputs.entries())
      swarm.add(output, randomNetwork(seeded(k), { widths: [3, 4, 1] }))
    return swarm
  }
  return [drone, { name: `swarm (${engine})`, make, disposed: 'swarm' }]
})

async function through(stream: TransformStream<any, any>, chunks: unknown[]): Promise<unknown[]> {
  const source = new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk)
      controller.close()
    },
  })
  const out: unknown[] = []
  for await (const chunk of source.pipeThrough(stream) as unknown as AsyncIterable<unknown>) out.push(chunk)
  return out
}

async function failure(stream: TransformStream<any, any>, chunks: unknown[]): Promise<EvaluationError> {
  try {
    await through(stream, chunks)
  } catch (error) {
    assert.instance(error, EvaluationError)
    return error as EvaluationError
  }
  return assert.unreachable() as never
}

for (const { name, make, disposed } of SCORERS) {
  const test = suite(name)

  test('scores by name, of a row or a record, and into an object that is given', () => {
    const scorer = make()
    const [signal, background] = scorer.predictInto(row, [0, 0])
    const expected = { signal, background }
    assert.equal(scorer.scores(row), expected)
    assert.equal(scorer.scores({ ...record, other: 'x' }), expected)
    const into = { id: 7, signal: 0 }
    assert.is(scorer.scores(Float32Array.from(row), into), into)
    assert.is(into.id, 7)
    assert.is(into.signal, scorer.predictInto(Float32Array.from(row), [0, 0])[0])
    for (const [event, message] of [
      [[1], 'event: 1 value, expected 3 (x0, x1, x2)'],
      [7, 'event: 7, expected an object with x0, x1, x2'],
      [{ ...record, x0: '1' }, '"x0": "1", expected a number'],
    ] as const) {
      assert.throws(
        () => scorer.scores(event as object),
        (error: Error) => error instanceof EvaluationError && error.message === message,
      )
    }
    scorer.dispose()
    assert.throws(() => scorer.scores(record), `this ${disposed} was disposed`)
    assert.throws(() => scorer.scores(row), `this ${disposed} was disposed`)
  })

  test('a class and an object without a prototype are records', () => {
    class Event {
      x0 = 0.3
      x1 = -1.2
      x2 = 2.5
    }
    const scorer = make()
    assert.equal(scorer.scores(new Event()), scorer.scores(row))
    assert.equal(scorer.scores(Object.assign(Object.create(null), record)), scorer.scores(row))
  })

  test('records, rows and arrays of them come out with their scores', async () => {
    const scorer = make()
    const scores = scorer.scores(row)
    const values = Object.values(scores)
    const chunks = [record, row, [record, { ...record, id: 1 }], [row, Float64Array.from(row)], [], [record, row]]
    assert.equal(await through(scorer.transform(), chunks), [
      { ...record, ...scores },
      [...row, ...values],
      [
        { ...record, ...scores },
        { ...record, id: 1, ...scores },
      ],
      [
        [...row, ...values],
        [...row, ...values],
      ],
      [],
      [{ ...record, ...scores }, [...row, ...values]],
    ])
    assert.equal(record, { x0: 0.3, x1: -1.2, x2: 2.5 })
  })

  test('an event of an array that cannot be scored is told by itself, and counted in the stream', async () => {
    const scorer = make()
    const bad = { ...record, x2: 'a' }
    const chunks = [record, [record, bad, null, record], [bad], row.slice(1)]
    const error = await failure(scorer.transform(), chunks)
    assert.is(error.message, '"x2": "a", expected a number')
    assert.equal([error.event, error.index], [bad, 2])
    const told: unknown[] = []
    const onError = (each: EvaluationError, event: object, index: number) =>
      void told.push([index, each.message, event])
    const good = { ...record, ...scorer.scores(record) }
    assert.equal(await through(scorer.transform({ onError }), chunks), [good, [good, good], []])
    assert.equal(told, [
      [2, '"x2": "a", expected a number', bad],
      [3, 'event: null, expected an object with x0, x1, x2', null],
      [5, '"x2": "a", expected a number', bad],
      [6, 'event: 2 values, expected 3 (x0, x1, x2)', row.slice(1)],
    ])
    const replaced = await through(scorer.transform({ onError: async (_, __, index) => ({ index }) }), chunks)
    assert.equal(replaced, [good, [good, { index: 2 }, { index: 3 }, good], [{ index: 5 }], { index: 6 }])
  })

  test('a score replaces no value of a record', async () => {
    const scorer = make()
    const labelled = { ...record, signal: 1 }
    const error = await failure(scorer.transform(), [record, labelled])
    assert.is(
      error.message,
      '"signal": the record has a value of this name, and so has a score; transform({ prefix }) gives scores other names',
    )
    assert.equal([error.event, error.index], [labelled, 1])
    const { signal, background } = scorer.scores(record)
    assert.equal(await through(scorer.transform({ prefix: 'drone_' }), [labelled, row]), [
      { ...labelled, drone_signal: signal, drone_background: background },
      [...row, signal, background],
    ])
    assert.is((await failure(scorer.transform({ prefix: 'x' }), [{ ...record, xsignal: undefined }])).index, 0)
    assert.equal(await through(scorer.transform({ onError: () => undefined }), [labelled]), [])
  })

  test('scores come out alone, a Float32Array a chunk, the same bits', async () => {
    const scorer = make()
    const random = seeded(5)
    const rows = Array.from({ length: 17 }, () => [...randomNumbers(random, 3)])
    const expected = rows.map((each) => scorer.predictInto(each, [0, 0]))
    const recordOf = ([x0, x1, x2]: readonly number[]) => ({ id: 'a', x2, x1, x0, signal: 1 })
    const mixed = rows.map((each, n) => (n % 3 === 0 ? each : n % 3 === 1 ? recordOf(each) : Float64Array.from(each)))
    const chunks = [rows, rows.map(recordOf), [], rows[3]!, recordOf(rows[4]!), mixed]
    const out = (await through(scorer.transform({ scores: true }), chunks)) as Float32Array[]
    for (const scores of out) assert.instance(scores, Float32Array)
    const wanted = [expected, expected, [], [expected[3]!], [expected[4]!], expected]
    assert.equal(
      out.map((scores) => [...scores]),
      wanted.map((scores) => scores.flat()),
    )
    assert.is(new Set(out.map(({ buffer }) => buffer)).size, out.length)
  })

  test('scores that come alone stay in step with the events', async () => {
    const scorer = make()
    const bad = { ...record, x1: 'a' }
    const chunks = [[record, bad, record], bad, [bad], [1, 2], [record]]
    const error = await failure(scorer.transform({ scores: true }), chunks)
    assert.equal([error.message, error.event, error.index], ['"x1": "a", expected a number', bad, 1])
    const told: number[] = []
    const { signal, background } = scorer.scores(record) as Record<string, number>
    const [both, none] = [
      [signal, background],
      [Number.NaN, Number.NaN],
    ]
    const wanted = [[...both, ...none, ...both], none, none, none, both]
    const flat = async (stream: TransformStream<any, any>) =>
      ((await through(stream, chunks)) as Float32Array[]).map((scores) => [...scores])
    const onError = (_: EvaluationError, __: object, index: number) => void told.push(index)
    assert.equal(await flat(scorer.transform({ scores: true, onError })), wanted)
    assert.equal(told, [1, 3, 4, 5])
    const numbers = await flat(scorer.transform({ scores: true, onError: async (_, __, index) => -index }))
    assert.equal(numbers, [[...both, -1, -1, ...both], [-3, -3], [-4, -4], [-5, -5], both])
    const wrong = scorer.transform({ scores: true, onError: () => '0' as unknown as number })
    assert.is(
      await through(wrong, chunks).catch(({ message }) => message),
      'onError: "0", expected a number or undefined, where scores come out alone',
    )
    assert.throws(
      () => scorer.transform({ scores: true, prefix: 'a' } as never),
      'transform: scores that come out alone have no names to prefix',
    )
    assert.equal(await through(scorer.transform({ scores: false }), [record]), [
      { ...record, ...scorer.scores(record) },
    ])
  })

  test('what comes out is a copy of every own key, with a plain prototype', async () => {
    const symbol = Symbol('mark')
    class Event {
      x0 = 0.3
      x1 = -1.2
      x2 = 2.5;
      [symbol] = 7
      get derived() {
        return 1
      }
    }
    const scorer = make()
    const polluting = JSON.parse(`{"x0": 0.3, "x1": -1.2, "x2": 2.5, "__proto__": { "polluted": true }}`)
    const events = [new Event(), polluting, Object.assign(Object.create(null), record), Object.freeze({ ...record })]
    const out = (await through(scorer.transform(), [events]))[0] as Record<string, unknown>[]
    for (const [n, copy] of out.entries()) {
      assert.is(Object.getPrototypeOf(copy), Object.prototype)
      assert.equal(Reflect.ownKeys(copy), [
        ...Reflect.ownKeys(events[n]).filter((key) => typeof key === 'string'),
        ...['signal', 'background'],
        ...Reflect.ownKeys(events[n]).filter((key) => typeof key === 'symbol'),
      ])
    }
    assert.is(out[0]![symbol as never], 7)
    assert.equal(Object.getOwnPropertyDescriptor(out[1], '__proto__')!.value, { polluted: true })
    assert.is(out[1]!.polluted, undefined)
    const hidden = await through(scorer.transform({ prefix: '__' }), [record])
    assert.equal(Object.keys(hidden[0]!), ['x0', 'x1', 'x2', '__signal', '__background'])
  })

  test('a stream of scores keeps the back-pressure', async () => {
    let pulled = 0
    const endless = new ReadableStream({
      pull(controller) {
        pulled++
        controller.enqueue([record, row])
      },
    })
    const reader = endless.pipeThrough(make().transform({ scores: true })).getReader()
    await reader.read()
    await new Promise((resolve) => setTimeout(resolve, 20))
    assert.ok(pulled < 10, `${pulled} chunks were taken for one that was read`)
    await reader.cancel()
  })

  test('a stream ends once its scorer is disposed, and onError is not asked', async () => {
    const scorer = make()
    scorer.dispose()
    const onError = () => assert.unreachable() as never
    assert.is((await failure(scorer.transform({ onError }), [record])).message, `this ${disposed} was disposed`)
  })

  test.run()
}

const test = suite('swarms that change')

test('a stream gives the scores of the drones that are there', async () => {
  const swarm = new Swarm({ inputs: names }).add('one', randomNetwork(seeded(1), { widths: [3, 4, 1] }))
  const stream = swarm.transform()
  const writer = stream.writable.getWriter()
  const reader = stream.readable.getReader()
  const next = async () => {
    void writer.write(record)
    return Object.keys((await reader.read()).value as object)
  }
  assert.equal(await next(), ['x0', 'x1', 'x2', 'one'])
  swarm.add('two', network)
  assert.equal(await next(), ['x0', 'x1', 'x2', 'one', 'two.signal', 'two.background'])
  swarm.remove('one')
  assert.equal(await next(), ['x0', 'x1', 'x2', 'two.signal', 'two.background'])
})

test('scores alone are those of the drones that are there, also where some come while a chunk waits for onError', async () => {
  const one = randomNetwork(seeded(1), { widths: [3, 4, 1] })
  const swarm = new Swarm({ inputs: names }).add('one', one)
  const onError = async () => {
    if (swarm.drones.length === 1) swarm.add('two', network)
    return 7
  }
  const [first] = swarm.predict(row)
  const out = await through(swarm.transform({ scores: true, onError }), [[row, [1], record], [row]])
  const all = [...swarm.predict(row)]
  assert.is(all[0], first)
  assert.equal(
    (out as Float32Array[]).map((scores) => [...scores]),
    [[first, 7, 7, 7, ...all], all],
  )
  swarm.remove('two')
  const fewer = async () => {
    if (swarm.drones.length === 1) swarm.remove('one')
    return 7
  }
  const none = await through(swarm.transform({ scores: true, onError: fewer }), [[row, [1], record]])
  assert.equal([...(none[0] as Float32Array)], [first])
})

test('a prefix makes no score the prototype of a record', async () => {
  const swarm = new Swarm({ inputs: names }).add('proto__', randomNetwork(seeded(1), { widths: [3, 4, 1] }))
  assert.is(
    await through(swarm.transform({ prefix: '__' }), [record]).catch(({ message }) => message),
    'prefix: "__", but "__proto__" can\'t be the name of a score',
  )
})

test('a drone of one output, and of more inputs than the kernels take as arguments', async () => {
  for (const width of [1, 3, 8, 9, 20]) {
    const random = seeded(width)
    const drone = Drone.from(randomNetwork(random, { widths: [width, 5, 1] }))
    const rows = Array.from({ length: 9 }, () => [...randomNumbers(random, width)])
    const expected = rows.map((each) => drone.predict(each))
    const recordOf = (each: readonly number[]) => Object.fromEntries(drone.inputs.map((name, i) => [name, each[i]]))
    const chunks = [rows, rows.map(recordOf)]
    const alone = (await through(drone.transform({ scores: true }), chunks)) as Float32Array[]
    assert.equal(
      alone.map((scores) => [...scores]),
      [expected, expected],
      `${width} inputs`,
    )
    const [longer, named] = (await through(drone.transform(), chunks)) as [number[][], Record<string, number>[]]
    assert.equal(
      longer,
      rows.map((each, n) => [...each, expected[n]]),
    )
    assert.equal(
      named,
      rows.map((each, n) => ({ ...recordOf(each), [drone.outputs[0]!]: expected[n] })),
    )
  }
})

test('missing values have their defaults, in rows and in records', async () => {
  const base = randomNetwork(seeded(3), { widths: [3, 5, 1] })
  const inputs = base.inputs.map((input) => ({ ...input, default: 0.25 }))
  const drone = Drone.from({ ...base, inputs })
  const missing = [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]
  const rows = missing.map((value) => [1, value, 3])
  const records = missing.map((value) => ({ [names[0]!]: 1, [names[1]!]: value, [names[2]!]: 3 }))
  const score = drone.predict([1, 0.25, 3])
  const out = await through(drone.transform({ scores: true }), [rows, [...records, { x0: 1, x2: 3 }]])
  assert.equal(
    (out as Float32Array[]).map((scores) => [...scores]),
    [Array(4).fill(score), Array(5).fill(score)],
  )
  assert.equal(await through(drone.transform(), [rows]), [rows.map((each) => [...each, score])])
})

test.run()

const fallback = suite('where WebAssembly is missing')

/** What a program writes to standard output and standard error without WebAssembly. */
function without(program: string): { stdout: string; stderr: string } {
  const text = `
    import { Drone } from './bindings/index.ts'
    globalThis.WebAssembly = undefined
    const document = ${JSON.stringify(Drone.from(network))}
    ${program}`
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', text], {
    cwd: root,
    encoding: 'utf8',
  })
  return { stdout, stderr }
}

const WARNING = `nndrone: this host does not compile WebAssembly with SIMD, so the engine "js" takes over: the same scores, but slower. createEngine({ module }) takes compiled kernels; { warn: false } or { engine: "js" } turns this warning off.\n`

fallback('the engine is js, and a warning says so once', () => {
  const program = 'console.log((await Drone.load(document)).engine, Drone.from(document).engine)'
  assert.equal(without(program), { stdout: 'js js\n', stderr: WARNING })
})

fallback('the warning can be turned off', () => {
  const program = `
    const drones = [Drone.from(document, { warn: false }), await Drone.load(document, { engine: 'js' })]
    console.log(...drones.map(({ engine }) => engine))`
  assert.equal(without(program), { stdout: 'js js\n', stderr: '' })
})

fallback.run()
