/** Models of LightGBM: its own answers, missing values and thresholds of every kind, and files that are wrong or not read. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { seeded } from '../../../support.ts'
import { answers, fixture, largestError, read, refused, survives } from '../support.ts'

interface Golden {
  names: string[]
  events: (number | null)[][]
  answers: Record<string, number[]>
}

const golden: Golden = JSON.parse(fixture('lightgbm', 'golden.json').toString())
const model = (name: string) => fixture('lightgbm', `${name}.txt`).toString()

const test = suite('models: lightgbm')

test('every objective answers as LightGBM does: missing values, zeros, and thresholds themselves', async () => {
  assert.is(Object.keys(golden.answers).length, 13)
  for (const [name, expected] of Object.entries(golden.answers)) {
    const scores = await answers(await read(model(name)), golden.events)
    assert.ok(largestError(scores, expected.map(Math.fround)) <= 2 ** -24, `${name}: ${largestError(scores, expected)}`)
  }
})

test('the models differ in what they take for missing', async () => {
  const type = (name: string) => /decision_type=(\d+)/.exec(model(name))![1]
  assert.equal(
    ['whole', 'none', 'zero', 'binary']
      .map(type)
      .map(Number)
      .map((bits) => bits >> 2),
    [0, 0, 1, 2],
  )
})

test('one feature may take zero for missing in some nodes and not in others', async () => {
  const mixed = model('zero').replace('decision_type=4 6 6 6 4', 'decision_type=0 2 6 8 10')
  assert.is.not(mixed, model('zero'))
  const opened = await read(mixed.slice(0, mixed.indexOf('Tree=1')).concat('end of trees\n'))
  const leaves = [
    0.60566424517781248, 0.269594101332854, -0.47414980419818187, -0.49110340642268424, 0.26483962399079702,
    0.8033899092269231,
  ]
  // The tree of the file, asked step by step.
  const leaf = (eta: number, mass: number): number => {
    const value = Number.isNaN(mass) ? 0 : mass
    if (value <= -0.027582970044196676) return value <= -1.3881211381372998 ? leaves[0]! : leaves[2]!
    if (!(Number.isNaN(mass) || mass === 0 || mass <= 1.6004179656926418)) return leaves[3]!
    if (mass <= 0.079646825933421053) return leaves[1]!
    return eta <= -0.74432633973052342 || Number.isNaN(eta) ? leaves[4]! : leaves[5]!
  }
  const values = [Number.NaN, 0, -2, -1, 0.05, 1, 2]
  const events = values.flatMap((eta) => values.map((mass) => [0, eta, mass, 0]))
  const expected = events.map(([, eta, mass]) => 1 / (1 + Math.exp(-leaf(eta!, mass!))))
  assert.ok(largestError(await answers(opened, events), expected) < 1e-7)
})

test('names that LightGBM gave of itself are none', async () => {
  const named = model('binary')
  assert.is((await read(named)).unnamed, false)
  const bare = named.replace('feature_names=pt eta mass angle', 'feature_names=Column_0 Column_1 Column_2 Column_3')
  assert.is((await read(bare)).unnamed, true)
})

test('names, outputs, and what inspect shows', async () => {
  const opened = await read(model('multiclass'))
  assert.equal(opened.inputs, golden.names)
  assert.equal([...opened.optional], golden.names)
  const outputs = ['class0', 'class1', 'class2']
  const kind = { format: 'LightGBM', version: 'v4', objective: 'multiclass' }
  const { depth, ...shown } = opened.describe()
  assert.equal(shown, { ...kind, trees: 12, nodes: 132, inputs: golden.names, outputs })
  assert.ok((depth as number) >= 3 && (depth as number) <= 5)
  assert.equal((await read(model('stump'))).describe().nodes, 1)
})

test('line ends of Windows, and no objective', async () => {
  const windows = await read(model('binary').replaceAll('\n', '\r\n'))
  assert.equal(await answers(windows, golden.events), await answers(await read(model('binary')), golden.events))
  const raw = await answers(await read(model('binary').replace(/objective=.*\n/, '')), golden.events)
  const scores = raw.map((score) => 1 / (1 + Math.exp(-score)))
  assert.ok(largestError(scores, golden.answers.binary!) < 1e-7)
})

test('what is not read is named', async () => {
  await refused(model('refused-poisson'), /^model: objective: "poisson" is not read, only binary, /)
  await refused(model('refused-linear'), 'model: Tree=0: linear trees are not read')
  await refused(
    model('refused-categorical'),
    /^model: Tree=\d: node \d splits by category, and categorical splits are not read$/,
  )
  await refused(model('refused-sqrt'), 'model: objective: a regression of square roots is not read')
})

test('wrong files name the place', async () => {
  const wrong = (from: string | RegExp, to: string) => {
    const text = model('zero').replace(from, to)
    assert.is.not(text, model('zero'))
    return text
  }
  const refuse = (from: string | RegExp, to: string, message: string) => refused(wrong(from, to), `model: ${message}`)
  await refuse('num_leaves=6', 'num_leaves=7', 'Tree=0.leaf_value: an array of 6, expected 7 values')
  await refuse(
    'num_leaves=6',
    'num_leaves=1000000000',
    'Tree=0.num_leaves: "1000000000", expected a whole number from 1 to 268435456',
  )
  await refuse(
    'left_child=1 -1 3 -2 -5',
    'left_child=1 -1 3 -2 -7',
    'Tree=0.left_child[4]: -7, expected a whole number from -6 to 4',
  )
  await refuse('left_child=1 -1 3 -2 -5', 'left_child=1 -1 3 -2 -1', 'Tree=0: two ways lead to node 5, expected a tree')
  await refuse('left_child=1 -1 3 -2 -5', 'left_child=1 -1 0 -2 -5', 'Tree=0: two ways lead to node 0, expected a tree')
  await refuse('right_child=', 'right_chil=', 'Tree=0.right_child: undefined, expected a string')
  await refuse('threshold=-0.02', 'threshold=none ', 'Tree=0.threshold: an array of 6, expected 5 values')
  await refuse('threshold=-0.02', 'threshold=x', 'Tree=0.threshold[0]: "x7582970044196676", expected a finite number')
  await refuse('max_feature_idx=3', 'max_feature_idx=4', 'feature_names: an array of 4, expected 5 names')
  await refuse(
    'max_feature_idx=3',
    'max_feature_idx=3000000000',
    'header.max_feature_idx: "3000000000", expected a whole number from 0 to 1048575',
  )
  await refuse('pt eta mass', 'pt eta pt', 'feature_names: "pt" stands twice')
  await refuse('split_feature=2', 'split_feature=4', 'Tree=0.split_feature[0]: 4, expected a whole number from 0 to 3')
  await refuse(
    'tree_per_iteration=1',
    'tree_per_iteration=3',
    'header.num_tree_per_iteration: "3", expected a number that divides that of the trees, 4',
  )
  await refuse(/end of trees/, '', 'end of trees: undefined, expected this line after the last tree')
  await refuse(/Tree=0.*(?=end)/s, '', 'trees: "none", expected at least one')
})

test('tampered files are read or refused', async () => {
  const tokens = ['-1', '99', '1e400', 'nan', ' ', '\n', '\n\n', '=', 'end of trees\n', 'Tree=', '__proto__=1\n', '\0']
  await survives(Buffer.from(model('zero')), seeded(1), tokens)
  await survives(Buffer.from(model('multiclass')), seeded(2), tokens)
})

test.run()
