/**
 * Boosted decision trees and multilayer perceptrons of TMVA, its weights files. The answer is TMVA's own response: of
 * BDTs from −1 (background) to 1 (signal), of an MLP from 0 to 1 where it was trained with cross-entropy.
 */
import type { Numbers } from 'nndrone'
import { type Place, repeated } from '../../document.ts'
import type { Description, Facts, Model, ModelFile, ModelFormat } from '../../model.ts'
import { Forest, justBelow, type Tree } from '../../trees.ts'
import { readPerceptron } from './mlp.ts'
import { parseXML } from './xml.ts'

export const tmva: ModelFormat = {
  title: 'TMVA (XML)',
  matches: ({ bytes }) => bytes.subarray(0, 4096).includes('<MethodSetup'),
  read: (file) => new TMVAModel(file),
}

/** What a method makes of transformed variables [events × inputs]: a response an event. */
interface Method {
  respond(variables: Float32Array, inputs: number): Float32Array
  facts: Facts
}

class TMVAModel implements Model {
  readonly file: ModelFile
  readonly inputs: readonly string[]
  readonly outputs = ['score']
  /** TMVA knows no missing values: an event that lacks one has no answer. */
  readonly optional: ReadonlySet<string> = new Set()
  readonly #setup: Place
  readonly #ranges: Ranges[]
  readonly #method: Method

  /** @throws InputError that names the place and the value */
  constructor(file: ModelFile) {
    const setup = parseXML(file).get('MethodSetup')
    this.file = file
    this.#setup = setup
    this.inputs = readVariables(setup)
    this.#ranges = readTransformations(setup, this.inputs)
    this.#method = readMethod(setup, this.inputs.length)
  }

  predictBatch(events: Numbers): Float32Array {
    const width = this.inputs.length
    const variables = new Float32Array(events)
    for (const ranges of this.#ranges) normalise(variables, ranges)
    const scores = this.#method.respond(variables, width)
    for (let n = 0; n < scores.length; n++) {
      if (variables.subarray(n * width, (n + 1) * width).some(Number.isNaN)) scores[n] = Number.NaN
    }
    return scores
  }

  describe(): Description {
    const release = fact(this.#setup, 'TMVA Release')
    const facts = { format: 'TMVA', version: release, method: this.#setup.get('Method').value, ...this.#method.facts }
    const transformation = this.#ranges.length > 0 ? 'normalisation' : undefined
    return { ...facts, transformation, inputs: this.inputs, outputs: this.outputs }
  }
}

/** Of what stands under GeneralInfo. */
function fact(setup: Place, name: string): string | undefined {
  const infos = setup.in('GeneralInfo', 'Info').list()
  return infos
    .find((info) => info.get('name').value === name)
    ?.get('value')
    .text()
}

function readMethod(setup: Place, inputs: number): Method {
  const kind = setup.get('Method').text().split('::')[0]
  const analysis = fact(setup, 'AnalysisType') ?? 'Classification'
  if (analysis !== 'Classification')
    setup.in('GeneralInfo', 'Info').refuse(`AnalysisType ${analysis} is not read, only Classification`)
  if (kind === 'BDT') return readBDT(setup, inputs)
  if (kind === 'MLP') return readPerceptron(setup, inputs, option(setup))
  return setup.get('Method').refuse(`the method ${kind} is not read, only BDT and MLP`)
}

/** The value of an option of the training; undefined where the file has none of that name. */
function option(setup: Place): (name: string) => string | undefined {
  const options = setup.in('Options', 'Option').list()
  const values = new Map(options.map((one) => [one.get('name').text(), one.get('#text').value]))
  return (name) => {
    const value = values.get(name)
    return value === undefined ? undefined : String(value)
  }
}

function readVariables(setup: Place): string[] {
  const place = setup.in('Variables', 'Variable')
  const names = place
    .list()
    .map((variable) => (variable.has('Label') ? variable.get('Label') : variable.get('Expression')).text())
  if (names.length === 0) place.fail('at least one')
  const twice = repeated(names)
  return twice === undefined ? names : place.refuse(`${JSON.stringify(twice)} stands twice`)
}

/** Least value and width of each input; undefined where one is not transformed. */
type Ranges = ({ least: number; scale: number } | undefined)[]

function readTransformations(setup: Place, inputs: readonly string[]): Ranges[] {
  const transforms = setup.has('Transformations') ? setup.get('Transformations') : undefined
  if (!transforms?.has('Transform')) return []
  return transforms
    .get('Transform')
    .list()
    .map((transform) => {
      const name = transform.get('Name').text()
      if (name !== 'Normalize') transform.get('Name').refuse(`the transformation ${name} is not read, only Normalize`)
      return readRanges(transform, inputs)
    })
}

/** The last class stands for all of them together. */
function readRanges(transform: Place, inputs: readonly string[]): Ranges {
  const names = variablesOf(transform.in('Selection', 'Input'), 'Input')
  const written = variablesOf(transform.in('Selection', 'Output'), 'Output')
  if (written.join('\n') !== names.join('\n'))
    transform.get('Selection').refuse('other outputs than inputs are not read')
  const ranges = transform.get('Class').list().at(-1)!.in('Ranges', 'Range')
  const list = ranges.list()
  if (list.length !== names.length) ranges.fail(`${names.length} ranges`)
  const known: Ranges = inputs.map(() => undefined)
  for (const [i, range] of list.entries()) {
    const at = inputs.indexOf(names[i]!)
    if (at < 0) transform.get('Selection').refuse(`${JSON.stringify(names[i])} is no variable`)
    const [least, most] = [Math.fround(range.get('Min').number()), Math.fround(range.get('Max').number())]
    if (!(most > least)) range.get('Max').fail(`more than the minimum ${least}`)
    known[at] = { least, scale: Math.fround(1 / Math.fround(most - least)) }
  }
  return known
}

function variablesOf(selection: Place, key: string): string[] {
  const outer = selection.list()[0] ?? selection.fail('a list')
  return outer
    .get(key)
    .list()
    .map((one) => one.get('Label').text())
}

/** To −1 … 1, step by step in float32 as TMVA's. */
function normalise(variables: Float32Array, ranges: Ranges): void {
  for (let at = 0; at < variables.length; at += ranges.length) {
    for (const [i, range] of ranges.entries()) {
      if (!range) continue
      const inside = Math.fround(Math.fround(variables[at + i]! - range.least) * range.scale)
      variables[at + i] = Math.fround(inside * 2) - 1
    }
  }
}

const BOOSTS = ['AdaBoost', 'RealAdaBoost', 'Bagging', 'Grad']

function readBDT(setup: Place, inputs: number): Method {
  const of = option(setup)
  const boost = of('BoostType') ?? 'AdaBoost'
  const options = setup.get('Options')
  if (!BOOSTS.includes(boost)) options.refuse(`BoostType ${boost} is not read, only ${BOOSTS.join(', ')}`)
  if (of('DoPreselection') === 'True') options.refuse('DoPreselection is not read')
  const gradient = boost === 'Grad'
  const place = setup.in('Weights', 'BinaryTree')
  const trees = place.list()
  if (trees.length === 0) place.fail('at least one tree')
  const value = gradient ? 'res' : of('UseYesNoLeaf') === 'False' ? 'purity' : 'nType'
  const weights = trees.map((tree) => (gradient ? 1 : tree.get('boostWeight').number()))
  const forest = new Forest(
    trees.map((tree, t) => readTree(tree, inputs, value, weights[t]!)),
    (t) => `${setup.file}: ${trees[t]!.path}`,
  )
  const norm = weights.reduce((sum, weight) => sum + weight, 0)
  const response = gradient ? (sum: number) => 2 / (1 + Math.exp(-2 * sum)) - 1 : (sum: number) => average(sum, norm)
  const { nodes, depth } = forest
  return {
    facts: { boost, trees: forest.trees, nodes, depth },
    respond(variables) {
      const sums = new Float64Array(variables.length / inputs)
      forest.add(variables, inputs, sums, 1)
      return Float32Array.from(sums, response)
    },
  }
}

function average(sum: number, norm: number): number {
  return norm > Number.EPSILON ? sum / norm : 0
}

/** Nodes of the file are numbered as they are met; each is within its parent, so that they cannot but be a tree. */
function readTree(tree: Place, inputs: number, value: string, weight: number): Tree {
  const [root, ...more] = tree.get('Node').list()
  if (!root || more.length > 0) tree.get('Node').fail('one root')
  const places = [root as Place]
  const columns: number[] = []
  const thresholds: number[] = []
  const children: [below: number, above: number][] = []
  // The list grows while it is walked.
  for (const node of places) {
    if (node.get('nType').number() !== 0) {
      columns.push(-1)
      thresholds.push(weight * node.get(value).number())
      children.push([0, 0])
      continue
    }
    if (node.has('NCoef') && node.get('NCoef').number() !== 0) node.get('NCoef').refuse('Fisher cuts are not read')
    columns.push(node.get('IVar').whole(0, inputs - 1))
    thresholds.push(justBelow(node.get('Cut').number()))
    children.push(readChildren(node, places))
  }
  const below = Int32Array.from(children, ([below]) => below)
  const above = Int32Array.from(children, ([, above]) => above)
  // What has a missing value is answered with NaN in the end.
  return {
    columns: Int32Array.from(columns),
    thresholds: Float64Array.from(thresholds),
    below,
    above,
    missing: below,
    group: 0,
  }
}

/** Right is where the signal is: from the cut on, or below it where the type of the cut is 0. */
function readChildren(node: Place, places: Place[]): [below: number, above: number] {
  const list = node.get('Node').list()
  const [left, right] = ['l', 'r'].map((pos) => list.find((child) => child.get('pos').value === pos))
  if (!left || !right || list.length !== 2) node.get('Node').fail('a node to the left and one to the right')
  places.push(left as Place, right as Place)
  const [l, r] = [places.length - 2, places.length - 1]
  return node.get('cType').whole(0, 1) === 1 ? [l, r] : [r, l]
}
