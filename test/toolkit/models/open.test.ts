/** What is picked by content and ending, and what is said of files that are no model. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type FormatId, formatOf, openModel } from '../../../toolkit/models/index.ts'
import { root } from '../../support.ts'
import { Folder } from '../support.ts'
import { fixture, read, refused } from './support.ts'

const test = suite('models: open')

const lwtnn = JSON.parse(fixture('lwtnn', 'golden.json').toString())[4].network
const drone = {
  inputs: [{ name: 'x', offset: 0, scale: 1 }],
  layers: [{ architecture: 'dense', activation: 'linear', weights: [1], bias: [0] }],
  outputs: ['y'],
}

const FILES: Record<FormatId, Buffer> = {
  keras: readFileSync(join(root, 'test/toolkit/models/read/keras/files/3.15.1-chain.keras')),
  xgboost: fixture('xgboost', 'logistic.ubj'),
  lightgbm: fixture('lightgbm', 'binary.txt'),
  tmva: fixture('tmva', 'gradient.weights.xml'),
  lwtnn: Buffer.from(JSON.stringify(lwtnn)),
  onnx: fixture('onnx', 'open.onnx'),
  module: Buffer.from("export const inputs = ['x']"),
  drone: Buffer.from(JSON.stringify(drone)),
}

test('the content tells the format, whatever the file is called', () => {
  for (const [format, bytes] of Object.entries(FILES)) {
    if (format === 'module') continue
    for (const path of ['some.dat', 'model.mjs', 'model.onnx']) assert.is(formatOf({ path, bytes }), format)
  }
})

test('the name tells it where the content does not', () => {
  const named = (path: string) => formatOf({ path, bytes: FILES.module })
  for (const ending of ['mjs', 'js', 'cjs', 'ts', 'MTS']) assert.is(named(`teacher.${ending}`), 'module')
  assert.is(named('teacher.onnx'), 'onnx')
  assert.is(named('teacher.txt'), undefined)
  assert.is(named('teacher.json'), undefined)
})

test('what a drone tells of itself cannot pass for what it is', async () => {
  const { format, parameters, notes } = (
    await read({ ...drone, nndrone: { version: 1, arithmetic: 1, format: 'ONNX', parameters: 'many', notes: 'kept' } })
  ).describe()
  assert.equal([format, parameters, notes], ['nndrone', 2, 'kept'])
})

test('files that are no model', async () => {
  const expected =
    'expected a drone, or a model of Keras (HDF5, .keras), XGBoost (JSON, UBJ), LightGBM (text), TMVA (XML), lwtnn (JSON), ONNX or a module (.mjs)'
  await refused('', `model: empty, ${expected}`)
  await refused('pt,eta\n1,2\n', `model: not a model that is known, ${expected}`)
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
