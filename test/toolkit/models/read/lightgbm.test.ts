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

/** The answers of a file's scores without its objective. */
async function raw(text: string, events: Golden['events']): Promise<number[]> {
  return answers(await read(text.replace(/objective=.*\n/, '')), events)
}

test('objectives whose answers are exponentials, squares or the scores themselves', async () => {
  const text = model('poisson')
  const scores = await raw(text, golden.events)
  const check = async (objective: string, expected: (score: number) => number) => {
    const given = await answers(await read(text.replace(/objective=.*/, `objective=${objective}`)), golden.events)
    const error = largestError(
      given,
      scores.map((score) => Math.fround(expected(score))),
    )
    assert.ok(error <= 1e-6, `${objective}: ${error}`)
  }
  for (const objective of ['poisson', 'gamma', 'tweedie']) await check(objective, Math.exp)
  for (const objective of ['lambdarank', 'rank_xendcg']) await check(objective, (score) => score)
  await check('cross_entropy_lambda', (score) => Math.log1p(Math.exp(score)))
  await check('regression sqrt', (score) => Math.sign(score) * score ** 2)
})

test('splits by category: what is chosen goes left, all else and what is missing goes right', async () => {
  const text = model('categorical')
  const opened = await read(
    text
      .slice(0, text.indexOf('Tree=1'))
      .concat('end of trees\n')
      .replace(/objective=.*\n/, ''),
  )
  // The tree of the file, asked step by step; its sets hold category 2, and category 1.
  const leaf = (kind: number, mass: number): number => {
    if (Math.trunc(kind) === 2) return 0.88789288241027786
    if (Math.trunc(kind) !== 1) return -0.71998573615642203
    const value = Number.isNaN(mass) ? 0 : mass
    if (value <= -0.043794704052199061) return value <= -1.537588546256998 ? 0.45912525079249122 : -0.33462639782225423
    return value <= 1.6406342351341687 ? 0.34944050782049929 : -0.31801608151474692
  }
  const kinds = [Number.NaN, -1, 0, 1, 2, 2.9, 3, 33, 34, 1e12]
  const events = kinds.flatMap((kind) => [Number.NaN, -2, -1, 1, 2].map((mass) => [kind, 0, mass, 0]))
  const expected = events.map(([kind, , mass]) => leaf(kind!, mass!))
  assert.ok(largestError(await answers(opened, events), expected.map(Math.fround)) === 0)
  const wide = text
    .replaceAll('cat_boundaries=0 1 2', 'cat_boundaries=0 2 3')
    .replaceAll('cat_threshold=4 2', 'cat_threshold=0 2 2')
  const first = (
    await raw(wide.slice(0, wide.indexOf('Tree=1')).concat('end of trees\n'), [
      [33, 0, 0, 0],
      [1, 0, 0, 0],
    ])
  ).map(Math.fround)
  assert.equal(first, [0.88789288241027786, 0.34944050782049929].map(Math.fround))
})

/** Two trees of one split each, as old releases write a random forest. */
function forest(version: string, ...leaves: [string, string]): string {
  const trees = leaves.map((values, t) => {
    const lists = `split_feature=0\nthreshold=${t === 0 ? 0.5 : 0.25}\ndecision_type=2\nleft_child=-1\nright_child=-2`
    return `Tree=${t}\nnum_leaves=2\nnum_cat=0\n${lists}\nleaf_value=${values}\n`
  })
  const header = `num_class=1\nnum_tree_per_iteration=1\nmax_feature_idx=0\nobjective=binary sigmoid:1\naverage_output\nfeature_names=x`
  return `tree\n${version}${header}\n\n${trees.join('\n')}\nend of trees\n`
}

test('random forests of old releases: leaves that are probabilities are averaged and not converted', async () => {
  const sigma = (x: number) => Math.fround(1 / (1 + Math.exp(-x)))
  const scored = async (text: string) => {
    const opened = await read(text)
    return [await answers(opened, [[0], [1]]), opened.describe().forest] as const
  }
  const probabilities = ['0.125 0.875', '0.25 0.75'] as [string, string]
  const old = 'of LightGBM 2.1 or older: the mean of the leaves is the answer, and is not converted'
  assert.equal(await scored(forest('version=v2\n', ...probabilities)), [[0.1875, 0.8125], old])
  assert.equal(await scored(forest('', ...probabilities)), [[0.1875, 0.8125], old])
  assert.equal(await scored(forest('version=v3\n', ...probabilities)), [[sigma(0.1875), sigma(0.8125)], undefined])
  const unsure = 'answers as LightGBM 2.2.3 and later do; 2.2.0 to 2.2.2 did not convert the mean'
  assert.equal(await scored(forest('version=v2\n', '-1.5 2', '-0.5 1')), [[sigma(-1), sigma(1.5)], unsure])
})

test('infinity lies beyond every threshold, as in LightGBM', async () => {
  const text = forest('version=v4\n', '10 20', '10 20').replace('objective=binary sigmoid:1', 'objective=regression')
  const infinite = Number.POSITIVE_INFINITY
  assert.equal(await answers(await read(text), [[infinite], [-infinite], [1e39], [1e308]]), [20, 10, 20, 20])
})

test('line ends of Windows, and no objective', async () => {
  const windows = await read(model('binary').replaceAll('\n', '\r\n'))
  assert.equal(await answers(windows, golden.events), await answers(await read(model('binary')), golden.events))
  const raw = await answers(await read(model('binary').replace(/objective=.*\n/, '')), golden.events)
  const scores = raw.map((score) => 1 / (1 + Math.exp(-score)))
  assert.ok(largestError(scores, golden.answers.binary!) < 1e-7)
})

test('what is not read is named', async () => {
  await refused(
    model('poisson').replace('objective=poisson', 'objective=mine'),
    'model: objective: "mine" is not read; let a program answer for it (--teacher-command)',
  )
  await refused(model('refused-linear'), 'model: Tree=0: linear trees are not read')
  const categorical = (from: string, to: string) => model('categorical').replace(from, to)
  await refused(
    categorical('cat_threshold=4 2', 'cat_threshold=4 x'),
    'model: Tree=0.cat_threshold[1]: "x", expected a finite number',
  )
  await refused(
    categorical('cat_boundaries=0 1 2', 'cat_boundaries=0 1 3'),
    'model: Tree=0.cat_boundaries[2]: 3, expected a whole number from 0 to 2',
  )
  await refused(
    categorical('threshold=0 1', 'threshold=0 2'),
    'model: Tree=0.threshold: 2, expected a whole number from 0 to 1',
  )
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
