/** drone.json, both ways: a round trip keeps every bit, lwtnn's rules are kept, and nothing crashes the reader. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ConfigurationError, Drone, formatJSON, readNetwork, shortest, writeNetwork } from '../../../bindings/index.ts'
import { ACTIVATIONS } from '../../../bindings/model/activations.ts'
import { accepted, refusedAlike, valid } from '../../schema.ts'
import { firstDifference, randomNetwork, randomNumbers, seeded } from '../../support.ts'

/** A small document that is right in every part; tests change one thing of it. */
function document(): Record<string, any> {
  return {
    inputs: [
      { name: 'pt', offset: -5, scale: 0.25 },
      { name: 'eta', offset: 0, scale: 1 },
    ],
    layers: [
      { architecture: 'dense', activation: 'sigmoid', weights: [1, 2, 3, 4, 5, 6], bias: [0.1, 0.2, 0.3] },
      { architecture: 'dense', activation: { function: 'elu', alpha: 0.5 }, weights: [1, 2, 3], bias: [0.1] },
    ],
    outputs: ['signal'],
    defaults: { eta: 3 },
    miscellaneous: { origin: 'a test' },
    nndrone: {
      version: 1,
      arithmetic: 1,
      teacher: { name: 'x' },
      cuts: { tight: { threshold: 0.9, efficiency: 0.5 } },
    },
  }
}

function refused(change: (document: Record<string, any>) => void, message: string): void {
  const wrong = document()
  change(wrong)
  const expected = (error: Error) => error instanceof ConfigurationError && error.message === message
  try {
    Drone.from(wrong)
  } catch (error) {
    assert.is((error as Error).message, message)
    assert.ok(expected(error as Error), 'is a ConfigurationError')
    refusedAlike(wrong, message)
    return
  }
  assert.unreachable(`not refused: ${message}`)
}

const test = suite('JSON')

test('a round trip gives the same bits, for every activation', () => {
  const random = seeded(1)
  for (const activation of ACTIVATIONS) {
    const hidden = activation === 'softmax' ? 'tanh' : activation
    const network = randomNetwork(random, {
      widths: [4, 7, 3, 2],
      activation: hidden,
      outputActivation: activation,
      alpha: 0.7,
    })
    const first = Drone.from(network)
    const text = formatJSON(first)
    valid(JSON.parse(text))
    const second = Drone.from(text)
    assert.is(formatJSON(second), text)
    assert.is(JSON.stringify(Drone.from(JSON.stringify(first))), JSON.stringify(first))
    const events = randomNumbers(random, 4 * 50, 3, 0.05)
    assert.is(firstDifference(first.predictBatch(events), second.predictBatch(events)), -1, activation)
    for (const [k, layer] of network.layers.entries()) {
      assert.is(firstDifference(second.network.layers[k]!.weights, layer.weights), -1)
      assert.is(firstDifference(second.network.layers[k]!.bias, layer.bias), -1)
    }
  }
})

test('numbers are the shortest decimals that read back as the same f32', () => {
  assert.is(shortest(Math.fround(0.1)), 0.1)
  assert.is(shortest(Math.fround(1 / 3)), 0.33333334)
  assert.is(shortest(16777216), 16777216)
  assert.is(shortest(Math.fround(1e-45)), 1e-45)
  const float = new Float32Array(1)
  fc.assert(
    fc.property(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), (bits) => {
      new Int32Array(float.buffer)[0] = bits
      const value = float[0]!
      if (!Number.isFinite(value)) return
      const decimal = shortest(value)
      assert.ok(Math.fround(decimal) === value)
      const digits = decimal.toExponential().replace(/e.*|[-.]/g, '').length
      if (digits > 1) assert.ok(Math.fround(Number(value.toPrecision(digits - 1))) !== value, `${value}: ${decimal}`)
    }),
    { numRuns: 20000 },
  )
})

test('−0 becomes +0 on entry', () => {
  const source = document()
  source.layers[0].weights[0] = -0
  source.layers[0].bias[0] = -1e-60
  const { layers } = readNetwork(source)
  assert.ok(Object.is(layers[0]!.weights[0], 0))
  assert.ok(Object.is(layers[0]!.bias[0], 0))
  const random = randomNetwork(seeded(1), { widths: [2, 1] })
  random.layers[0]!.weights[1] = -0
  assert.ok(Object.is(Drone.from(random).network.layers[0]!.weights[1], 0))
})

test('every key is kept that is not understood', () => {
  const source = document()
  source.comment = { by: ['someone'] }
  source.nndrone.later = { a: 1 }
  const written = Drone.from(JSON.stringify(source)).toJSON()
  assert.equal(written.comment, { by: ['someone'] })
  assert.equal(written.nndrone?.later, { a: 1 })
  assert.equal(written.miscellaneous, { origin: 'a test' })
  assert.equal(written.defaults, { eta: 3 })
})

test('a foreign file has no part of ours, and gets its versions when it is written', () => {
  const source = document()
  delete source.nndrone
  delete source.defaults
  delete source.miscellaneous
  const written = Drone.from(source).toJSON()
  assert.equal(written.nndrone, { version: 2, arithmetic: 1 })
  assert.not('defaults' in written)
  assert.not('miscellaneous' in written)
})

test("defaults have lwtnn's precedence: those inside inputs count only where the top-level key is absent", () => {
  const source = document()
  source.inputs[0].default = 7
  assert.equal(
    readNetwork(source).inputs.map((input) => input.default),
    [undefined, 3],
  )
  source.defaults = {}
  assert.equal(
    readNetwork(source).inputs.map((input) => input.default),
    [undefined, undefined],
  )
  delete source.defaults
  assert.equal(
    readNetwork(source).inputs.map((input) => input.default),
    [7, undefined],
  )
})

test('activations as lwtnn writes them', () => {
  const source = document()
  const read = (activation: unknown) => {
    source.layers[0].activation = activation
    const { activation: name, alpha } = readNetwork(source).layers[0]!
    return { name, alpha }
  }
  assert.equal(read('elu'), { name: 'elu', alpha: 1 })
  assert.equal(read({ function: 'leakyrelu', alpha: 0.30000001192092896 }), {
    name: 'leakyrelu',
    alpha: Math.fround(0.3),
  })
  assert.ok(Object.is(read({ function: 'elu', alpha: -0 }).alpha, 0), '−0 becomes +0')
  assert.equal(read({ function: 'tanh', alpha: 1 }), { name: 'tanh', alpha: 0 })
  assert.equal(writeNetwork(readNetwork(source)).layers[0]!.activation, 'tanh')
})

test('what is wrong is named with its place and its value', () => {
  refused((d) => d.layers[1].weights.push(9), 'layers[1].weights: 4 numbers, expected 3 (3 inputs × 1 output)')
  refused((d) => d.layers[0].bias.pop(), 'layers[0].weights: 6 numbers, expected 4 (2 inputs × 2 outputs)')
  refused((d) => (d.layers[0].weights[2] = '3'), 'layers[0].weights[2]: "3", expected a finite number')
  refused((d) => (d.layers[0].weights[2] = null), 'layers[0].weights[2]: null, expected a finite number')
  refused(
    (d) => (d.layers[0].weights[2] = 1e39),
    'layers[0].weights[2]: 1e+39, expected a number within the range of f32',
  )
  refused((d) => (d.layers[0].bias = { length: 1e9 }), 'layers[0].bias: an object, expected an array')
  refused((d) => (d.layers[0].architecture = 'lstm'), 'layers[0].architecture: "lstm", expected "dense"')
  const names = ACTIVATIONS.join(', ')
  refused((d) => (d.layers[0].activation = 'relu'), `layers[0].activation: "relu", expected one of ${names}`)
  refused(
    (d) => (d.layers[0].activation = 'constructor'),
    `layers[0].activation: "constructor", expected one of ${names}`,
  )
  refused(
    (d) => (d.layers[0].activation = { function: 'toString', alpha: 1 }),
    `layers[0].activation.function: "toString", expected one of ${names}`,
  )
  refused((d) => (d.layers[0].activation = 'swish'), 'layers[0].activation.alpha: undefined, expected a finite number')
  refused(
    (d) => (d.layers[1].activation.alpha = 1e39),
    'layers[1].activation.alpha: Infinity, expected a finite number',
  )
  refused(
    (d) => (d.layers[0].activation = 'softmax'),
    'layers[0].activation: "softmax" is possible in the last layer only',
  )
  refused((d) => (d.layers = []), 'layers: none, expected at least one')
  refused((d) => (d.layers = 3), 'layers: 3, expected an array')
  refused((d) => (d.inputs = []), 'inputs: none, expected at least one')
  refused((d) => (d.inputs[1].name = 'pt'), 'inputs[1].name: "pt" is the name of inputs[0].name too')
  refused((d) => (d.inputs[1].name = '__proto__'), 'inputs[1].name: "__proto__" can\'t be a name')
  refused((d) => (d.inputs[1].name = 7), 'inputs[1].name: 7, expected a name')
  refused((d) => (d.inputs[1].offset = '1.5'), 'inputs[1].offset: "1.5", expected a finite number')
  refused((d) => delete d.inputs[1].scale, 'inputs[1].scale: undefined, expected a finite number')
  refused((d) => (d.inputs[0] = null), 'inputs[0]: null, expected an object')
  refused((d) => (d.defaults.eta = null), 'defaults["eta"]: null, expected a finite number')
  refused((d) => (d.outputs = ['a', 'b']), 'outputs: 2 names, expected 1 (units of the last layer)')
  refused((d) => (d.outputs = [3]), 'outputs[0]: 3, expected a name')
  refused((d) => (d.miscellaneous = { a: {} }), 'miscellaneous["a"]: an object, expected a string')
  refused((d) => (d.nndrone.cuts = []), 'nndrone.cuts: an array of 0, expected an object')
  refused((d) => (d.nndrone.cuts[''] = {}), 'nndrone.cuts: "", expected a name for each cut')
  refused((d) => (d.nndrone.cuts.tight = 0.9), 'nndrone.cuts["tight"]: 0.9, expected an object')
  refused(
    (d) => (d.nndrone.cuts.tight.threshold = '0.9'),
    'nndrone.cuts["tight"].threshold: "0.9", expected a finite number',
  )
  refused(
    (d) => (d.nndrone.cuts.tight.efficiency = 90),
    'nndrone.cuts["tight"].efficiency: 90, expected a number from 0 to 1',
  )
  refused((d) => (d.nndrone.cuts.tight.output = 'b'), 'nndrone.cuts["tight"].output: "b", expected one of signal')
  refused((d) => {
    d.layers[1] = { ...d.layers[1], weights: [1, 2, 3, 4, 5, 6], bias: [0, 0] }
    d.outputs = ['a', 'b']
  }, 'nndrone.cuts["tight"].output: not given, but this drone has several: a, b')
  refused((d) => (d.nndrone.version = '1'), 'nndrone.version: "1", expected a whole number from 1')
  refused(
    (d) => (d.nndrone.version = 3),
    'nndrone.version: 3, but this release reads up to 2; a newer release of nndrone wrote this drone',
  )
  refused(
    (d) => (d.nndrone.arithmetic = 2),
    'nndrone.arithmetic: 2, but this release reads up to 1; a newer release of nndrone wrote this drone',
  )
})

test('too many parameters are refused before they are copied', () => {
  const weights = new Array(2 ** 24).fill(0)
  refused((d) => {
    d.layers = [{ architecture: 'dense', activation: 'linear', weights, bias: new Array(2 ** 23).fill(0) }]
    d.outputs = new Array(2 ** 23).fill(0)
  }, 'layers: 25165824 parameters, at most 16777216 are possible')
})

test('text, bytes, a parsed document and a network are read alike', () => {
  const text = JSON.stringify(document())
  const bytes = new TextEncoder().encode(text)
  const ways: unknown[] = [
    document(),
    bytes,
    Buffer.from(text),
    bytes.buffer,
    Drone.from(text).network,
    Drone.from(text),
  ]
  for (const way of ways) assert.equal(Drone.from(way).toJSON(), Drone.from(text).toJSON())
  const module = Object.defineProperty(document(), Symbol.toStringTag, { value: 'Module' })
  assert.equal(Drone.from(module).toJSON(), Drone.from(text).toJSON())
})

test('what is no document is named, with what to do', async () => {
  const promised = Promise.resolve('{}')
  const cases: [unknown, string][] = [
    [new Response('{}'), 'drone: got a Response; await its text()'],
    [new Blob(['{}']), 'drone: got a Blob; await its text()'],
    [promised, 'drone: got a Promise; await it'],
    [new URL('file:///drone.json'), 'drone: got a URL; expected JSON as text, bytes or an object'],
    [new Float32Array(2), 'drone: got a Float32Array; expected JSON as text, bytes or an object'],
    [7, 'drone: 7, expected JSON as text, bytes or an object'],
    [[1, 2], 'drone: an array of 2, expected JSON as text, bytes or an object'],
    ['[1]', 'drone: an array of 1, expected JSON as text, bytes or an object'],
    [undefined, 'drone: undefined, expected JSON as text, bytes or an object'],
    ['models/drone.json', 'drone: "models/drone.json" is a path; pass what the file holds'],
  ]
  for (const [source, message] of cases) {
    assert.throws(
      () => Drone.from(source),
      (error: Error) => error instanceof ConfigurationError && error.message === message,
    )
    const loaded = await Drone.load(source).catch((error: Error) => error)
    assert.is((loaded as Error).message, message)
  }
  for (const bytes of [Uint8Array.of(0x1f, 0x8b, 8, 0), Uint8Array.of(0x7b, 0xff, 0x7d)]) {
    assert.throws(
      () => Drone.from(bytes),
      (error: Error) => error instanceof ConfigurationError && /^not JSON: .+utf-8/.test(error.message),
    )
  }
})

test('a document of release 0.1.0 is read to the same bits, and written in the present format', () => {
  const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}-0.1.0.json`, import.meta.url), 'utf8')
  const { events, scores } = JSON.parse(fixture('scores')) as { events: (number | null)[]; scores: number[] }
  const text = fixture('drone')
  accepted(JSON.parse(text))
  const drone = Drone.from(text)
  const rows = Float64Array.from(events, (value) => value ?? Number.NaN)
  assert.is(firstDifference(drone.predictBatch(rows), scores), -1)
  const written = drone.toJSON()
  const { nndrone, ...rest } = JSON.parse(text)
  assert.equal(written, { ...rest, nndrone: { ...nndrone, version: 2 } })
  valid(written)
})

test('text that is no JSON', () => {
  for (const text of ['', '{', 'null', '[]', '7', '"x"', '{"inputs":[}', '\u0000']) {
    assert.throws(
      () => Drone.from(text),
      (error: Error) => error instanceof ConfigurationError,
    )
  }
  for (const value of [undefined, null, 7, [], () => 0, Symbol('x')]) {
    assert.throws(
      () => Drone.from(value),
      (error: Error) => error instanceof ConfigurationError,
    )
  }
})

test('a description that is wrong is refused as a document is', () => {
  const { inputs, layers, outputs } = randomNetwork(seeded(1), { widths: [2, 3, 1] })
  const cases: [unknown, string][] = [
    [{ layers, outputs }, 'inputs: undefined, expected an array'],
    [{ inputs, layers }, 'outputs: undefined, expected an array'],
    [{ inputs, outputs, layers: [layers[0], undefined] }, 'layers[1].activation'],
    [{ inputs, outputs, layers: [{ ...layers[0], bias: undefined }, layers[1]] }, 'layers[0].bias: undefined'],
    [
      { inputs, outputs, layers: [{ ...layers[0], weights: new Float32Array(6).fill(Number.NaN) }, layers[1]] },
      'layers[0].weights[0]: NaN',
    ],
  ]
  for (const [source, message] of cases) {
    assert.throws(
      () => Drone.from(source),
      (error: Error) => error instanceof ConfigurationError && error.message.startsWith(message),
    )
  }
})

/** Whatever stands somewhere in a document: wrong types, huge and tiny numbers, names with a meaning elsewhere. */
const anything = fc.oneof(
  fc.constantFrom<unknown>(null, true, '', '__proto__', 'constructor', 1e39, -1e308, 1e-320, 2 ** 53, -0, [], {}, [[]]),
  fc.double(),
  fc.string(),
  fc.array(fc.double(), { maxLength: 4 }),
  fc.jsonValue({ maxDepth: 2 }),
)

/** Every path to a value of a document. */
function paths(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, inner]) => paths(inner, [...path, key]))]
}

const PATHS = paths(document()).filter((path) => path.length > 0)

function put(target: any, path: (string | number)[], value: unknown): void {
  const holder = path
    .slice(0, -1)
    .reduce((inner, key) => (typeof inner === 'object' && inner !== null ? inner[key] : undefined), target)
  if (typeof holder !== 'object' || holder === null) return
  const key = path.at(-1)!
  // As JSON.parse would: an own key, even "__proto__".
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true })
}

const hostile = fc
  .array(
    fc.tuple(fc.constantFrom(...PATHS, ['__proto__'], ['inputs', 0, '__proto__'], ['defaults', '__proto__']), anything),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((changes) => {
    const changed = document()
    // A copy, since a later change may be put into it.
    for (const [path, value] of changes) put(changed, path, structuredClone(value))
    return changed
  })

/** What is not read is refused as it should be; what is read works. */
function survives(source: unknown): void {
  let drone: Drone
  try {
    drone = Drone.from(source)
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    assert.match(error.message, /^(drone|inputs|layers|outputs|defaults|miscellaneous|nndrone|not JSON)/)
    if (typeof source !== 'string') refusedAlike(source, error.message)
    return
  }
  accepted(typeof source === 'string' ? JSON.parse(source) : source)
  drone.predictBatch(new Float64Array(drone.inputs.length))
  Drone.from(JSON.stringify(drone)).dispose()
  drone.dispose()
}

const RUNS = Number(process.env.NNDRONE_FUZZ ?? (process.env.CI ? 100000 : 10000))

test(`${RUNS} broken and hostile documents give ConfigurationErrors that name the path`, () => {
  const half = Math.ceil(RUNS / 2)
  fc.assert(fc.property(hostile, survives), { numRuns: half, seed: 1 })
  const text = JSON.stringify(document())
  const cut = fc.tuple(fc.nat(text.length), fc.nat(12), fc.string({ maxLength: 6 })).map(([at, gone, put]) => {
    return text.slice(0, at) + put + text.slice(at + gone)
  })
  fc.assert(fc.property(cut, survives), { numRuns: RUNS - half, seed: 2 })
})

test('nothing of a hostile document reaches Object.prototype', () => {
  const text = JSON.stringify(document()).replace('"miscellaneous":{', '"miscellaneous":{"__proto__":{"polluted":1},')
  assert.throws(() => Drone.from(text))
  Drone.from(JSON.stringify(document()).replace('"outputs"', '"__proto__":{"polluted":1},"outputs"'))
  assert.is(({} as Record<string, unknown>).polluted, undefined)
})

test.run()
