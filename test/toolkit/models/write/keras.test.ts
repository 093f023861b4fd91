/** Files of Keras that are written: the paper's teacher, read again and looked into. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { withHDF5 } from '../../../../toolkit/models/keras/hdf5.ts'
import { KerasNetwork } from '../../../../toolkit/models/keras/network.ts'
import { readKeras } from '../../../../toolkit/models/read/keras/index.ts'
import { encodeKeras } from '../../../../toolkit/models/write/keras/chain.ts'
import { paperTeacher } from '../../../../toolkit/teachers/paper.ts'
import { randomNumbers, seeded } from '../../../support.ts'
import { fail } from '../read/keras/support.ts'

const test = suite('models: keras, written')

test('a file is read as it was written', async () => {
  for (const inputs of [2, 6, 17]) {
    const teacher = paperTeacher(inputs, 2)
    for (const values of teacher.layers.flatMap((layer) => layer.parameters)) values.set(Float32Array.from(values))
    const model = await readKeras({ path: 'teacher.h5', bytes: Buffer.from(await encodeKeras(teacher)) })
    assert.equal(
      model.network.layers.map((layer) => layer.parameters),
      teacher.layers.map((layer) => layer.parameters),
    )
    const { version, layers } = model.describe() as unknown as { version: string; layers: { class: string }[] }
    assert.is(version, '2.2.4')
    assert.equal(
      layers.map((layer) => layer.class),
      ['LocallyConnected1D', 'GlobalMaxPooling1D', 'Dense', 'Dense'],
    )
    const network = KerasNetwork.sequential(teacher.input, teacher.layers)
    const events = randomNumbers(seeded(9), inputs * 5)
    assert.equal(model.predictBatch(events), network.predictBatch(events))
  }
})

test('a file tells Keras 2 where to look: all names in the order of the layers, versions in both places', async () => {
  const bytes = Buffer.from(await encodeKeras(paperTeacher(6, 1)))
  await withHDF5(bytes, fail, (root) => {
    const weights = root.group('model_weights')!
    for (const group of [root, weights]) {
      assert.is(group.text('keras_version'), '2.2.4')
      assert.is(group.text('backend'), 'tensorflow')
    }
    const names = ['locally_connected1d_1', 'global_max_pooling1d_1', 'dense_1', 'dense_2']
    assert.equal(weights.texts('layer_names'), names)
    for (const name of names) {
      const paths = name.startsWith('global') ? [] : [`${name}/kernel:0`, `${name}/bias:0`]
      assert.equal(weights.group(name)!.texts('weight_names'), paths)
    }
    const { config } = JSON.parse(root.text('model_config')!)
    // Without a name, Keras 2.2 takes the configuration itself for the list of layers.
    assert.type(config.name, 'string')
    assert.equal(
      config.layers.map((layer: { config: { name: string } }) => layer.config.name),
      names,
    )
  })
})

test.run()
