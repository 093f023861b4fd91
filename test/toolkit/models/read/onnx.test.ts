/** ONNX models of the shapes that exporters write, run by onnxruntime-web. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { root, seeded, withData } from '../../../support.ts'
import { Folder } from '../../support.ts'
import { answers, fixture, largestError, read, refused, survives } from '../support.ts'

const golden: { events: number[][]; answers: Record<string, number[]> } = JSON.parse(
  fixture('onnx', 'golden.json').toString(),
)
const model = (name: string) => fixture('onnx', `${name}.onnx`)

const test = suite('models: onnx')

test('every shape of inputs and outputs answers as numpy says', async () => {
  assert.equal(Object.keys(golden.answers), ['open', 'one', 'four', 'two', 'three', 'columns', 'double', 'heads'])
  for (const [name, expected] of Object.entries(golden.answers)) {
    const scores = await answers(await read(model(name)), golden.events)
    assert.ok(largestError(scores, expected) < 1e-6, `${name}: ${largestError(scores, expected)}`)
  }
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
  await refused(
    model('refused-image'),
    'model: input "image": the shape [n, 3, 4], expected [events, a number of columns]',
  )
  await refused(
    model('refused-open'),
    'model: input "features": the shape [n, k], expected [events, a number of columns]',
  )
  await refused(model('refused-integer'), 'model: input "count": int64, expected a tensor of float32 or float64')
  await refused(
    model('refused-zipmap'),
    /^model: no output is a tensor of floats \(label, output_probability\); "output_probability" is a list of maps \(ZipMap\), .*'zipmap': False/,
  )
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
  await survives(model('two'), seeded(2), ['\xff\xff\xff\x7f', '\0', '\x0a'], 60)
})

test('without a runtime: what to install', () => {
  const folder = new Folder()
  folder.write('model.onnx', model('open'))
  folder.write('events.csv', 'x0,x1,x2\n1,2,3\n')
  // Copied away from node_modules.
  folder.write('package.json', '{"type":"module"}')
  const script = `
    import { register } from 'node:module'
    register('data:text/javascript,' + encodeURIComponent(\`export async function resolve(name, context, next) {
      if (/^onnxruntime/.test(name)) throw Object.assign(new Error('none'), { code: 'ERR_MODULE_NOT_FOUND' })
      return next(name, context)
    }\`))
    process.argv = [process.argv[0], 'nndrone', 'predict', 'model.onnx', '--events', 'events.csv']
    await import(${JSON.stringify(join(root, 'toolkit/bin/nndrone.js'))})`
  folder.write('run.mjs', script)
  let message = ''
  try {
    execFileSync(process.execPath, ['run.mjs'], { cwd: folder.path, stdio: 'pipe', encoding: 'utf8' })
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
