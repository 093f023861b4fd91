/**
 * The Keras teacher against real Keras, and against PyTorch where layers.py asked that: layer by layer, whole files, and the
 * two files of the paper's authors.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, parse } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { load, openEvents } from '../../../../../toolkit/events/index.ts'
import { scaledTeacher, scaleOf } from '../../../../../toolkit/jobs/scaling.ts'
import { openModel } from '../../../../../toolkit/models/index.ts'
import { KerasModel } from '../../../../../toolkit/models/read/keras/index.ts'
import { root, withData } from '../../../../support.ts'
import { networkFrom, type SmallModel, same } from './support.ts'

interface Golden {
  inputs: number[][]
  answers: number[][]
}

const folder = join(root, 'test/toolkit/models/read/keras')
const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'))

const layers = suite('keras: layers')

const cases: (SmallModel & Golden & { name: string })[] = ['golden.json', 'layers.json'].flatMap((name) =>
  read(join(folder, name)),
)
for (const one of cases) {
  layers(`Keras ${one.keras}: ${one.name}`, () => {
    const network = networkFrom(one)
    // Keras 1 answers in single precision.
    const within = one.keras.startsWith('1') ? 2e-6 : 1e-8
    for (const [i, event] of one.inputs.entries()) same(network.predict(event), one.answers[i]!, within)
  })
}

layers.run()

const files = suite('keras: files')

const answered: Record<string, Golden & { parameters: number }> = read(join(folder, 'files/golden.json'))
for (const name of readdirSync(join(folder, 'files')).filter((name) => name !== 'golden.json')) {
  files(`${name}: as Keras answers`, async () => {
    const { parameters, inputs, answers } = answered[parse(name).name]!
    const model = (await openModel(join(folder, 'files', name))) as KerasModel
    assert.instance(model, KerasModel)
    assert.is(model.describe().parameters, parameters)
    assert.is(model.describe().version, /^[\d.]*\d/.exec(name)![0])
    assert.equal(model.inputs.length, inputs[0]!.length)
    assert.equal(model.outputs, answers[0]!.length === 1 ? ['score'] : ['score0', 'score1'])
    for (const [i, event] of inputs.entries()) same(model.predict(event), answers[i]!, 1e-6)
    same(model.predictBatch(Float64Array.from(inputs.flat())), answers.flat(), 1e-6)
  })
}

files('a missing value makes every answer NaN, and of its event alone', async () => {
  const model = (await openModel(join(folder, 'files/2.2.4-graph.h5'))) as KerasModel
  const { inputs, answers } = answered['2.2.4-graph']!
  for (const missing of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const event = [...inputs[0]!]
    event[3] = missing
    assert.equal([...model.predict(event)], [Number.NaN, Number.NaN])
    const batch = model.predictBatch(Float64Array.from([...event, ...inputs[1]!]))
    assert.equal([...batch.subarray(0, 2)], [Number.NaN, Number.NaN])
    same(batch.subarray(2), answers[1]!, 1e-6)
  }
})

files('an event of another length is a mistake', async () => {
  const model = (await openModel(join(folder, 'files/2.2.4-graph.h5'))) as KerasModel
  for (const length of [0, 7, 9]) assert.throws(() => model.predict(new Float64Array(length)), /expected 8/)
  assert.throws(() => model.predictBatch(new Float64Array(15)), /expected 8/)
})

withData(files, "the paper's teacher on all its events", 'bdecay/teacher.h5', async (path) => {
  const model = (await openModel(path)) as KerasModel
  assert.is(model.describe().parameters, 4111)
  const source = await openEvents([join(dirname(path), 'events.csv')])
  const features = ['pt', 'eta', 'min_pt', 'max_pt', 'min_eta', 'max_eta']
  const loaded = await load(source, features, ['label', 'teacher_h5'])
  const scale = await scaleOf(source, loaded, { column: 'label', value: 1 })
  const answers = await scaledTeacher(model, scale).predictBatch(loaded.events as Float64Array)
  assert.is(answers.length, 20_000)
  same(answers, loaded.columns.get('teacher_h5')!, 1e-5)
})

withData(files, 'their teacher of jets', 'teachers/keras-jets.h5', async (path) => {
  const model = (await openModel(path)) as KerasModel
  const { inputs, scores } = read(path.replace('.h5', '.golden.json'))
  const answers: number[] = scores.flat()
  assert.is(answers.length, 100)
  same(model.predictBatch(Float64Array.from(inputs.flat())), answers, 1e-5)
})

files.run()
