/** Weights of TMVA: what an evaluator says that walks the XML itself, and files that are wrong or not read. */
import { gzipSync } from 'node:zlib'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { seeded } from '../../../support.ts'
import { answers, fixture, largestError, read, refused, survives } from '../support.ts'

interface Golden {
  names: string[]
  events: number[][]
  answers: Record<string, number[] | number[][]>
}

const golden: Golden = JSON.parse(fixture('tmva', 'golden.json').toString())
const weights = (name: string) => fixture('tmva', `${name}.weights.xml`).toString()

const test = suite('models: tmva')

test('trees and perceptrons answer as the evaluator does, on cuts themselves too', async () => {
  assert.is(Object.keys(golden.answers).length, 12)
  for (const [name, expected] of Object.entries(golden.answers)) {
    const model = await read(weights(name))
    assert.equal(model.inputs, golden.names)
    const scores = await answers(model, golden.events)
    const error = largestError(scores, expected.flat())
    assert.ok(new Set(scores).size > (name === 'decorrelated' ? 1 : 10), name)
    assert.ok(error < 2e-6, `${name}: ${error}`)
  }
})

test('responses of BDTs lie between -1 and 1, and those of an event that lacks a value are NaN', async () => {
  for (const name of ['adaboost', 'gradient', 'mlp']) {
    const model = await read(weights(name))
    const scores = await answers(model, golden.events)
    assert.ok(scores.every((score) => score >= -1 && score <= 1))
    assert.is(model.optional.size, 0)
    const lacking = golden.events.map((event, n) => event.map((value, i) => (n % 2 === 0 && i === 2 ? null : value)))
    const answered = await answers(model, lacking)
    assert.equal(
      answered.map(Number.isNaN),
      lacking.map((_, n) => n % 2 === 0),
    )
    assert.is(answered[1], scores[1])
  }
})

test('what inspect shows', async () => {
  assert.equal((await read(weights('gradient'))).describe().boost, 'Grad')
  const { nodes, ...shown } = (await read(weights('normalised'))).describe()
  const kind = { format: 'TMVA', version: '4.2.1 [262657]', method: 'BDT::BDT', boost: 'AdaBoost', trees: 6, depth: 4 }
  assert.equal(shown, { ...kind, transformation: 'normalisation', inputs: golden.names, outputs: ['score'] })
  assert.ok((nodes as number) > 30)
  const mlp = (await read(weights('mlp-tanh'))).describe()
  assert.equal([mlp.parameters, mlp.shape, mlp.neurons], [20 + 15 + 4, '4 → 4 → 3 → 1', 'tanh'])
})

function wrong(name: string, from: string | RegExp, to: string): string {
  const text = weights(name).replace(from, to)
  assert.is.not(text, weights(name))
  return text
}

test('what is not read is named', async () => {
  const refuse = (name: string, from: string | RegExp, to: string, message: string) =>
    refused(wrong(name, from, to), `model: MethodSetup.${message}`)
  for (const name of ['PCA', 'Gauss']) {
    await refuse(
      'decorrelated',
      'Name="Decorrelation"',
      `Name="${name}"`,
      `Transformations.Transform[1].Name: the transformation ${name} is not read, only Normalize and Decorrelation; train without it`,
    )
  }
  await refuse(
    'mlp',
    'MLP::MLP',
    'Likelihood::L',
    'Method: the method Likelihood is not read, only BDT, MLP, Fisher, LD',
  )
  await refuse('multiclass', 'BDT::BDTG', 'MLP::M', 'Method: MLP of several classes is not read, only BDT')
  await refuse(
    'multiclass',
    '>Grad<',
    '>AdaBoost<',
    'Options: BoostType AdaBoost of several classes is not read, only Grad',
  )
  await refuse(
    'mlp',
    '"Classification"',
    '"Regression"',
    'GeneralInfo.Info: AnalysisType Regression is not read, only Classification and Multiclass; let a program answer for it',
  )
  await refuse(
    'adaboost',
    '>AdaBoost<',
    '>AdaBoostR2<',
    'Options: BoostType AdaBoostR2 is not read, only AdaBoost, RealAdaBoost, Bagging, Grad',
  )
  await refuse(
    'adaboost',
    'DoPreselection" modified="Yes">False',
    'DoPreselection" modified="Yes">True',
    'Options: DoPreselection is not read',
  )
  await refuse('adaboost', 'NCoef="0"', 'NCoef="4"', 'Weights.BinaryTree[0].Node[0].NCoef: Fisher cuts are not read')
  await refuse(
    'mlp',
    '>sigmoid<',
    '>sin<',
    'Options: NeuronType sin is not read, only sigmoid, tanh, linear, radial, ReLU',
  )
  await refuse('mlp', '>CE<', '>MAE<', 'Options: EstimatorType MAE is not read, only CE and MSE')
  await refuse('mlp', '>sum<', '>sqsum<', 'Options: NeuronInputType sqsum is not read, only sum')
})

test('wrong files name the place', async () => {
  const refuse = (name: string, from: string | RegExp, to: string, message: string) =>
    refused(wrong(name, from, to), `model: MethodSetup.${message}`)
  const root = 'Weights.BinaryTree[0].Node[0]'
  await refuse('adaboost', /IVar="\d"/, 'IVar="4"', `${root}.IVar: "4", expected a whole number from 0 to 3`)
  await refuse('adaboost', /Cut="[^"]*"/, 'Cut="nan"', `${root}.Cut: "nan", expected a finite number`)
  await refuse(
    'adaboost',
    'pos="l"',
    'pos="r"',
    `${root}.Node: an array of 2, expected a node to the left and one to the right`,
  )
  await refuse(
    'adaboost',
    /<Node pos="s"/,
    '<Node pos="s" nType="0" depth="0"/><Node pos="s"',
    'Weights.BinaryTree[0].Node: an array of 2, expected one root',
  )
  await refuse('adaboost', 'Label="eta"', 'Label="pt"', 'Variables.Variable: "pt" stands twice')
  await refuse(
    'mlp',
    'NNeurons="5">',
    'NNeurons="5"><Neuron NSynapses="5">1 2 3 4 5</Neuron>',
    'Weights.Layout.Layer[0].Neuron: an array of 6, expected 5 neurons, one for each variable and one that is 1',
  )
  await refuse(
    'mlp',
    /<Neuron NSynapses="1">\s*\S+/,
    '<Neuron NSynapses="1">one',
    'Weights.Layout.Layer[1].Neuron[0].#text[0]: "one", expected a finite number',
  )
  await refuse(
    'mlp',
    /<Neuron NSynapses="1">\s*\S+/,
    '<Neuron NSynapses="1">1 2',
    'Weights.Layout.Layer[1].Neuron[0].#text: an array of 2, expected 1 values',
  )
  await refuse(
    'mlp',
    /Variable" Label="eta" Expression="eta"/,
    'Variable" Label="phi" Expression="phi"',
    'Transformations.Transform[0].Selection: other outputs than inputs are not read',
  )
  await refuse(
    'fisher',
    'Index="4"',
    'Index="5"',
    'Weights.Coefficient[4].Index: "5", expected a whole number from 0 to 4',
  )
  await refuse(
    'ld',
    /<Coefficient[^>]*>/,
    '',
    'Weights.Coefficient: an array of 4, expected 5 coefficients, a constant and one for each variable',
  )
  const matrix = 'Transformations.Transform[1].Matrix[2]'
  const last = /Rows="4"(?= Columns="4">[^<]*<.Matrix>\s*<.Transform>)/
  await refuse('decorrelated', last, 'Rows="3"', `${matrix}.Rows: "3", expected 4`)
  await refused(weights('mlp').slice(0, 2000), /^model: not XML: line \d+: /)
  await refused('<MethodSetup Method="BDT::BDT"/>', 'model: MethodSetup.Variables: undefined, expected an object')
})

test('packed by gzip, and blanks before the declaration', async () => {
  const text = weights('gradient')
  const expected = golden.answers.gradient!.flat()
  for (const content of [gzipSync(text), `\n  \n${text}`, `\ufeff${text}`]) {
    assert.ok(largestError(await answers(await read(content), golden.events), expected) < 2e-6)
  }
  await refused(`\n\n${text.slice(0, 2000)}`, /^model: not XML: line (3\d|4\d): /)
  await refused(gzipSync(text).subarray(0, 500), 'model: packed by gzip, but unexpected end of file')
})

test('several classes: their names, and probabilities that sum to 1', async () => {
  const model = await read(weights('multiclass'))
  assert.equal(model.outputs, ['Signal', 'Charm', 'Light'])
  const [a, b, c] = await answers(model, golden.events.slice(0, 1))
  assert.ok(Math.abs(a! + b! + c! - 1) < 1e-6)
  const lacking = await answers(model, [golden.events[0]!, [null, 0, 0, 0], golden.events[0]!])
  assert.equal(lacking, [a, b, c, Number.NaN, Number.NaN, Number.NaN, a, b, c])
})

test('variables that are expressions: how commands compute them', async () => {
  const labelled = weights('gradient')
    .replaceAll('Expression="angle" Label="angle"', 'Expression="TMath::Abs(angle)/TMath::Pi()" Label="turn"')
    .replaceAll('Label="angle" Expression="angle"', 'Label="turn" Expression="turn"')
  const { inputs, formulas } = await read(labelled)
  assert.equal(inputs, ['pt', 'eta', 'log(chi2)', 'turn'])
  assert.equal(
    [...formulas!],
    [
      ['log(chi2)', 'log(chi2)'],
      ['turn', `abs(angle)/${Math.PI}`],
    ],
  )
})

test('infinity lies beyond every cut', async () => {
  const model = await read(weights('adaboost'))
  for (const [event, like] of [
    [Number.POSITIVE_INFINITY, 1e30],
    [Number.NEGATIVE_INFINITY, -1e30],
    [1e39, 1e30],
  ]) {
    assert.equal(await answers(model, [[event!, 0, event!, 0]]), await answers(model, [[like!, 0, like!, 0]]))
  }
})

test('hostile XML: entities, depth, names', async () => {
  const entities = [...'bcdefghi'].map((name, i) => `<!ENTITY ${name} "${`&${'abcdefghi'[i]};`.repeat(20)}">`).join('')
  await refused(`<!DOCTYPE x [<!ENTITY a "aaaaaaaaaaaaaaaaaaaa">${entities}]><MethodSetup Method="&i;"/>`, /^model: /)
  await refused(`<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hosts">]><MethodSetup Method="&a;"/>`, /^model: not XML: /)
  await refused(`<MethodSetup>${'<Node>'.repeat(1e5)}${'</Node>'.repeat(1e5)}</MethodSetup>`, /^model: not XML: /)
  await refused('<MethodSetup><__proto__ a="1"/></MethodSetup>', /^model: not XML: /)
})

test('tampered files are read or refused', async () => {
  const tokens = ['-1', '99', '1e999', '"', '<', '>', '/>', '<Node/>', '<Node pos="l" nType="0">', '&amp;', '__proto__']
  for (const [i, name] of ['adaboost', 'normalised', 'mlp', 'decorrelated', 'fisher', 'multiclass'].entries()) {
    await survives(Buffer.from(weights(name)), seeded(i), tokens, 120)
  }
})

test.run()
