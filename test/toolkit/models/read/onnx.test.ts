/** ONNX models of the shapes that exporters write, run by onnxruntime-web. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { fromHalf, toHalf } from '../../../../toolkit/models/read/onnx/numbers.ts'
import { root, seeded, withData } from '../../../support.ts'
import { Folder } from '../../support.ts'
import { answers, fixture, largestError, read, refused, survives } from '../support.ts'

const golden: { events: number[][]; answers: Record<string, number[]> } = JSON.parse(
  fixture('onnx', 'golden.json').toString(),
)
const model = (name: string) => fixture('onnx', `${name}.onnx`)

const test = suite('models: onnx')

/** Beside which its weights lie, where they are in another file. */
const path = (name: string) => join(root, `test/toolkit/models/fixtures/onnx/${name}.onnx`)

test('every shape and type of inputs and outputs answers as numpy says', async () => {
  assert.equal(Object.keys(golden.answers), [
    ...['open', 'one', 'four', 'two', 'three', 'zipmap', 'zipmap-names', 'columns', 'double', 'heads'],
    ...['int64', 'int32', 'bool', 'half', 'mixed', 'steps', 'open-columns', 'names-collide', 'external'],
  ])
  for (const [name, expected] of Object.entries(golden.answers)) {
    const opened = await read(model(name), path(name), { columns: 3 })
    assert.is(opened.inputs.length, 3, name)
    const error = largestError(await answers(opened, golden.events), expected)
    assert.ok(error < 2e-6, `${name}: ${error}`)
  }
})

test('ZipMap: its input is the answer, under the same name; two probabilities are that of class 1', async () => {
  const opened = await read(model('zipmap-names'))
  assert.equal(opened.outputs, ['output_probability'])
  assert.is((opened.describe().outputTensors as { type: string }[])[1]!.type, 'float32')
})

test('an event that lacks a whole number has no answer; one of floats goes to the graph as it is', async () => {
  const opened = await read(model('mixed'))
  const [first, second] = golden.events as [number[], number[]]
  const lacking = [first.with(2, Number.NaN), second, second.with(2, Number.POSITIVE_INFINITY)]
  const scores = await answers(opened, lacking)
  assert.equal(scores.map(Number.isNaN), [true, false, true])
  assert.ok(Math.abs(scores[1]! - golden.answers.mixed![1]!) < 1e-6)
})

test('float16: every number there and back, and what lies between two of them', () => {
  for (let bits = 0; bits < 65536; bits++) {
    const value = fromHalf(bits)
    if (Number.isNaN(value)) assert.ok(Number.isNaN(fromHalf(toHalf(value))))
    else assert.is(toHalf(value), bits)
    const next = fromHalf(bits + 1)
    // Between two neighbours the even one.
    if (bits < 0x7bff) assert.is(toHalf((value + next) / 2), bits % 2 === 0 ? bits : bits + 1)
  }
  assert.equal([65519, 65520, -65520, 1e9, 2 ** -25, 2 ** -26].map(toHalf), [0x7bff, 0x7c00, 0xfc00, 0x7c00, 0, 0])
})

test('columns that the graph leaves open: as many as are named', async () => {
  assert.equal((await read(model('open-columns'), 'model', { columns: 5 })).inputs, ['x0', 'x1', 'x2', 'x3', 'x4'])
  await refused(
    model('open-columns'),
    'model: input "features": the shape [n, m], which leaves the number of columns open: name them with --features',
  )
})

test('names that would collide have something before their number', async () => {
  const { outputs } = await read(model('names-collide'))
  assert.equal(outputs, [...Array.from({ length: 12 }, (_, i) => `y_${i}`), 'y1_0', 'y1_1'])
})

test('weights in a file beside it: not there, cut short, elsewhere', async () => {
  const folder = new Folder()
  folder.write('external.onnx', model('external'))
  const opened = () => read(model('external'), folder.file('external.onnx'))
  const message = async () =>
    String(
      await opened().then(
        () => 'read',
        (error: Error) => error.message,
      ),
    ).replace(`${folder.path}/`, '')
  const where = 'external.onnx: weights "W"'
  assert.is(await message(), `${where}: they are in "external.onnx.data", which is not beside the model; copy it there`)
  folder.write('external.onnx.data', fixture('onnx', 'external.onnx.data').subarray(0, 10))
  assert.is(await message(), `${where}: bytes 0 to 12 of "external.onnx.data", which has 10; is it whole?`)
  folder.write('external.onnx.data', fixture('onnx', 'external.onnx.data'))
  assert.is(await message(), 'read')
  const elsewhere = Buffer.from(
    model('external').toString('latin1').replaceAll('external.onnx.data', '../../../../passwd'),
    'latin1',
  )
  folder.remove()
  const nul = Buffer.from(
    model('external').toString('latin1').replaceAll('external.onnx.data', 'external\0onnx.data'),
    'latin1',
  )
  await refused(nul, 'model: weights "W": "external\\u0000onnx.data", expected the name of a file beside the model')
  await refused(elsewhere, 'model: weights "W": "../../../../passwd", expected the name of a file beside the model')
})

test('names of inputs and outputs', async () => {
  const names = async (name: string) => {
    const { inputs, outputs } = await read(model(name))
    return [inputs, outputs]
  }
  assert.equal(await names('open'), [['x0', 'x1', 'x2'], ['score']])
  assert.equal(await names('columns'), [['pt', 'eta', 'mass'], ['score']])
  // Of two probabilities the second, that of class 1.
  assert.equal(await names('two'), [['x0', 'x1', 'x2'], ['probabilities']])
  assert.equal((await names('three'))[1], ['probabilities0', 'probabilities1', 'probabilities2'])
  assert.equal((await names('heads'))[1], ['score', 'pair0', 'pair1'])
})

test('more events than are given to the runtime at once', async () => {
  const opened = await read(model('columns'))
  const many = Array.from({ length: 2000 }, () => golden.events).flat()
  const expected = Array.from({ length: 2000 }, () => golden.answers.columns!).flat()
  assert.ok(largestError(await answers(opened, many), expected) < 1e-6)
  assert.equal(await answers(opened, []), [])
})

test('what inspect shows', async () => {
  assert.equal((await read(model('four'))).describe(), {
    format: 'ONNX',
    version: 'IR 7',
    batch: 4,
    inputs: ['x0', 'x1', 'x2'],
    outputs: ['score'],
    inputTensors: [{ name: 'features', type: 'float32', shape: '4 × 3' }],
    outputTensors: [{ name: 'score', type: 'float32', shape: '4 × 1' }],
  })
})

test('what is not read is named', async () => {
  await refused(model('refused-image'), 'model: output "score": [], expected [1, columns]')
  await refused(model('refused-strings'), 'model: input "names": string, expected a tensor of numbers')
  await refused(
    model('refused-event'),
    'model: output "y": the graph takes one event and has no dimension of events ([3] → [2]); export it with a first dimension for them',
  )
})

test('what fails when it runs is said in one line, and the runtime says nothing of its own', () => {
  const folder = new Folder()
  folder.write('model.onnx', model('fails'))
  folder.write('events.csv', 'a,b,c\n1,2,3\n4,5,6\n')
  const { status, err } = folder.run('predict', 'model.onnx', '--events', 'events.csv')
  folder.remove()
  assert.is(status, 1)
  const lines = err.trimEnd().split('\n')
  assert.match(lines.at(-1)!, /^nndrone: model\.onnx: the ONNX runtime cannot run it: /)
  assert.ok(
    lines.slice(0, -1).every((line) => line.startsWith('model.onnx ')),
    err,
  )
  assert.not.ok(err.includes('\x1b'))
})

test('files that are none', async () => {
  await refused(model('open').subarray(0, 100), /^model: not a model that the ONNX runtime reads: /)
  const named = async (content: string) => {
    try {
      await read(content, 'folder/model.onnx')
    } catch (error) {
      return (error as Error).message
    }
  }
  assert.match(String(await named('no protobuf')), /^folder\/model\.onnx: not a model that the ONNX runtime reads: /)
})

test('tampered files are read or refused', async () => {
  await survives(model('open'), seeded(1), ['\xff\xff\xff\x7f', '\0', '\x0a'], 60)
  await survives(model('zipmap'), seeded(3), ['\xff\xff\xff\x7f', '\0', '\x0a'], 60)
  await survives(model('external'), seeded(4), ['\xff\xff\xff\x7f', '\0', '\x0a'], 60)
  assert.is((await answers(await read(model('open')), golden.events)).length, golden.events.length)
  await survives(model('two'), seeded(2), ['\xff\xff\xff\x7f', '\0', '\x0a'], 60)
})

test('without a runtime: what to install', () => {
  const folder = new Folder()
  folder.write('model.onnx', model('open'))
  folder.write('events.csv', 'x0,x1,x2\n1,2,3\n')
  // Copied away from node_modules.
  folder.write('package.json', '{"type":"module"}')
  // Runs in each process, also in the one that would load a runtime.
  const script = `
    import { register } from 'node:module'
    register('data:text/javascript,' + encodeURIComponent(\`export async function resolve(name, context, next) {
      if (/^onnxruntime/.test(name)) throw Object.assign(new Error('none'), { code: 'ERR_MODULE_NOT_FOUND' })
      return next(name, context)
    }\`))`
  folder.write('none.mjs', script)
  let message = ''
  try {
    const command = [join(root, 'toolkit/bin/nndrone.js'), 'predict', 'model.onnx', '--events', 'events.csv']
    const env = { ...process.env, NODE_OPTIONS: '--import ./none.mjs' }
    execFileSync(process.execPath, command, { cwd: folder.path, stdio: 'pipe', encoding: 'utf8', env })
  } catch (error) {
    message = (error as { stderr: string }).stderr
  }
  folder.remove()
  assert.match(
    message,
    /model\.onnx: an ONNX model needs a runtime, and none is installed: npm install onnxruntime-node/,
  )
})

for (const name of ['torch-bdecay', 'torch-threeclass']) {
  withData(test, `${name} answers within 1e-5`, `teachers/${name}.onnx`, async (path) => {
    const { inputs, scores } = JSON.parse(readFileSync(path.replace('.onnx', '.golden.json'), 'utf8'))
    const opened = await read(readFileSync(path), path)
    assert.ok(largestError(await answers(opened, inputs), scores.flat()) <= 1e-5)
  })
}

test.run()
