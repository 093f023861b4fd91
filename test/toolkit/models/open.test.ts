/** What is picked by content and ending, and what is said of files that are no model. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openModel } from '../../../toolkit/models/index.ts'
import { Folder } from '../support.ts'
import { fixture, read, refused } from './support.ts'

const test = suite('models: open')

test('the content tells the format, whatever the file is called', async () => {
  const formats: Record<string, Buffer> = {
    XGBoost: fixture('xgboost', 'logistic.ubj'),
    LightGBM: fixture('lightgbm', 'binary.txt'),
    TMVA: fixture('tmva', 'gradient.weights.xml'),
    ONNX: fixture('onnx', 'open.onnx'),
    'lwtnn graph': Buffer.from(JSON.stringify(JSON.parse(fixture('lwtnn', 'golden.json').toString())[4].network)),
  }
  for (const [format, bytes] of Object.entries(formats)) {
    assert.is((await read(bytes, 'some.dat')).describe().format, format)
  }
})

test('files that are no model', async () => {
  const expected = 'expected a drone, or a model of Keras'
  await refused('', new RegExp(`^model: empty, ${expected}`))
  await refused('pt,eta\n1,2\n', new RegExp(`^model: not a model that is known, ${expected}`))
  await refused(
    Buffer.from('\x80\x04\x95', 'latin1'),
    /^model: a Python pickle, which only Python reads; save the model /,
  )
  await refused('binf\0\0\0?', /^model: XGBoost's old binary format, which is not read; save it as JSON/)
  await refused('PK\x03\x04', /^model: a zip archive of no known model; export a PyTorch model as ONNX/)
})

test('no file, and a folder', async () => {
  const folder = new Folder()
  for (const [path, message] of [
    ['/nowhere/model.json', '/nowhere/model.json: no such file'],
    [folder.path, `${folder.path}: is a directory, expected a file`],
  ]) {
    try {
      await openModel(path!)
      assert.unreachable()
    } catch (error) {
      assert.is((error as Error).message, message)
    }
  }
  folder.remove()
})

test.run()
