/** What is picked by content and ending, and what is said of files that are no model. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { zipSync } from 'fflate'
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
  const said = (what: string) =>
    `model: not a model of a known format, but ${what}; nndrone --version names the formats`
  await refused('', 'model: empty, expected a model')
  await refused('pt,eta\n1,2\n', said('text that begins with "pt,eta"'))
  await refused(' \n\t\r\n', said('blanks'))
  await refused(`${'é'.repeat(600)}`, said(`text that begins with "${'é'.repeat(40)}…"`))
  await refused(
    Buffer.from('\x7fELF\x02\x01\x01\0\0\0', 'latin1'),
    said('bytes that begin with 7f 45 4c 46 02 01 01 00'),
  )
  await refused(Buffer.from([0xff]), said('bytes that begin with ff'))
})

const latin1 = (text: string) => Buffer.from(text, 'latin1')
const zip = (...names: string[]) =>
  Buffer.from(zipSync(Object.fromEntries(names.map((name) => [name, new Uint8Array()]))))

const TENSORFLOW =
  'save it as model.keras or model.h5 (model.save), or convert it: python -m tf2onnx.convert --output model.onnx --saved-model …'
const PICKLE =
  "a Python pickle, which is not opened because it may run any code. Of a scikit-learn model make ONNX: skl2onnx.to_onnx(model, X[:1], options={'zipmap': False}), or let a Python program answer (--teacher-command)"
const TORCH = 'export the model with torch.onnx.export(model, example, "model.onnx")'
const STATE = `saved by torch.save: a state dict holds weights alone, and a whole model runs code. Load it in Python and ${TORCH}`
const CATBOOST = "which is not read; export it as ONNX: model.save_model('model.onnx', format='onnx')"
const XGBOOST = "save the model as JSON: booster.save_model('model.json')"
const DUMP = `a dump of XGBoost, which tells neither the objective nor the base score; ${XGBOOST}`

/** Parameters, the length of the objective's name, and the name, as XGBoost up to 1.0 writes them. */
const oldXGBoost = Buffer.concat([
  Buffer.alloc(136),
  latin1('\x0f\0\0\0\0\0\0\0binary:logistic\x06\0\0\0\0\0\0\0gbtree'),
])

const OTHERS: [content: Uint8Array | string | object, hint: string, path?: string][] = [
  [latin1('\x80\x04\x95'), PICKLE],
  ['PAR1\x15', 'Parquet, which holds events and no model; name them with --events'],
  ['root\0\0\xf5', 'ROOT, which holds events and no model; name them with --events'],
  ['ARROW1\0\0', 'Arrow, which holds events and no model; name them with --events'],
  [latin1('\x93NUMPY\x01'), 'NPY, which holds events and no model; name them with --events'],
  ['(lp0\nF1.0\naF2.0\na.', PICKLE],
  ['csklearn.ensemble._forest\nRandomForestClassifier\np0\n.', PICKLE],
  [gzipSync(latin1('\x80\x04\x95')), PICKLE],
  [latin1('\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.'), STATE],
  [zip('archive/data.pkl', 'archive/version'), STATE],
  [zip('m/data.pkl', 'm/constants.pkl', 'm/code/__torch__.py'), `a TorchScript model, which is not read; ${TORCH}`],
  [zip('a', 'b'), `a zip archive of no known model; unpack it, or export a PyTorch model: ${TORCH}`],
  ['binf\0\0\0?', `a model in the old binary format of XGBoost, which is not read; ${XGBOOST}`],
  [oldXGBoost, `a model in the old binary format of XGBoost, which is not read; ${XGBOOST}`],
  [[{ nodeid: 0, split: 'f0', children: [] }], DUMP],
  ['booster[0]:\n0:[f0<0.5] yes=1,no=2,missing=1\n', DUMP],
  [
    { name: 'tree', tree_info: [{ tree_structure: {} }] },
    "a dump of LightGBM (dump_model), which is not read; save the model as text: booster.save_model('model.txt')",
  ],
  [{ features_info: {}, oblivious_trees: [], model_info: {} }, `a CatBoost model in its JSON, ${CATBOOST}`],
  [{ features_info: {}, trees: [], model_info: {} }, `a CatBoost model in its JSON, ${CATBOOST}`],
  ['CBM1\x10\0\0\0', `a CatBoost model in its binary format, ${CATBOOST}`],
  [
    { max_depth: 3, n_trees: 1, n_features: 2, n_classes: 2, trees: [], init_predict: [0], norm: 1 },
    'a model of conifer, which is not read; take the model that it was converted from (XGBoost, LightGBM, TMVA or ONNX)',
  ],
  [
    { format: 'layers-model', modelTopology: { model_config: { class_name: 'Sequential', config: {} } } },
    'a model of TensorFlow.js, which is not read; convert it back: tensorflowjs_converter --input_format tfjs_layers_model --output_format keras model.json model.h5',
  ],
  [
    { nodes: [], arg_nodes: [0], heads: [] },
    'the graph of an MXNet model without its weights, which is not read; export it as ONNX (mx.onnx.export_model), or let a Python program answer (--teacher-command)',
  ],
  [
    latin1('\x1c\0\0\0TFL3\0\0\0\0'),
    `a TensorFlow Lite model, which is not read; take the model that it was converted from: ${TENSORFLOW}`,
  ],
  [latin1('\x08\x01\x12\x02\x0a\0'), `a TensorFlow SavedModel, which is not read; ${TENSORFLOW}`],
  [
    latin1('\x0a\x02\x0a\0'),
    'a graph of TensorFlow, which is not read; convert it: python -m tf2onnx.convert --output model.onnx --graphdef … --inputs … --outputs …',
    'frozen.pb',
  ],
  [
    latin1('\x12\x01\0\0\0\0\0\0\0\0\0\0'),
    'the weights of an MXNet model, which are not read; export it as ONNX (mx.onnx.export_model), or let a Python program answer (--teacher-command)',
  ],
  [
    '<?xml version="1.0"?>\n<PMML version="4.4"><Header/></PMML>',
    'a PMML document, which is not read; export the model as ONNX where it was trained (skl2onnx, onnxmltools), or let a Python program answer (--teacher-command)',
  ],
  [
    latin1('\x0c\0\0\0\0\0\0\0{"w":"x",1}'.padEnd(30)),
    `weights of safetensors without their model; load them in Python and ${TORCH}`,
  ],
  [
    'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n',
    'a pointer of Git LFS in the place of the file; fetch the file: git lfs pull',
  ],
  ['\n<!DOCTYPE html><html></html>', 'a web page; was the file downloaded from its page instead of its raw address?'],
  [latin1('\xfd7zXZ\0'), 'packed by xz; unpack it first: xz -d'],
  ['BZh91AY', 'packed by bzip2; unpack it first: bzip2 -d'],
  [latin1('\x28\xb5\x2f\xfd'), 'packed by zstd; unpack it first: zstd -d'],
]

for (const [content, hint, path = 'model'] of OTHERS) {
  test(`another format: ${hint.slice(0, 50)}`, () => refused(content, `${path}: ${hint}`, path))
}

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
  folder.write('saved_model.pb', latin1('\x08\x01'))
  const message = await openModel(folder.path).catch((error: Error) => error.message)
  assert.is(message, `${folder.path}: a TensorFlow SavedModel, which is not read; ${TENSORFLOW}`)
  folder.remove()
})

test('packed by gzip: any format, within limits', async () => {
  const { inputs } = await read(gzipSync(FILES.xgboost))
  assert.equal(inputs, (await read(FILES.xgboost)).inputs)
  const large = gzipSync(Buffer.alloc(2 ** 29 + 1), { level: 1 })
  await refused(large, 'model: packed by gzip, but it unpacks to more than 536870912 bytes')
})

test.run()
