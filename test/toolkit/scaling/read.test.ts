/** A scaling from a file: every form, and every fault with its place and value. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readScaling } from '../../../toolkit/scaling/read.ts'
import { scalesFor } from '../../../toolkit/scaling/scaling.ts'

const test = suite('scaling: files')

const file = (document: unknown) => {
  const text = typeof document === 'string' ? document : JSON.stringify(document)
  return { path: 'some.json', bytes: Buffer.from(text) }
}

const scales = [
  { offset: -1, scale: 0.5 },
  { offset: 3, scale: 4 },
]

test('mean and scale by name, either way about, and in order, as StandardScaler has them', () => {
  for (const document of [
    { pt: { mean: 1, scale: 2 }, eta: { mean: -3, scale: 0.25 } },
    { mean: { pt: 1, eta: -3 }, scale: { eta: 0.25, pt: 2 } },
    { mean_: { pt: 1, eta: -3 }, scale_: { eta: 0.25, pt: 2 } },
  ]) {
    const scaling = readScaling(file(document))
    assert.equal(scaling, { file: 'some.json', names: ['pt', 'eta'], scales })
    assert.equal(scalesFor(scaling, ['eta', 'pt']), [scales[1], scales[0]])
    assert.equal(scalesFor(scaling, ['eta']), [scales[1]], 'a file may hold more than a model needs')
  }
  for (const document of [
    { mean: [1, -3], scale: [2, 0.25] },
    { mean_: [1, -3], scale_: [2, 0.25] },
  ]) {
    const scaling = readScaling(file(document))
    assert.equal(scaling, { file: 'some.json', scales })
    assert.equal(scalesFor(scaling, ['eta', 'pt']), scales)
  }
})

test('what a drone keeps goes by name, or in its order where somebody chose other columns', () => {
  const scaling = {
    file: 'drone.json',
    scales,
    names: ['pt', 'eta'],
    ordered: true,
  }
  assert.equal(scalesFor(scaling, ['eta', 'pt'], true), [scales[1], scales[0]])
  assert.equal(scalesFor(scaling, ['PT', 'Eta'], true), scales)
  const missing = 'drone.json: no mean and scale for the input "Eta"; there are pt, eta'
  assert.throws(() => scalesFor(scaling, ['pt', 'Eta'], true), exactly(missing))
  assert.throws(() => scalesFor(scaling, ['Eta', 'PT']), exactly(missing))
  assert.throws(
    () => scalesFor(scaling, ['a', 'b', 'c'], true),
    exactly('drone.json: mean and scale of 2 inputs, expected 3 (a, b, c)'),
  )
})

function exactly(message: string) {
  return (error: Error) => {
    assert.is(error.name, 'InputError', error.stack)
    assert.is(error.message, message)
    return true
  }
}

const kept = (scaling: unknown) => ({ ...LAYERS, nndrone: { version: 1, arithmetic: 1, teacher: { scaling } } })

const LAYERS = {
  inputs: [{ name: 'a', offset: 0, scale: 1 }],
  layers: [{ architecture: 'dense', activation: 'sigmoid', weights: [1], bias: [0] }],
  outputs: ['score'],
}

const POSITIVE = 'expected a positive number'
const KEEPS_NONE =
  'keeps no mean and scale of a teacher (nndrone.teacher.scaling); take a drone that was distilled from standardised events, or a JSON file of mean and scale'

const REFUSED: [document: unknown, message: string][] = [
  ['pt,eta\n1,2\n', 'expected a drone, or a JSON object of mean and scale'],
  ['', 'expected a drone, or a JSON object of mean and scale'],
  [[1, 2], 'expected a drone, or a JSON object of mean and scale'],
  [{}, 'document: is empty, expected mean and scale of each input'],
  [{ pt: { mean: 'x', scale: 1 } }, 'pt.mean: "x", expected a finite number'],
  [{ pt: { mean: 1, scale: 0 } }, `pt.scale: 0, ${POSITIVE}`],
  [{ pt: { mean: 1, scale: -2 } }, `pt.scale: -2, ${POSITIVE}`],
  [{ pt: { mean: 1, scale: 1e-310 } }, `pt.scale: 1e-310, ${POSITIVE}`],
  [{ pt: { mean: 1, std: 1 } }, 'pt.scale: undefined, expected a finite number'],
  [{ pt: 3 }, 'pt: 3, expected an object'],
  [{ mean: [1, 2] }, 'scale: undefined, expected an array'],
  [{ scale: [1, 2] }, 'mean: undefined, expected numbers, in a list or by name'],
  [{ mean: [], scale: [] }, 'mean: an array of 0, expected a number for each input'],
  [{ mean: {}, scale: {} }, 'mean: an object, expected a number for each input'],
  [{ mean_: [1, 2], scale_: [1] }, 'scale_: an array of 1, expected 2 values'],
  ['{"mean_": [1, NaN], "scale_": [1, 1]}', 'mean_[1]: null, expected a finite number'],
  ['{"mean_": [1, 1e999], "scale_": [1, 1]}', 'mean_[1]: Infinity, expected a finite number'],
  [{ mean_: [1, 2], scale_: [1, 0] }, `scale_[1]: 0, ${POSITIVE}`],
  [{ mean: { a: 1, b: 2 }, scale: { a: 1 } }, 'scale.b: undefined, expected a finite number'],
  [{ mean: { a: 1 }, scale: { a: 1, b: 2 } }, 'mean.b: undefined, expected a finite number'],
  [{ mean_: [1], scale_: [1], var_: [1] }, 'var_: is not known beside mean_ and scale_, leave it out'],
  [{ mean: [1], mean_: [1], scale: [1] }, 'mean: is not known beside mean_ and scale, leave it out'],
  [LAYERS, KEEPS_NONE],
  [{ ...LAYERS, nndrone: { version: 1, arithmetic: 1 } }, KEEPS_NONE],
  [{ ...LAYERS, nndrone: { version: 1, arithmetic: 1, teacher: 'keras' } }, KEEPS_NONE],
  [
    { ...LAYERS, nndrone: { version: 9, arithmetic: 1 } },
    'nndrone.version: 9, but this release reads up to 2; a newer release of nndrone wrote this drone',
  ],
  [kept({ a: 1 }), 'nndrone.teacher.scaling: an object, expected an array'],
  [kept([]), 'nndrone.teacher.scaling: an array of 0, expected an entry for each input'],
  [kept([{ offset: 1, scale: 1 }]), 'nndrone.teacher.scaling[0].name: undefined, expected a string'],
  [
    kept([{ name: 'a', offset: 1, scale: 0 }]),
    'nndrone.teacher.scaling[0].scale: 0, expected a finite number other than 0',
  ],
  [kept([{ name: 'a', offset: null, scale: 1 }]), 'nndrone.teacher.scaling[0].offset: null, expected a finite number'],
  [
    kept([
      { name: 'a', offset: 0, scale: 1 },
      { name: 'a', offset: 0, scale: 1 },
    ]),
    'nndrone.teacher.scaling: "a" stands twice',
  ],
]

for (const [document, message] of REFUSED) {
  test(`refused: ${message}`, () => {
    assert.throws(() => readScaling(file(document)), exactly(`some.json: ${message}`))
  })
}

test('what is no JSON is told so', () => {
  assert.throws(() => readScaling(file('{"mean": [1,}')), /^some\.json: not JSON: /)
})

test.run()
