/** Models of XGBoost: its own answers to the bit of a sum, and files that are wrong or not read. */
import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readModel } from '../../../../toolkit/models/index.ts'
import { seeded, withData } from '../../../support.ts'
import { answers, changed, fixture, JSON_TOKENS, largestError, read, refused, survives } from '../support.ts'

interface Golden {
  release: string
  names: string[]
  events: (number | null)[][]
  answers: Record<string, number[]>
  categorical: { events: (number | null)[][]; answers: number[] }
}

const golden: Golden = JSON.parse(fixture('xgboost', 'golden.json').toString())
const model = (name: string) => JSON.parse(fixture('xgboost', `${name}.json`).toString().replaceAll('NaN', 'null'))

const TREES = ['learner', 'gradient_booster', 'model', 'trees']
const PARAMS = ['learner', 'learner_model_param']

const test = suite('models: xgboost')

test('every objective and booster answers as XGBoost does, missing values and values beside thresholds included', async () => {
  assert.is(Object.keys(golden.answers).length, 25)
  assert.ok(golden.events.flat().includes(null))
  for (const [name, expected] of Object.entries(golden.answers)) {
    const [file, best] = name.split(', the ')
    const opened = await read(fixture('xgboost', `${file}.json`), 'model', { allTrees: best === undefined })
    const scores = await answers(opened, golden.events)
    assert.is(opened.inputs.length * opened.outputs.length * golden.events.length, 4 * scores.length)
    const largest = Math.max(1, ...expected.map(Math.abs))
    assert.ok(largestError(scores, expected) <= largest * 2 ** -23, `${name}: ${largestError(scores, expected)}`)
  }
})

test('sums are those of float32, bit for bit', async () => {
  for (const name of ['squared', 'targets', 'logitraw', 'absolute', 'huber', 'squared-log', 'rank']) {
    assert.is(largestError(await answers(await read(model(name)), golden.events), golden.answers[name]!), 0, name)
  }
})

test('training that was stopped early: the trees up to the best iteration, as XGBClassifier has it, unless all are asked for', async () => {
  for (const name of ['stopped', 'stopped-classes', 'stopped-dart']) {
    assert.ok(largestError(golden.answers[name]!, golden.answers[`${name}, the best`]!) > 0.1, name)
    const scores = await answers(await read(model(name)), golden.events)
    assert.ok(largestError(scores, golden.answers[`${name}, the best`]!) <= 2 ** -23, name)
  }
  const stopped = model('stopped')
  const told = (await read(stopped)).describe()
  const best = Number(stopped.learner.attributes.best_iteration)
  const all = stopped.learner.gradient_booster.model.trees.length
  const words = `iteration ${best} (from 0) was the best`
  assert.is(told.trees, 2 * (best + 1))
  assert.is(told.earlyStopping, `${words}: ${2 * (best + 1)} of ${all} trees answer; --all-trees takes them all`)
  const whole = (await read(stopped, 'model', { allTrees: true })).describe()
  assert.is(whole.earlyStopping, `${words}; all ${all} trees answer, as in Booster.predict`)
  assert.is((await read(model('logistic'))).describe().earlyStopping, undefined)
  const attributes = ['learner', 'attributes', 'best_iteration']
  await refused(
    changed(stopped, attributes, '99'),
    `model: learner.attributes.best_iteration: 99, but there are ${all / 2} iterations; --all-trees takes them all`,
  )
  await refused(
    changed(stopped, attributes, 'last'),
    'model: learner.attributes.best_iteration: "last", expected a finite number',
  )
  const last = await read(changed(stopped, attributes, String(all / 2 - 1)))
  assert.equal([last.describe().trees, last.describe().earlyStopping], [all, undefined])
})

test('splits by category answer as XGBoost does, categories it has never seen and missing ones included', async () => {
  const { events, answers: expected } = golden.categorical
  const opened = await read(fixture('xgboost', 'categorical.json'))
  assert.ok(new Set(expected).size > 8)
  assert.ok(largestError(await answers(opened, events), expected) <= 2 ** -23)
})

test('UBJ says the same as JSON', async () => {
  for (const name of ['logistic', 'softprob', 'dart']) {
    const [json, ubj] = await Promise.all([read(model(name)), read(fixture('xgboost', `${name}.ubj`))])
    assert.equal(ubj.describe(), json.describe())
    assert.equal(await answers(ubj, golden.events), await answers(json, golden.events))
  }
})

test('names, outputs, and what inspect shows', async () => {
  const opened = await read(model('softprob'))
  assert.equal(opened.inputs, golden.names)
  assert.equal([...opened.optional], golden.names)
  assert.equal(opened.outputs, ['class0', 'class1', 'class2'])
  assert.equal(opened.describe(), {
    ...{ format: 'XGBoost', version: '1.7.4', booster: 'gbtree', objective: 'multi:softprob' },
    ...{ trees: 18, nodes: 264, depth: 3, inputs: golden.names, outputs: ['class0', 'class1', 'class2'] },
  })
  assert.equal((await read(model('unnamed'))).inputs, ['x0', 'x1', 'x2', 'x3'])
  assert.equal((await read(model('targets'))).outputs, ['y0', 'y1'])
})

test('a base score as a list, as release 3.1 writes it', async () => {
  const expected = await answers(await read(model('base')), golden.events)
  const list = changed(changed(model('base'), [...PARAMS, 'base_score'], '[2E-1]'), ['version'], [3, 1, 0])
  assert.equal(await answers(await read(list), golden.events), expected)
  const three = changed(model('softprob'), [...PARAMS, 'base_score'], '[5E-1,5E-1,1.5E0]')
  const scores = await answers(await read(three), golden.events)
  // One more in the margin of the last class.
  const shifted = golden.answers.softprob!.map((score, i) => (i % 3 === 2 ? score * Math.E : score))
  const row = (i: number) => shifted.slice(i - (i % 3), i - (i % 3) + 3).reduce((a, b) => a + b)
  assert.ok(
    largestError(
      scores,
      shifted.map((score, i) => score / row(i)),
    ) < 1e-6,
  )
})

test('weights of dart where release 3 keeps them, and booleans as release 1.0 writes them', async () => {
  const document = model('dart')
  const { gbtree, weight_drop } = document.learner.gradient_booster
  document.learner.gradient_booster = { name: 'dart', model: { ...gbtree.model, weight_drop } }
  for (const tree of gbtree.model.trees) tree.default_left = tree.default_left.map(Boolean)
  assert.equal(
    await answers(await read(document), golden.events),
    await answers(await read(model('dart')), golden.events),
  )
})

test('what is not read is named', async () => {
  await refused(
    model('refused-linear'),
    'model: learner.gradient_booster.name: the booster gblinear is not read, only gbtree and dart',
  )
  await refused(
    model('refused-hinge'),
    'model: learner.objective.name: the objective "binary:hinge" is not read: it answers 0 or 1 and nothing between; train with binary:logistic, whose answers a drone can learn',
  )
  await refused(
    model('refused-cox'),
    'model: learner.objective.name: the objective "survival:cox" is not read: it answers relative hazards; let a program answer for it (--teacher-command)',
  )
  await refused(
    changed(model('logistic'), ['learner', 'objective', 'name'], 'reg:mine'),
    'model: learner.objective.name: the objective "reg:mine" is not read: let a program answer for it (--teacher-command)',
  )
  const categorical = model('categorical')
  await refused(
    changed(categorical, [...TREES, 0, 'categories_segments', 0], 999),
    /trees\[0\]\.categories_segments\[0\]: 999, expected a whole number from 0 to \d+$/,
  )
  await refused(
    changed(categorical, [...TREES, 0, 'categories_sizes', 0], 1),
    /trees\[0\]\.categories_sizes: \d+ categories in all, expected \d+$/,
  )
  await refused(
    changed(categorical, [...TREES, 0, 'categories', 0], 2 ** 24),
    'model: learner.gradient_booster.model.trees[0].categories[0]: 16777216, expected a whole number from 0 to 16777215',
  )
  await refused(
    changed(model('logistic'), [...TREES, 0, 'tree_param', 'size_leaf_vector'], '3'),
    /tree_param.size_leaf_vector: trees with a vector in each leaf are not read$/,
  )
  await refused(
    changed(model('logistic'), ['version'], [4, 0, 0]),
    'model: version: 4.0.0, but releases 1 to 3 are read',
  )
})

test('trees that are none are refused, and cannot hang', async () => {
  const tree = (key: string, values: unknown) => changed(model('logistic'), [...TREES, 1, key], values)
  const { left_children: lefts } = model('logistic').learner.gradient_booster.model.trees[1]
  const place = 'model: learner.gradient_booster.model.trees[1]'
  const set = (i: number, value: unknown) => lefts.map((left: number, n: number) => (n === i ? value : left))
  await refused(tree('left_children', set(1, 0)), `${place}: two ways lead to node 0, expected a tree`)
  await refused(tree('left_children', set(0, 2)), `${place}: two ways lead to node 2, expected a tree`)
  const last = lefts.length - 1
  await refused(
    tree('left_children', set(1, 99)),
    `${place}.left_children[1]: 99, expected a whole number from -1 to ${last}`,
  )
  await refused(
    tree('left_children', set(1, -2)),
    `${place}.left_children[1]: -2, expected a whole number from -1 to ${last}`,
  )
  await refused(
    tree('left_children', set(1, '3')),
    `${place}.left_children[1]: "3", expected a whole number from -1 to ${last}`,
  )
  await refused(tree('left_children', []), `${place}.right_children: an array of 15, expected 0 values`)
  await refused(tree('right_children', undefined), `${place}.right_children: undefined, expected an array`)
  await refused(
    tree(
      'right_children',
      lefts.map(() => -1),
    ),
    `${place}: no node -1`,
  )
})

test('wrong documents name the place', async () => {
  const wrong = (keys: (string | number)[], value: unknown) => changed(model('logistic'), keys, value)
  await refused(wrong([...PARAMS, 'num_feature'], '5'), 'model: learner.feature_names: an array of 4, expected 5 names')
  await refused(
    wrong([...PARAMS, 'num_feature'], '4000000000'),
    'model: learner.learner_model_param.num_feature: "4000000000", expected a whole number from 1 to 65536',
  )
  await refused(
    wrong([...PARAMS, 'num_class'], '1000000000'),
    'model: learner.learner_model_param.num_class: "1000000000", expected a whole number from 0 to 6',
  )
  await refused(
    wrong([...PARAMS, 'base_score'], 'half'),
    'model: learner.learner_model_param.base_score: "half", expected a finite number',
  )
  await refused(
    wrong(['learner', 'feature_names'], ['a', 'b', 'a', 'c']),
    'model: learner.feature_names: "a" stands twice',
  )
  await refused(wrong([...TREES], []), 'model: learner.gradient_booster.model.trees: an array of 0, expected trees')
  await refused(wrong(['learner', 'gradient_booster'], 7), 'model: learner.gradient_booster: 7, expected an object')
  await refused('{"learner": {"gradient_booster": ', /^model: not JSON: /)
})

test('UBJ: lengths are checked before anything is allocated', async () => {
  const ubj = fixture('xgboost', 'logistic.ubj')
  const at = ubj.indexOf('base_weights[$d#L') + 17
  const long = Buffer.from(ubj)
  long.writeBigInt64BE(1n << 60n, at)
  await refused(long, /^model: byte \d+: a length of 1152921504606847000, but the file ends \d+ bytes further$/)
  long.writeBigInt64BE(-1n, at)
  await refused(long, /^model: byte \d+: a length of -1, but the file ends \d+ bytes further$/)
  await refused(ubj.subarray(0, 2000), 'model: byte 1962: a length of 15, but the file ends 38 bytes further')
  const deep = Buffer.concat([
    Buffer.from('{L\0\0\0\0\0\0\0\x10gradient_booster{L\0\0\0\0\0\0\0\x07learner'),
    Buffer.alloc(9999, '['),
  ])
  await refused(deep, /^model: byte \d+: nested deeper than 64$/)
})

test('tampered files are read or refused', async () => {
  await survives(fixture('xgboost', 'logistic.json'), seeded(1), JSON_TOKENS)
  await survives(fixture('xgboost', 'softprob.json'), seeded(2), JSON_TOKENS)
  await survives(fixture('xgboost', 'categorical.json'), seeded(4), JSON_TOKENS)
  await survives(fixture('xgboost', 'softprob.ubj'), seeded(3), [
    'L\x7f\0\0\0\0\0\0\0',
    '[$d#L',
    '{',
    '[',
    'Z',
    'S',
    '\xff\xff\xff\xff',
  ])
})

withData(test, 'xgboost-bdecay answers within 1e-6', 'teachers/xgboost-bdecay.json', async (path) => {
  const { inputs, scores } = JSON.parse(readFileSync(path.replace('.json', '.golden.json'), 'utf8'))
  const opened = await readModel({ path, bytes: readFileSync(path) })
  assert.ok(inputs.flat().includes(null))
  assert.ok(largestError(await answers(opened, inputs), scores) <= 1e-6)
})

test.run()
