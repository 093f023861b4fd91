/** Keras files in parts: an architecture beside its weights, weights in groups of other names, models within models. */
import { strToU8, zipSync } from 'fflate'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openModel, readModel } from '../../../../../toolkit/models/index.ts'
import { writtenHDF5 } from '../../../../../toolkit/models/keras/h5wasm.ts'
import { Folder } from '../../../support.ts'
import { refusal, same, sequential, type Weight, written } from './support.ts'

const test = suite('keras: files in parts')

let folder: Folder

test.before.each(() => {
  folder = new Folder()
})

test.after.each(() => folder.remove())

const weight = (shape: number[], ...values: number[]): Weight => ({ shape, values })

/** d = x · W + b, then a slope of 0.25 below zero. */
const architecture = {
  ...(sequential([2], ['Dense', { units: 2 }], ['LeakyReLU', { alpha: 0.25 }]) as object),
  keras_version: '2.11.0',
  backend: 'tensorflow',
}
const DENSE = [weight([2, 2], 1, 2, 0.5, -1), weight([2], 0.1, -0.2)]
const EVENTS = Float64Array.of(1, 2, -1, 0.5)
const ANSWERS = [2.1, -0.05, -0.1625, -0.675]

/** As `model.save_weights` of Keras 1 and 2 writes them: groups of layers at the root. */
async function weightsAlone(layers: Record<string, Weight[]>): Promise<Buffer> {
  const bytes = await writtenHDF5((file) => {
    file.create_attribute('layer_names', Object.keys(layers))
    for (const [name, given] of Object.entries(layers)) {
      const group = file.create_group(name)
      group.create_attribute(
        'weight_names',
        given.map((_, i) => `w${i}:0`),
      )
      for (const [i, { shape, values }] of given.entries()) {
        group.create_dataset({ name: `w${i}:0`, data: Float64Array.from(values), shape })
      }
    }
  })
  return Buffer.from(bytes)
}

/** As Keras 3 writes them: datasets by their paths. */
async function weightsByPath(arrays: Record<string, Weight>): Promise<Uint8Array> {
  return writtenHDF5((file) => {
    const made = new Set<string>()
    for (const [path, { shape, values }] of Object.entries(arrays)) {
      const parts = path.split('/')
      for (let i = 1; i < parts.length; i++) {
        const group = parts.slice(0, i).join('/')
        if (made.size !== made.add(group).size) file.create_group(group)
      }
      file.create_dataset({ name: path, data: Float64Array.from(values), shape })
    }
  })
}

const NAMES: [architecture: string, weights: string][] = [
  ['model.json', 'model_weights.h5'],
  ['model.json', 'model.weights.h5'],
  ['model.json', 'model.h5'],
  ['architecture.json', 'weights.h5'],
  ['top_architecture.json', 'top_weights.h5'],
  ['model.json', 'weights.h5'],
]

test('weights whose name has more parts than that of their architecture, which lists its layers as Keras 2.1 does', async () => {
  const { layers } = (architecture as unknown as { config: { layers: object[] } }).config
  folder.write('jets.json', JSON.stringify({ ...architecture, config: layers }))
  folder.write('jets_pruned_again_weights.h5', await weightsAlone({ layer0: DENSE, layer1: [] }))
  const model = await openModel(folder.file('jets_pruned_again_weights.h5'))
  same((await model.predictBatch(EVENTS)) as Float32Array, ANSWERS, 1e-6)
})

test('an architecture and its weights: either is opened by its name', async () => {
  const weights = await weightsAlone({ layer0: DENSE, layer1: [] })
  for (const [json, h5] of NAMES) {
    const pair = new Folder()
    pair.write(json, JSON.stringify(architecture))
    pair.write(h5, weights)
    for (const name of [json, h5]) {
      const model = await openModel(pair.file(name))
      same((await model.predictBatch(EVENTS)) as Float32Array, ANSWERS, 1e-6)
      assert.equal([model.describe().format, model.describe().version], ['Keras', '2.11.0'])
    }
    pair.remove()
  }
})

test('weights of Keras 3, whose architecture tells its modules instead of its version', async () => {
  const { class_name, config } = architecture as unknown as { class_name: string; config: object }
  folder.write('model.json', JSON.stringify({ module: 'keras', class_name, config, registered_name: null }))
  const [kernel, bias] = DENSE as [Weight, Weight]
  folder.write('model.weights.h5', await weightsByPath({ 'layers/dense/vars/0': kernel, 'layers/dense/vars/1': bias }))
  const model = await openModel(folder.file('model.json'))
  same((await model.predictBatch(EVENTS)) as Float32Array, ANSWERS, 1e-6)
  assert.is(model.describe().version, '3')
})

test('one without the other, or of another model: what to do', async () => {
  folder.write('model.json', JSON.stringify(architecture))
  const said = async (name: string) =>
    (await refusal(() => openModel(folder.file(name)))).replaceAll(`${folder.path}/`, '')
  assert.is(
    await said('model.json'),
    "model.json: the architecture of a Keras model without its weights; save them beside it: model.save_weights('model_weights.h5'), or save it whole: model.save('model.h5')",
  )
  folder.write('model_weights.h5', await weightsAlone({ other: DENSE }))
  assert.is(
    await said('model.json'),
    'model.json: layers[0] (Dense "layer0"): no kernel in the file, expected shape [2, 2]',
  )
  const alone = new Folder()
  alone.write('weights.h5', await weightsAlone({ layer0: DENSE }))
  const message = await refusal(() => openModel(alone.file('weights.h5')))
  alone.remove()
  assert.match(
    message,
    /weights\.h5: the weights of a Keras model without its architecture; write model\.to_json\(\) to /,
  )
})

test('.keras of TensorFlow 2.12 to 2.15: groups that are counted with gaps', async () => {
  const layers = [
    ['Dense', { units: 2 }],
    ['Dropout', { rate: 0.5 }],
    ['Dense', { units: 2 }],
    ['Dense', { units: 1 }],
  ] as const
  const config = sequential(
    [2],
    ...(layers.map(([kind, options]): [string, object] => [kind, options]) as [string, Record<string, unknown>][]),
  )
  const one = weight([1], 1)
  const last = weight([2, 1], 1, 1)
  const zero = weight([2], 0, 0)
  const groups = (names: [string, string, string]) => {
    const arrays: [string, Weight][] = [
      [`${names[0]}/vars/0`, weight([2, 2], 1, 0, 0, 1)],
      [`${names[0]}/vars/1`, zero],
      [`${names[1]}/vars/0`, weight([2, 2], 2, 0, 0, 3)],
      [`${names[1]}/vars/1`, zero],
      [`${names[2]}/vars/0`, last],
      [`${names[2]}/vars/1`, one],
    ]
    return Object.fromEntries(arrays)
  }
  const counted = (name: string) => `_layer_checkpoint_dependencies/${name}`
  for (const names of [
    ['layers/dense', 'layers/dense_1', 'layers/dense_2'],
    [counted('dense'), counted('dense_1'), counted('dense_2')],
    [counted('dense'), counted('dense_2'), counted('dense_4')],
  ] as [string, string, string][]) {
    const bytes = zipSync({
      'metadata.json': strToU8('{"keras_version": "2.13.1"}'),
      'config.json': strToU8(JSON.stringify(config)),
      'model.weights.h5': await weightsByPath(groups(names)),
    })
    const model = await readModel({ path: 'model.keras', bytes: Buffer.from(bytes) })
    same((await model.predictBatch(EVENTS)) as Float32Array, [2 + 6 + 1, -2 + 1.5 + 1], 1e-6)
    assert.is(model.describe().version, '2.13.1')
  }
})

const NORMALISED = {
  class_name: 'Sequential',
  config: {
    name: 'inner',
    layers: [
      { class_name: 'Dense', config: { name: 'd', units: 1, batch_input_shape: [null, 2] } },
      { class_name: 'BatchNormalization', config: { name: 'n', epsilon: 0 } },
      { class_name: 'Dense', config: { name: 'e', units: 1, use_bias: false } },
    ],
  },
}
const within = { class_name: 'Sequential', config: { name: 'outer', layers: [NORMALISED] } }

/** ((a + 2 b + 3) − 2) / 2 · 5 + 7, times 10. */
const named: [string, Weight][] = [
  ['d/kernel', weight([2, 1], 1, 2)],
  ['d/bias', weight([1], 3)],
  ['n/gamma', weight([1], 5)],
  ['n/beta', weight([1], 7)],
  ['e/kernel', weight([1, 1], 10)],
  // Keras 2 lists what is not trained last.
  ['n/moving_mean', weight([1], 2)],
  ['n/moving_variance', weight([1], 4)],
]
const EXPECTED = [((1 + 4 + 3 - 2) / 2) * 50 + 70, ((-1 + 1 + 3 - 2) / 2) * 50 + 70]

test('a model within the model, whose weights stand in one group: by their names', async () => {
  const names = named.map(([name]) => name)
  const bytes = await written(
    { keras: '2.11.0', config: within, weights: { inner: named.map(([, array]) => array) } },
    (i) => `${names[i]!.replace('/', '_')}`,
  )
  // The helper writes flat names; those of Keras have the layer's name before a slash.
  const slashed = await writtenHDF5((file) => {
    file.create_attribute('model_config', JSON.stringify(within))
    file.create_attribute('keras_version', '2.11.0')
    const group = file.create_group('model_weights').create_group('inner')
    group.create_attribute(
      'weight_names',
      names.map((name) => `${name}:0`),
    )
    for (const layer of ['d', 'n', 'e']) group.create_group(layer)
    for (const [name, { shape, values }] of named) {
      group.create_dataset({ name: `${name}:0`, data: Float64Array.from(values), shape })
    }
  })
  const model = await readModel({ path: 'model.h5', bytes: Buffer.from(slashed) })
  same((await model.predictBatch(EVENTS)) as Float32Array, EXPECTED, 1e-6)
  // Without names each layer takes the next, which normalisation must not.
  assert.is(
    await refusal(() => readModel({ path: 'model.h5', bytes })),
    'model.h5: layers[0] (Sequential "inner"): layers[1] (BatchNormalization "n"): its weights cannot be told from those of other layers',
  )
})

test('a model within the model in .keras: groups within groups', async () => {
  const place: Record<string, string> = {
    'd/kernel': 'dense/vars/0',
    'd/bias': 'dense/vars/1',
    'n/gamma': 'batch_normalization/vars/0',
    'n/beta': 'batch_normalization/vars/1',
    'n/moving_mean': 'batch_normalization/vars/2',
    'n/moving_variance': 'batch_normalization/vars/3',
    'e/kernel': 'dense_1/vars/0',
  }
  const arrays = named.map(([name, array]): [string, Weight] => [`layers/sequential/layers/${place[name]}`, array])
  const bytes = zipSync({
    'metadata.json': strToU8('{"keras_version": "3.3.0"}'),
    'config.json': strToU8(JSON.stringify(within)),
    'model.weights.h5': await weightsByPath(Object.fromEntries(arrays)),
  })
  const model = await readModel({ path: 'model.keras', bytes: Buffer.from(bytes) })
  same((await model.predictBatch(EVENTS)) as Float32Array, EXPECTED, 1e-6)
})

test('several inputs and outputs have the names of their layers; of one they are numbered', async () => {
  const input = (name: string, width: number) => ({
    class_name: 'InputLayer',
    name,
    config: { name, batch_input_shape: [null, width] },
    inbound_nodes: [],
  })
  const call = (name: string, from: string, className = 'Activation') => ({
    class_name: className,
    name,
    config: { name, activation: 'tanh' },
    inbound_nodes: [[[from, 0, 0, {}]]],
  })
  const config = {
    class_name: 'Functional',
    config: {
      layers: [input('pt', 1), input('hits', 2), call('first', 'pt'), call('second', 'hits')],
      input_layers: [
        ['pt', 0, 0],
        ['hits', 0, 0],
      ],
      output_layers: [
        ['second', 0, 0],
        ['first', 0, 0],
      ],
    },
  }
  const model = await readModel({ path: 'm.h5', bytes: await written({ keras: '2.11.0', config, weights: {} }) })
  assert.equal(model.inputs, ['pt', 'hits0', 'hits1'])
  assert.equal(model.outputs, ['second0', 'second1', 'first'])
  same((await model.predictBatch(Float64Array.of(1, 2, 3))) as Float32Array, [2, 3, 1].map(Math.tanh), 1e-6)
  assert.equal(model.describe().inputs, model.inputs)
})

test.run()
