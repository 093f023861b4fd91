/** What the Keras teacher refuses: configurations, weights and files, each with the place and the value. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readKeras } from '../../../../../toolkit/models/read/keras/index.ts'
import { root, seeded } from '../../../../support.ts'
import { networkFrom, refusal, sequential, type Weight, written, zeros } from './support.ts'

const files = join(root, 'test/toolkit/models/read/keras/files')

/** Of a model in memory. */
function refusalOf(config: unknown, weights: Record<string, Weight[]> = {}, keras = '2.2.4'): Promise<string> {
  return refusal(() => networkFrom({ keras, config, weights }))
}

/** Of a layer that gets an event of the shape, without the part that every message begins with. */
async function layerRefusal(
  shape: number[],
  className: string,
  options: Record<string, unknown>,
  ...weights: Weight[]
) {
  const message = await refusalOf(sequential(shape, [className, options]), { layer0: weights })
  const where = `layers[0] (${className} "layer0"): `
  assert.ok(message.startsWith(where), message)
  return message.slice(where.length)
}

const options = suite('keras: refused options')

const DENSE = [zeros(4, 2), zeros(2)]

options('classes and options that are not known', async () => {
  const way = 'export the model as ONNX (python -m tf2onnx.convert), or let a Python program answer (--teacher-command)'
  for (const className of ['Lambda', 'Merge', '__proto__', 'constructor', 'toString']) {
    assert.is(await layerRefusal([4], className, {}), `layers of this class are not known; ${way}`)
  }
  for (const className of ['LSTM', 'GRU', 'SimpleRNN', 'Bidirectional', 'ConvLSTM1D', 'CuDNNLSTM']) {
    assert.is(await layerRefusal([4], className, {}), `recurrent layers are not read; ${way}`)
  }
  for (const [className, of] of [
    ['QDense', 'QKeras'],
    ['QActivation', 'QKeras'],
    ['FixedPointQuantizer', 'HGQ'],
    ['HDense', 'HGQ'],
    ['BinaryDense', 'hls4ml'],
  ] as const) {
    const message = `quantised layers of ${of} are not read; let a Python program answer (--teacher-command)`
    assert.is(await layerRefusal([4], className, {}), message)
  }
  for (const name of ['sparse_units', '__proto__', 'constructor']) {
    const given = JSON.parse(`{ "units": 2, "${name}": 1 }`)
    assert.is(await layerRefusal([4], 'Dense', given, ...DENSE), `option "${name}" is not known`)
  }
  assert.is(await layerRefusal([4], 'Dense', { units: 2, rate: 1 }, ...DENSE), 'option "rate" is not known')
})

const WRONG: [className: string, shape: number[], given: Record<string, unknown>, message: string][] = [
  ['Dense', [4], {}, 'units: absent, expected a whole number from 1'],
  ['Dense', [4], { units: 0 }, 'units: 0, expected a whole number from 1'],
  ['Dense', [4], { units: 2.5 }, 'units: 2.5, expected a whole number from 1'],
  ['Dense', [4], { units: '2' }, 'units: "2", expected a whole number from 1'],
  ['Dense', [4], { units: [2] }, 'units: [2], expected a whole number from 1'],
  ['Dense', [4], { units: 2, use_bias: 1 }, 'use_bias: 1, expected true or false'],
  ['Activation', [4], { activation: 'glu' }, 'activation "glu" is not known'],
  [
    'Activation',
    [4],
    { activation: { class_name: 'PReLU', config: {} } },
    'activation {"class_name":"PReLU","config":{}} is not known',
  ],
  [
    'Activation',
    [4],
    { activation: { class_name: 'LeakyReLU', config: { alpha: 1, beta: 2 } } },
    'activation LeakyReLU: option "beta" is not known',
  ],
  ['GELU', [4], { approximate: 'tanh' }, 'approximate: "tanh", expected true or false'],
  ['LayerNormalization', [4, 2], { axis: [1, 2] }, 'axis: [1,2], expected -1 or 2 or [-1] or [2]'],
  ['LayerNormalization', [4], { rms_scaling: true }, 'rms_scaling: true, expected false'],
  ['Rescaling', [4], { scale: [1, 2] }, 'scale: [1,2], expected a number, or 4 of them'],
  ['Subtract', [4], {}, '1 inputs, expected 2'],
  [
    'TimeDistributed',
    [4, 2],
    {},
    'layer: absent is not read for each row, only Dense, Activation, LeakyReLU, ELU, ReLU, Dropout',
  ],
  [
    'TimeDistributed',
    [4, 2],
    { layer: { class_name: 'LSTM' } },
    'layer: "LSTM" is not read for each row, only Dense, Activation, LeakyReLU, ELU, ReLU, Dropout',
  ],
  ['Activation', [4], { activation: 'toString' }, 'activation "toString" is not known'],
  ['Activation', [4], { activation: { name: 'relu' } }, 'activation {"name":"relu"} is not known'],
  ['Conv1D', [4], { filters: 1, kernel_size: 1 }, 'input of shape [4], expected 2 axes'],
  ['Conv1D', [4, 1], { filters: 1, kernel_size: [1, 1] }, 'kernel_size: [1,1], expected a whole number from 1'],
  ['Conv1D', [4, 1], { filters: 1, kernel_size: 0 }, 'kernel_size: 0, expected a whole number from 1'],
  ['Conv1D', [4, 1], { filters: 1, kernel_size: 5 }, 'looks at 5 positions, but the input has 4'],
  ['Conv1D', [4, 1], { filters: 1, kernel_size: 1, groups: 2 }, 'groups: 2, expected 1'],
  ['Conv1D', [4, 1], { padding: 'full' }, 'padding: "full", expected valid or same or causal'],
  ['Conv2D', [4, 4, 1], { padding: 'causal' }, 'padding: "causal", expected valid or same'],
  ['Conv2D', [4, 4, 1], { data_format: 'channels_first' }, 'data_format: "channels_first", expected "channels_last"'],
  ['LocallyConnected1D', [4, 1], { implementation: 2 }, 'implementation: 2, expected 1'],
  ['LocallyConnected1D', [4, 1], { padding: 'same' }, 'padding: "same", expected "valid"'],
  ['MaxPooling1D', [4, 1], { pool_size: 5 }, 'looks at 5 positions, but the input has 4'],
  ['MaxPooling2D', [4, 4, 1], { strides: -1 }, 'strides: -1, expected 2 whole numbers from 1'],
  ['GlobalMaxPooling1D', [4, 1], { keepdims: true }, 'keepdims: true, expected false'],
  ['Flatten', [4], { data_format: 'channels_first' }, 'data_format: "channels_first", expected "channels_last"'],
  ['Reshape', [4], {}, 'target_shape: absent, expected whole numbers'],
  ['Reshape', [4], { target_shape: [3] }, 'target_shape: [3], but the input has the shape [4]'],
  ['Reshape', [4], { target_shape: [-1, 3] }, 'target_shape: [-1, 3], but the input has the shape [4]'],
  ['Reshape', [4], { target_shape: [-1, -1] }, 'target_shape: [-1, -1], but the input has the shape [4]'],
  ['Reshape', [4], { target_shape: [0, -1] }, 'target_shape: [0, -1], but the input has the shape [4]'],
  ['Softmax', [4, 2], { axis: 1 }, 'axis: 1, expected -1 or 2'],
  ['ReLU', [4], { threshold: -1 }, 'threshold: -1, expected a number from 0'],
  ['ReLU', [4], { max_value: 'six' }, 'max_value: "six", expected a number from 0'],
  ['LeakyReLU', [4], { alpha: [1] }, 'alpha: [1], expected a number'],
  ['PReLU', [4], { shared_axes: 1 }, 'shared_axes: 1, expected a list of axes from 1 to 1'],
  ['PReLU', [4], { shared_axes: [2] }, 'shared_axes: [2], expected a list of axes from 1 to 1'],
  ['BatchNormalization', [4, 2], { axis: 1 }, 'axis: 1, expected -1 or 2 or [-1] or [2]'],
  ['BatchNormalization', [4], { renorm: true }, 'renorm: true, expected false'],
  ['BatchNormalization', [4], { epsilon: -1 }, 'epsilon: -1, expected a number from 0'],
  ['Normalization', [4], { invert: true }, 'invert: true, expected false'],
  ['Normalization', [2], { mean: [1, 2, 3], variance: 1 }, 'mean: [1,2,3], expected 2 numbers'],
]

for (const [className, shape, given, message] of WRONG) {
  options(`${className} ${JSON.stringify(given)}`, async () => {
    assert.is(await layerRefusal(shape, className, given), message)
  })
}

options('weights that are missing, of another shape, left over, or not finite', async () => {
  const refused = (...weights: Weight[]) => layerRefusal([4], 'Dense', { units: 2 }, ...weights)
  assert.is(await refused(), 'no kernel in the file, expected shape [4, 2]')
  assert.is(await refused(zeros(4, 2)), 'no bias in the file, expected shape [2]')
  assert.is(await refused(zeros(2, 4), zeros(2)), 'kernel (0): shape [2, 4], expected [4, 2]')
  assert.is(await refused(zeros(8), zeros(2)), 'kernel (0): shape [8], expected [4, 2]')
  assert.is(await refused(...DENSE, zeros(1)), 'weights "2" are not known')
  const infinite = { shape: [2], values: [0, Number.POSITIVE_INFINITY] }
  assert.is(await refused(zeros(4, 2), infinite), 'bias (1): Infinity at 1, expected a finite number')
  const short = { shape: [4, 2], values: [1, 2, 3] }
  assert.is(await refused(short, zeros(2)), 'kernel (0): 3 numbers, expected 8')
  const negative = [zeros(2), zeros(2), zeros(2), { shape: [2], values: [0, -1] }]
  const message = 'moving variance: -1 at 1, expected a number from 0'
  assert.is(await layerRefusal([2], 'BatchNormalization', {}, ...negative), message)
})

options.run()

const graphs = suite('keras: refused graphs')

const input = { class_name: 'InputLayer', name: 'in', config: { name: 'in', batch_input_shape: [null, 4] } }

function layer(name: string, calls: unknown, className = 'Flatten') {
  return { class_name: className, name, config: { name }, inbound_nodes: calls }
}

function functional(layers: unknown[], output: unknown = [['a', 0, 0]]) {
  return { class_name: 'Model', config: { layers, input_layers: [['in', 0, 0]], output_layers: output } }
}

/** Called once, with one layer. */
const from = (name: string, ...rest: unknown[]) => [[[name, 0, 0, ...rest]]]

graphs('what is no model at all', async () => {
  for (const config of [null, 5, 'model', [], {}, { class_name: 'Sequential' }, { config: { layers: {} } }]) {
    assert.is(await refusalOf(config), 'model_config: no layers')
  }
  const layers = [input]
  assert.match(await refusalOf({ class_name: 'Custom', config: { layers } }), 'a model of class "Custom" is not known')
  assert.is(await refusalOf({ class_name: 'Sequential', config: layers }), 'no layer but the input')
  assert.is(await refusalOf({ class_name: 'Sequential', config: [7] }), 'layers[0]: no class_name or no name')
})

graphs('the shape of an event', async () => {
  const shaped = (given: Record<string, unknown>) =>
    refusalOf({ class_name: 'Sequential', config: [{ class_name: 'Flatten', config: { name: 'f', ...given } }] })
  assert.is(await shaped({}), 'layers[0] (Flatten "f"): does not tell the shape of its input')
  assert.is(await shaped({ batch_input_shape: 4 }), 'layers[0] (Flatten "f"): does not tell the shape of its input')
  for (const shape of [
    [null],
    [null, null],
    [null, 0],
    [null, -1],
    [null, 1.5],
    [null, '4'],
    [null, 2 ** 21],
    [1, 1e300],
  ]) {
    const message = await shaped({ batch_input_shape: shape })
    assert.match(message, `layers[0] (Flatten "f"): input shape ${JSON.stringify(shape)}, expected whole numbers`)
  }
})

graphs('inputs and outputs: none, or of layers that are not there', async () => {
  const a = layer('a', from('in'))
  assert.is(await refusalOf(functional([a])), 'no input layer')
  const other = { ...functional([input, a]).config, input_layers: [['in2', 0, 0]] }
  assert.is(await refusalOf({ class_name: 'Model', config: other }), 'input_layers: no input layer "in2"')
  assert.is(await refusalOf(functional([input, a], [])), 'output_layers: none')
  assert.is(await refusalOf(functional([input, a], [['in', 0, 0]])), 'output_layers: no layer "in"')
  assert.is(await refusalOf(functional([input, a], [['b', 0, 0]])), 'output_layers: no layer "b"')
  assert.is(await refusalOf(functional([input, a], [['a', 0, 1]])), 'output_layers: no output 1 of layer "a"')
  assert.is(await refusalOf(functional([input, a], [['a', 1, 0]])), 'output_layers: ["a",1,0] is not known')
})

graphs(
  'models within models: their layers by all names, the number of their inputs, how many layers there may be',
  async () => {
    const within = (layers: unknown[]) => ({ ...functional(layers), name: 'b' })
    const nested = (layers: unknown[], calls: unknown = from('in')) =>
      functional([input, { ...within(layers), inbound_nodes: calls }], [['b', 0, 0]])
    const where = 'layers[1] (Model "b"): '
    assert.match(
      await refusalOf(nested([input, layer('a', from('in'), 'LSTM')])),
      `${where}layers[1] (LSTM "a"): recurrent layers are not read`,
    )
    const two = [
      [
        ['in', 0, 0],
        ['in', 0, 0],
      ],
    ]
    assert.is(await refusalOf(nested([input, layer('a', from('in'))], two)), `${where}2 inputs, expected 1`)
    assert.is(await refusalOf(nested([])), `${where}no layers`)
    const long = Array.from({ length: 4000 }, (_, i) => layer(`l${i}`, from('in')))
    assert.is(
      await refusalOf(
        functional([
          input,
          ...long.slice(1),
          { ...within([input, ...long, layer('a', from('in'))]), inbound_nodes: from('in') },
        ]),
      ),
      'more than 4096 layers',
    )
  },
)

graphs('masks, which layers behind them would see', async () => {
  assert.is(
    await refusalOf(sequential([4, 2], ['Masking', {}], ['GlobalAveragePooling1D', {}])),
    'layers[1] (GlobalAveragePooling1D "layer1"): in a model with Masking, and masks are not read',
  )
})

graphs('calls: none, several, of what is not there, in a circle, with options', async () => {
  const refused = (...layers: unknown[]) => refusalOf(functional([input, ...layers]))
  assert.is(await refused(layer('a', [])), 'layers[1] (Flatten "a"): is used 0 times, expected once')
  assert.is(await refused(layer('a', 'in')), 'layers[1] (Flatten "a"): is used 0 times, expected once')
  const twice = [...from('in'), ...from('in')]
  assert.is(await refused(layer('a', twice)), 'layers[1] (Flatten "a"): is used 2 times, expected once')
  assert.is(await refused(layer('a', [[]])), 'layers[1] (Flatten "a"): no input')
  const lost = 'takes its input from a layer that is not there'
  assert.is(await refused(layer('a', from('b'))), `layers[1] (Flatten "a"): ${lost}`)
  assert.is(await refused(layer('a', from('b')), layer('b', from('a'))), `layers[1] (Flatten "a"): ${lost}`)
  assert.is(await refused(layer('a', from('a'))), `layers[1] (Flatten "a"): ${lost}`)
  const same = 'there is another layer of this name'
  assert.is(await refused(layer('a', from('in')), layer('a', from('in'))), `layers[2] (Flatten "a"): ${same}`)
  const training = `layers[1] (Flatten "a"): input ["in",0,0,{"training":true}] is not known`
  assert.is(await refused(layer('a', from('in', { training: true }))), training)
  assert.is(await refused(layer('a', [[['in', 1, 0]]])), 'layers[1] (Flatten "a"): input ["in",1,0] is not known')
  assert.is(await refused(layer('a', [[5]])), 'layers[1] (Flatten "a"): input 5 is not known')
})

graphs('Keras 3: calls with numbers or options, operations, layers of other modules', async () => {
  const tensor = { class_name: '__keras_tensor__', config: { keras_history: ['in', 0, 0] } }
  const refused = (call: unknown, more = {}) => refusalOf(functional([input, { ...layer('a', [call]), ...more }]))
  assert.is(await refused({ args: [tensor, 1] }), 'layers[1] (Flatten "a"): input 1 is not known')
  const training = 'layers[1] (Flatten "a"): called with {"training":true}, which is not known'
  assert.is(await refused({ args: [tensor], kwargs: { training: true } }), training)
  const module = (name: string) => `layers[1] (Flatten "a"): of module "${name}", which is not known`
  for (const name of ['keras.src.ops.numpy', 'mine'])
    assert.is(await refused({ args: [tensor] }, { module: name }), module(name))
  networkFrom({
    keras: '3.15.1',
    config: functional([input, layer('a', [{ args: [tensor], kwargs: { training: false, mask: null } }])]),
    weights: {},
  })
})

graphs('layers that do not fit together', async () => {
  const wide = { ...layer('b', from('in'), 'Reshape'), config: { name: 'b', target_shape: [2, 2] } }
  const two = [
    [
      ['in', 0, 0],
      ['b', 0, 0],
    ],
  ]
  const merged = (className: string) => refusalOf(functional([input, wide, layer('a', two, className)]))
  assert.match(await merged('Add'), 'layers[2] (Add "a"): inputs of shapes [4] and [2, 2], expected alike ones')
  assert.match(await merged('Concatenate'), 'layers[2] (Concatenate "a"): inputs of shapes [4], [2, 2] do not fit')
  assert.match(await merged('Dense'), 'layers[2] (Dense "a"): 2 inputs, expected 1')
  assert.match(await merged('Flatten'), 'layers[2] (Flatten "a"): 2 inputs, expected 1')
})

graphs('hostile sizes, before anything is allocated', async () => {
  const kernel = { shape: [4, 1e9], values: [] }
  assert.match(await layerRefusal([4], 'Dense', { units: 1e9 }, kernel), 'kernel (0): 4000000000 numbers')
  assert.match(await layerRefusal([4], 'Dense', { units: 1e9 }), 'no kernel in the file')
  const wide = { filters: 2 ** 20, kernel_size: 1, use_bias: false }
  const message = await layerRefusal([64, 1], 'Conv1D', wide, zeros(1, 1, 2 ** 20))
  assert.is(message, 'output of shape [64, 1048576], and all outputs together are more than 16777216 numbers')
  const many = Array.from({ length: 20 }, (): [string, Record<string, unknown>] => ['Flatten', {}])
  assert.match(await refusalOf(sequential([2 ** 20], ...many)), 'layers[16] (Flatten "layer16"): output of shape')
  const layers = Array.from({ length: 5000 }, () => layer('a', from('in')))
  assert.is(await refusalOf(functional(layers)), '5000 layers, at most 4096 can be read')
  const backwards = Array.from({ length: 4000 }, (_, i) => layer(`l${i}`, from(i === 3999 ? 'in' : `l${i + 1}`)))
  const network = networkFrom({ keras: '2', config: functional([input, ...backwards], [['l0', 0, 0]]), weights: {} })
  assert.equal([...network.predict([1, 2, 3, 4])], [1, 2, 3, 4])
})

graphs('hostile nesting and names', async () => {
  const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`)
  const nested = 'model_config: nested too deeply'
  assert.is(await refusalOf(deep), nested)
  assert.is(await refusalOf(sequential([4], ['Reshape', { target_shape: deep }])), nested)
  assert.is(await refusalOf(functional([input, layer('a', deep)])), nested)
  const network = networkFrom({
    keras: '2.2.4',
    config: functional([input, layer('__proto__', from('in'))], [['__proto__', 0, 0]]),
    weights: {},
  })
  assert.is(network.outputs, 4)
})

graphs.run()

const broken = suite('keras: refused files')

const good = () => ({
  keras: '2.2.4',
  config: sequential([4], ['Dense', { units: 2 }]),
  weights: { layer0: [zeros(4, 2), zeros(2)] },
})

async function fileRefusal(bytes: Buffer | Promise<Buffer>): Promise<string> {
  const given = await bytes
  const message = await refusal(() => readKeras({ path: 'model.h5', bytes: given }))
  assert.ok(message.startsWith('model.h5: '), message)
  return message.slice('model.h5: '.length)
}

broken('HDF5 without a model, its configuration or its weights', async () => {
  await readKeras({ path: 'model.h5', bytes: await written(good()) })
  assert.is(await fileRefusal(written({})), "HDF5, but no Keras model; save it whole: model.save('model.h5')")
  assert.is(
    await fileRefusal(written({ ...good(), config: undefined })),
    "the weights of a Keras model without its architecture; write model.to_json() to a file of the same name and .json beside it, or save it whole: model.save('model.h5')",
  )
  assert.is(
    await fileRefusal(written({ ...good(), weights: undefined })),
    "HDF5, but not a whole Keras model: no model_weights; save it with model.save('model.h5')",
  )
  assert.is(await fileRefusal(written({ ...good(), config: '{"class_name":' })), 'model_config: not JSON')
  for (const keras of ['4.0.0', '0.3', 'new']) {
    const message = `keras_version "${keras}" is not known, expected 1 to 3`
    assert.is(await fileRefusal(written({ ...good(), keras })), message)
  }
  const where = 'layers[0] (Dense "layer0"): '
  assert.is(
    await fileRefusal(written({ ...good(), weights: {} })),
    `${where}no kernel in the file, expected shape [4, 2]`,
  )
})

broken('Theano, whose kernels are mirrored: by its name, and in Keras 1 by the names of the weights', async () => {
  const config = sequential([4, 1], ['Convolution1D', { nb_filter: 1, filter_length: 1 }])
  const weights = { layer0: [zeros(1, 1, 1, 1), zeros(1)] }
  const message = 'layers[0] (Convolution1D "layer0"): was trained with Theano, which mirrors its kernels'
  await readKeras({ path: 'model.h5', bytes: await written({ keras: '1.2.2', config, weights }) })
  assert.is(await fileRefusal(written({ keras: '1.2.2', config, weights }, (i) => `w${i}`)), message)
  const two = sequential([4, 1], ['Conv1D', { filters: 1, kernel_size: 1 }])
  const second = written({
    keras: '2.2.4',
    backend: 'theano',
    config: two,
    weights: { layer0: [zeros(1, 1, 1), zeros(1)] },
  })
  assert.is(await fileRefusal(second), message.replace('Convolution1D', 'Conv1D'))
})

broken('zips: not of a model, of a Keras that is not known, too many files, too large ones', async () => {
  const zip = (files: Record<string, Uint8Array>) => Buffer.from(zipSync(files))
  const metadata = strToU8('{"keras_version":"3.15.1"}')
  const [config, weights] = [strToU8('{}'), new Uint8Array(8)]
  const parts = { 'metadata.json': metadata, 'config.json': config, 'model.weights.h5': weights }
  for (const name of Object.keys(parts)) {
    if (name === 'config.json') continue
    assert.is(await fileRefusal(zip({ ...parts, [name]: undefined! })), `a zip, but not a Keras model: no ${name}`)
  }
  assert.is(await fileRefusal(zip(parts)), 'model.weights.h5: not HDF5')
  assert.is(await fileRefusal(zip({ ...parts, 'config.json': strToU8('{') })), 'config.json: not JSON')
  const old = zip({ ...parts, 'metadata.json': strToU8('{"keras_version":2}') })
  assert.is(await fileRefusal(old), 'metadata.json: keras_version: 2, expected a version')
  const many = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`${i}`, new Uint8Array()]))
  assert.match(await fileRefusal(zip({ ...many, ...parts })), 'more than 1000 files in a zip')
  const bomb = zip({ 'metadata.json': metadata, 'config.json': new Uint8Array(1 << 20) })
  // The size that the directory claims of config.json.
  bomb.writeUInt32LE(0x7fffffff, bomb.lastIndexOf('config.json') - 22)
  assert.match(await fileRefusal(bomb), 'config.json: 2147483647 bytes, at most 268435456 can be read')
})

broken('zips that are cut short, or packed in a way that is not read', async () => {
  const whole = readFileSync(join(files, '3.15.1-chain.keras'))
  const cut = 'a zip archive without the end; is the file whole?'
  assert.is(await fileRefusal(whole.subarray(0, whole.length - 30)), cut)
  const other = Buffer.from(whole)
  // The method that the directory tells of config.json.
  other.writeUInt16LE(12, other.lastIndexOf('config.json') - 36)
  assert.is(await fileRefusal(other), 'config.json: packed by method 12, expected 0 or 8 (deflate)')
})

/** A file with some of its bytes changed, or its end cut off. */
function spoilt(bytes: Buffer, random: ReturnType<typeof seeded>): Buffer {
  if (random.below(4) === 0) return bytes.subarray(0, 8 + random.below(bytes.length - 8))
  const copy = Buffer.from(bytes)
  for (let k = random.below(6); k >= 0; k--)
    copy[random.below(copy.length)] = [0, 255, random.below(256)][random.below(3)]!
  return copy
}

for (const [seed, name] of readdirSync(files)
  .filter((name) => name !== 'golden.json')
  .entries()) {
  broken(`${name}, spoilt: an InputError, and the next file is read as ever`, async () => {
    const bytes = readFileSync(join(files, name))
    const answer = async () => [
      ...(await readKeras({ path: 'model.h5', bytes })).predict(new Float64Array(name.includes('chain') ? 6 : 8)),
    ]
    const before = await answer()
    const random = seeded(seed)
    let refused = 0
    for (let i = 0; i < 40; i++) {
      const file = { path: 'model.h5', bytes: spoilt(bytes, random) }
      const message = await refusal(() => readKeras(file).then(() => assert.unreachable())).catch((error) => {
        if (!(error instanceof assert.Assertion)) throw error
      })
      if (message) refused++
    }
    assert.ok(refused > 10, `${refused} refused`)
    assert.equal(await answer(), before)
  })
}

broken('the library prints nothing of its own', async () => {
  const { error } = console
  const said: unknown[] = []
  console.error = (...args) => said.push(args)
  const bytes = readFileSync(join(files, '2.2.4-graph.h5'))
  await fileRefusal(bytes.subarray(0, 9000))
  console.error = error
  assert.equal(said, [])
})

broken('a heap of strings that the library would read for ever', async () => {
  const bytes = readFileSync(join(files, '2.2.4-graph.h5'))
  const heap = bytes.indexOf('GCOL')
  // The first object's index and size.
  bytes.writeUInt16LE(0, heap + 16)
  bytes.writeBigUInt64LE(0n, heap + 24)
  assert.is(await fileRefusal(bytes), 'not HDF5 that can be read, or not all of it')
})

broken.run()
