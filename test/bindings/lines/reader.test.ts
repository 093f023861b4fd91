/** Events from bytes that arrive in pieces, and lines through a drone as a stream. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ConfigurationError, Drone, EvaluationError, shortest } from '../../../bindings/index.ts'
import { LineReader, type LineReaderOptions, scoreLines } from '../../../bindings/lines.ts'
import { randomNetwork, root, seeded } from '../../support.ts'
import { bytesOf } from './support.ts'

const test = suite('lines: reader')

const INPUTS = ['a', 'b']

/** All events, of bytes that come in pieces of a size. */
function read(
  content: string | Uint8Array,
  options: Partial<LineReaderOptions> = {},
  size = Number.POSITIVE_INFINITY,
): number[] {
  const bytes = typeof content === 'string' ? bytesOf(content) : content
  const reader = new LineReader({ inputs: INPUTS, ...options })
  const numbers: number[] = []
  for (let at = 0; at < bytes.length; at += size) {
    for (const events of reader.read(bytes.subarray(at, at + size))) numbers.push(...events)
  }
  for (const events of reader.end()) numbers.push(...events)
  return numbers
}

const { NaN: none } = Number

/** Files, and their events. */
const FILES: [name: string, content: string, events: number[]][] = [
  ['NDJSON', '{"a":1,"b":2}\n{"b":4,"a":3,"c":{"d":[5]}}\n\n[5,6]\r\n{"a":7}', [1, 2, 3, 4, 5, 6, 7, none]],
  [
    'NDJSON with a byte order mark and escapes',
    '\ufeff \n{"\\u0061":1,"b":true}\n{"a":null,"b":1e300}\n',
    [1, 1, none, 1e300],
  ],
  ['CSV', 'b,x,a\n1,é,2\n3,,4\n\n5,x,\n', [2, 1, 4, 3, none, 5]],
  [
    'CSV with quotes',
    '\ufeff"b";"x";a\r\n"1";"a ""quoted"";\nfeed";2\r\n 3 ;é;inf\r\n',
    [2, 1, Number.POSITIVE_INFINITY, 3],
  ],
  ['CSV with a quote out of place behind', 'a,b,c\n1,2,"x\ny"\n3,4,z', [1, 2, 3, 4]],
  ['a header alone', 'a,b\n', []],
  ['blank lines alone', '\n \n', []],
]

test('bytes in pieces of any size give the same events', () => {
  for (const [name, content, events] of FILES) {
    for (const size of [1, 2, 3, 7, 64, 1e6])
      assert.equal(read(content, {}, size), events, `${name}, pieces of ${size}`)
  }
})

test('many lines, usual and unusual in turn', () => {
  const random = seeded(5)
  const events = Array.from({ length: 60_000 }, () => random.uniform())
  const lines = Array.from({ length: 30_000 }, (_, n) => {
    const [a, b] = [events[2 * n], events[2 * n + 1]]
    return random.below(4) === 0 ? `{"a":${a},"b":${b},"c":[]}` : `{"a":${a},"b":${b}}`
  })
  assert.equal(read(`${lines.join('\n')}\n`, {}, 100_000), events)
})

/** The message of the error that ends the reading, and the events before it. */
function failure(content: string, options: Partial<LineReaderOptions> = {}): [string, number[]] {
  const numbers: number[] = []
  const reader = new LineReader({ inputs: INPUTS, ...options })
  try {
    for (const events of reader.read(bytesOf(content))) numbers.push(...events)
    for (const events of reader.end()) numbers.push(...events)
  } catch (error) {
    assert.instance(error, EvaluationError)
    return [(error as Error).message, numbers]
  }
  return ['none', numbers]
}

test('a line that holds no event: the events before it, then an error that tells where', () => {
  const wrong: [content: string, message: string, events: number[]][] = [
    ['{"a":1,"b":2}\n\n{"a":"x","b":2}\n', 'line 3: "a": "x" is not a number', [1, 2]],
    ['[1,2]\n[1]\n', 'line 2: 1 values, expected 2 (a, b)', [1, 2]],
    ['{"a":1\n', 'line 1: "{\\"a\\":1" is not JSON; each line holds an event, an object or an array', []],
    ['[1,2]\n5\n', 'line 2: "5" is not an event, expected an object or an array', [1, 2]],
    ['a,b\n1,2\n3,x\n', 'line 3: column "b": "x" is not a number', [1, 2]],
    ['a,b\n1,2,3\n', 'line 2: 3 cells, but the header has 2', []],
    ['a,b\n1,"2\n', 'line 2: a quote is out of place, or not closed', []],
    ['\na,c\n1,2\n', 'line 2: no column "b"; there are a, c', []],
    ['a,b,a\n', 'line 1: two columns are named "a"', []],
    ['"a,b\n1,2\n', 'line 1: a quote of the header is out of place, or not closed', []],
  ]
  for (const [content, message, events] of wrong) assert.equal(failure(content), [message, events], content)
  assert.equal(failure('\n', { format: 'csv' }), ['line 2: empty, expected a header with the names of the columns', []])
})

test('onError takes the lines that hold no event', () => {
  const taken: unknown[] = []
  const onError = ({ message }: EvaluationError, text: string, line: number) => taken.push([message, text, line])
  assert.equal(read('a,b\n1,2\nx,é\r\n"3",4\n', { onError }), [1, 2, 3, 4])
  assert.equal(taken, [['line 3: column "a": "x" is not a number', 'x,é', 3]])
})

test('a line that never ends is refused', () => {
  const reader = new LineReader({ inputs: INPUTS })
  const chunk = new Uint8Array(1 << 23).fill(65)
  const most = () => {
    for (let n = 0; n < 3; n++) for (const _ of reader.read(chunk)) assert.unreachable()
  }
  assert.throws(most, /^line 1: more than 16 MB; is there a quote that never closes\?$/)
})

test('options that are none are refused', () => {
  const refused = (options: unknown, message: string) =>
    assert.throws(
      () => new LineReader(options as LineReaderOptions),
      (error: Error) => error instanceof ConfigurationError && error.message === message,
    )
  refused({ inputs: [] }, 'inputs: an array of 0, expected an array of names')
  refused({}, 'inputs: undefined, expected an array of names')
  refused({ inputs: INPUTS, format: 'tsv' }, 'format: "tsv", expected "ndjson" or "csv"')
  refused({ inputs: INPUTS, input: 1 }, 'LineReader: there is no option "input"; did you mean inputs?')
})

/** What comes out of a stream of lines, as text. */
async function through(content: string, size: number, ...args: Parameters<typeof scoreLines>): Promise<string> {
  const bytes = bytesOf(content)
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
    bytes.subarray(n * size, (n + 1) * size),
  )
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece)
      controller.close()
    },
  })
  let text = ''
  const scored = source.pipeThrough(scoreLines(...args) as ReadableWritablePair<Uint8Array, Uint8Array>)
  for await (const out of scored as unknown as AsyncIterable<Uint8Array>) text += new TextDecoder().decode(out)
  return text
}

test('scoreLines: objects for NDJSON, a header and rows for CSV', async () => {
  const network = randomNetwork(seeded(1), { widths: [2, 5, 2] })
  const inputs = INPUTS.map((name) => ({ name, offset: 0.5, scale: 2 }))
  const drone = Drone.from({ ...network, inputs, outputs: ['y', 'z, "q"'] })
  const scores = (event: number[]) => [...drone.predictBatch(Float64Array.from(event))].map(shortest)
  const [y, z] = scores([1, 2])
  for (const size of [3, 1000]) {
    const objects = await through('{"a":1,"b":2}\n{"a":1}\n[1,2]', size, drone)
    const object = `{"y":${y},"z, \\"q\\"":${z}}\n`
    assert.is(objects, `${object}{"y":null,"z, \\"q\\"":null}\n${object}`)
    assert.is(await through('b,a\n2,1\n,1\n', size, drone), `y,"z, ""q"""\n${y},${z}\nnan,nan\n`)
  }
  assert.is(await through('a,b\n', 1000, drone), 'y,"z, ""q"""\n')
  const lines: number[] = []
  assert.is(
    await through('a,b\nx,1\n1,2\n', 5, drone, { onError: (_, __, line) => lines.push(line) }),
    `y,"z, ""q"""\n${y},${z}\n`,
  )
  assert.equal(lines, [2])
  await through('a,b\nx,1\n', 5, drone).then(
    () => assert.unreachable(),
    ({ message }) => assert.is(message, 'line 2: column "a": "x" is not a number'),
  )
  assert.throws(() => scoreLines({} as Drone), /^scoreLines: an object, expected a drone or a swarm$/)
})

test('a host without WebAssembly reads and writes the same', () => {
  const program = `
    import { csvForm, LineReader, ScoreText } from ${JSON.stringify(join(root, 'dist/lines.js'))}
    const files = ${JSON.stringify(FILES.map(([, content]) => content))}
    const found = files.map((content) => {
      const reader = new LineReader({ inputs: ['a', 'b'] })
      const pieces = [...reader.read(new TextEncoder().encode(content))].map((events) => [...events])
      return [...pieces, ...[...reader.end()].map((events) => [...events])].flat().map(String)
    })
    const text = new TextDecoder().decode(new ScoreText(csvForm(2)).bytes(Float32Array.of(0.1, NaN, 1, 1e-7)))
    console.log(JSON.stringify([typeof WebAssembly, found, text]))`
  const printed = execFileSync(process.execPath, ['--jitless', '--input-type=module', '-e', program], {
    encoding: 'utf8',
  })
  const expected = FILES.map(([, , events]) => events.map(String))
  assert.equal(JSON.parse(printed), ['undefined', expected, '0.1,nan\n1,1e-7\n'])
})

test.run()
