/** Files of other formats that people have at hand, and what to do with each. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { InputError } from '../errors.ts'
import { isJSONWith } from './document.ts'
import type { ModelFile } from './model.ts'
import { decode, ProtobufError } from './protobuf.ts'

interface Foreign {
  is(file: ModelFile): boolean
  /** What it is, and what to do. */
  hint: string
}

const PROGRAM = 'or let a Python program answer (--teacher-command)'
const TENSORFLOW =
  'save it as model.keras or model.h5 (model.save), or convert it: python -m tf2onnx.convert --output model.onnx --saved-model …'
const SAVED_MODEL = `a TensorFlow SavedModel, which is not read; ${TENSORFLOW}`
const TORCH = 'export the model with torch.onnx.export(model, example, "model.onnx")'

const starts = (start: string) => (file: ModelFile) => head(file, start.length) === start
const json =
  (...keys: string[]) =>
  (file: ModelFile) =>
    isJSONWith(file, ...keys)
const zipWith = (name: string) => (file: ModelFile) => isZip(file) && file.bytes.includes(name)
const isZip = starts('PK\x03\x04')

const FOREIGN: readonly Foreign[] = [
  { is: json('oblivious_trees', 'features_info'), hint: catBoost('JSON') },
  { is: json('trees', 'features_info', 'model_info'), hint: catBoost('JSON') },
  { is: starts('CBM1'), hint: catBoost('binary format') },
  {
    is: json('n_trees', 'max_depth', 'init_predict', 'norm'),
    hint: 'a model of conifer, which is not read; take the model that it was converted from (XGBoost, LightGBM, TMVA or ONNX)',
  },
  {
    is: json('modelTopology'),
    hint: 'a model of TensorFlow.js, which is not read; convert it back: tensorflowjs_converter --input_format tfjs_layers_model --output_format keras model.json model.h5',
  },
  {
    is: json('nodes', 'arg_nodes', 'heads'),
    hint: `the graph of an MXNet model without its weights, which is not read; export it as ONNX (mx.onnx.export_model), ${PROGRAM}`,
  },
  {
    is: starts('\x12\x01\0\0\0\0\0\0'),
    hint: `the weights of an MXNet model, which are not read; export it as ONNX (mx.onnx.export_model), ${PROGRAM}`,
  },
  {
    is: json('tree_info', 'tree_structure'),
    hint: "a dump of LightGBM (dump_model), which is not read; save the model as text: booster.save_model('model.txt')",
  },
  { is: isXGBoostDump, hint: xgboost('a dump of XGBoost, which tells neither the objective nor the base score') },
  { is: isOldXGBoost, hint: xgboost('a model in the old binary format of XGBoost, which is not read') },
  {
    is: ({ bytes }) => bytes.toString('latin1', 4, 8) === 'TFL3',
    hint: `a TensorFlow Lite model, which is not read; take the model that it was converted from: ${TENSORFLOW}`,
  },
  { is: isSavedModel, hint: SAVED_MODEL },
  {
    is: ({ path }) => /\.pb$/i.test(path),
    hint: 'a graph of TensorFlow, which is not read; convert it: python -m tf2onnx.convert --output model.onnx --graphdef … --inputs … --outputs …',
  },
  {
    is: ({ bytes }) => bytes.subarray(0, 4096).includes('<PMML'),
    hint: `a PMML document, which is not read; export the model as ONNX where it was trained (skl2onnx, onnxmltools), ${PROGRAM}`,
  },
  { is: zipWith('/constants.pkl'), hint: `a TorchScript model, which is not read; ${TORCH}` },
  {
    is: zipWith('/data.pkl'),
    hint: `saved by torch.save: a state dict holds weights alone, and a whole model runs code. Load it in Python and ${TORCH}`,
  },
  {
    is: starts('\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19'),
    hint: `saved by torch.save: a state dict holds weights alone, and a whole model runs code. Load it in Python and ${TORCH}`,
  },
  {
    is: isPickle,
    hint: `a Python pickle, which is not opened because it may run any code. Of a scikit-learn model make ONNX: skl2onnx.to_onnx(model, X[:1], options={'zipmap': False}), ${PROGRAM}`,
  },
  {
    is: (file) => isZip(file) && !file.bytes.includes('config.json'),
    hint: `a zip archive of no known model; unpack it, or export a PyTorch model: ${TORCH}`,
  },
  { is: isSafetensors, hint: `weights of safetensors without their model; load them in Python and ${TORCH}` },
  {
    is: starts('version https://git-lfs'),
    hint: 'a pointer of Git LFS in the place of the file; fetch the file: git lfs pull',
  },
  {
    is: ({ bytes }) => /^\s*<(!doctype html|html)/i.test(bytes.toString('latin1', 0, 256)),
    hint: 'a web page; was the file downloaded from its page instead of its raw address?',
  },
  { is: starts('PAR1'), hint: events('Parquet') },
  { is: starts('root\0\0'), hint: events('ROOT') },
  { is: starts('ARROW1'), hint: events('Arrow') },
  { is: starts('\x93NUMPY'), hint: events('NPY') },
  { is: starts('\xfd7zXZ'), hint: 'packed by xz; unpack it first: xz -d' },
  { is: starts('BZh'), hint: 'packed by bzip2; unpack it first: bzip2 -d' },
  { is: starts('\x28\xb5\x2f\xfd'), hint: 'packed by zstd; unpack it first: zstd -d' },
]

/** What a file of another format is, and what to do with it; undefined where it is none of those. */
export function foreign(file: ModelFile): string | undefined {
  return FOREIGN.find(({ is }) => is(file))?.hint
}

/** @throws InputError where a folder is a model of TensorFlow */
export function checkFolder(path: string): void {
  if (existsSync(join(path, 'saved_model.pb'))) throw new InputError(`${path}: ${SAVED_MODEL}`)
}

function head({ bytes }: ModelFile, length: number): string {
  return bytes.toString('latin1', 0, length)
}

function events(format: string): string {
  return `${format}, which holds events and no model; name them with --events`
}

function catBoost(kind: string): string {
  return `a CatBoost model in its ${kind}, which is not read; export it as ONNX: model.save_model('model.onnx', format='onnx')`
}

function xgboost(what: string): string {
  return `${what}; save the model as JSON: booster.save_model('model.json')`
}

/** In JSON or as text. */
function isXGBoostDump({ bytes }: ModelFile): boolean {
  return /^\s*(\[\s*\{\s*"nodeid"|booster\[0\]|0:\[[^\]]*\] yes=\d)/.test(bytes.toString('latin1', 0, 512))
}

/** Bytes of the parameters that come first. The name of the objective follows, after its length in eight bytes. */
const PARAMETERS = 136

/** Some releases put binf before. */
function isOldXGBoost({ bytes }: ModelFile): boolean {
  if (bytes.toString('latin1', 0, 4) === 'binf') return true
  return /^(binary|reg|multi|count|rank|survival):[a-z]/.test(bytes.toString('latin1', PARAMETERS + 8, PARAMETERS + 32))
}

/** A version and a graph of another kind than ONNX's. */
function isSavedModel({ bytes }: ModelFile): boolean {
  if (bytes[0] !== 0x08 || bytes[2] !== 0x12) return false
  try {
    return decode(bytes).every(({ number }) => number <= 2)
  } catch (error) {
    if (error instanceof ProtobufError) return false
    throw error
  }
}

/** Protocols from 2 begin with their number; those before are text, which ends with a full stop. */
function isPickle({ bytes }: ModelFile): boolean {
  if (bytes[0] === 0x80) return true
  const begins = /^(\((lp|dp|tp|cp|i|c)|c[A-Za-z_][\w.]*\n\w+\n)/.test(bytes.toString('latin1', 0, 256))
  return begins && /\.\s*$/.test(bytes.toString('latin1', bytes.length - 8))
}

/** The length of a JSON object, and the object. */
function isSafetensors({ bytes }: ModelFile): boolean {
  if (bytes.length < 10 || bytes.toString('latin1', 8, 10) !== '{"') return false
  return bytes.readBigUInt64LE(0) <= BigInt(bytes.length - 8)
}
