/** Named scores, and streams of records, rows, and arrays of them, through a drone and through a swarm. */
import { spawnSync } from 'node:child_process'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Drone, EvaluationError } from '../../bindings/index.ts'
import { Swarm } from '../../bindings/swarm.ts'
import { ENGINES, randomNetwork, root, seeded } from '../support.ts'

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
