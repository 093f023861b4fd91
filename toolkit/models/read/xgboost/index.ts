/** Boosted trees of XGBoost 1.0 to 3.x, saved as JSON or UBJ. Sums and comparisons are of float32, as theirs. */
import type { Numbers } from 'nndrone'
import { isJSONWith, type Place, parseJSON } from '../../document.ts'
import type { Description, Model, ModelFile, ModelFormat } from '../../model.ts'
import { numbered } from '../../names.ts'
import { Forest, justBelow, type Tree } from '../../trees.ts'
import { parseUBJ } from './ubj.ts'

export const xgboost: ModelFormat = {
  title: 'XGBoost (JSON, UBJ)',
  matches: (file) => isUBJ(file) || isJSONWith(file, 'learner', 'gradient_booster'),
  read: (file) => new XGBoostModel(file),
}

function isUBJ({ bytes }: ModelFile): boolean {
  return bytes.toString('latin1', 0, 2) === '{L' && bytes.includes('learner') && bytes.includes('gradient_booster')
}

/** Inputs that a file may have without naming them. */
const MOST_INPUTS = 1 << 16

/** From margins [events × groups] to answers, in place. */
type Transform = (margins: Float32Array, groups: number) => void

interface Objective {
  transform?: Transform
  /** The margin that a base score stands for. */
  margin?: (score: number) => number
}

/** By name. softmax answers the class in XGBoost; here its probabilities, for a drone to learn. */
const OBJECTIVES: Readonly<Record<string, Objective>> = {
  'binary:logistic': { transform: sigmoid, margin: logit },
  'reg:logistic': { transform: sigmoid, margin: logit },
  'binary:logitraw': {},
  'multi:softprob': { transform: softmax },
  'multi:softmax': { transform: softmax },
  'reg:squarederror': {},
  'reg:linear': {},
}

class XGBoostModel implements Model {
  readonly file: ModelFile
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Every node knows where an event goes that lacks its value. */
  readonly optional: ReadonlySet<string>
  readonly unnamed: boolean
  readonly #version: string
  readonly #objective: string
  readonly #booster: string
  readonly #base: Float32Array
  readonly #forest: Forest

  /** @throws InputError that names the place and the value */
  constructor(file: ModelFile) {
    const document = isUBJ(file) ? parseUBJ(file) : parseJSON(file)
    const learner = document.get('learner')
    const booster = learner.get('gradient_booster')
    const params = learner.get('learner_model_param')
    this.file = file
    this.#version = readVersion(document)
    this.#objective = readObjective(learner)
    this.#booster = booster.get('name').text()
    this.inputs = readInputs(learner, params)
    this.unnamed = this.inputs.join() === numbered('x', this.inputs.length).join()
    this.optional = new Set(this.inputs)
    const { trees, groups, where } = readTrees(booster, params, this.inputs.length)
    this.#forest = new Forest(trees, where)
    this.#base = readBase(params, groups, OBJECTIVES[this.#objective]!)
    this.outputs = groups === 1 ? ['score'] : numbered(this.#objective.startsWith('multi:') ? 'class' : 'y', groups)
  }

  predictBatch(events: Numbers): Float32Array {
    const groups = this.outputs.length
    const sums = new Float32Array((events.length / this.inputs.length) * groups)
    for (let at = 0; at < sums.length; at += groups) sums.set(this.#base, at)
    this.#forest.add(new Float32Array(events), this.inputs.length, sums, groups)
    OBJECTIVES[this.#objective]!.transform?.(sums, groups)
    return sums
  }

  describe(): Description {
    const { trees, nodes, depth } = this.#forest
    const { inputs, outputs } = this
    const kind = { format: 'XGBoost', version: this.#version, booster: this.#booster, objective: this.#objective }
    return { ...kind, trees, nodes, depth, inputs, outputs }
  }
}

/** The release that wrote it; 1.x where it does not say. */
function readVersion(document: Place): string {
  const version = document.get('version')
  const numbers = version.value === undefined ? [1] : [...version.numbers()]
  if (!(numbers[0]! >= 1 && numbers[0]! < 4)) version.refuse(`${numbers.join('.')}, but releases 1 to 3 are read`)
  return numbers.join('.')
}

function readObjective(learner: Place): string {
  const objective = learner.in('objective', 'name')
  const name = objective.text()
  const known = Object.keys(OBJECTIVES)
  if (!known.includes(name))
    objective.refuse(`the objective ${JSON.stringify(name)} is not read, only ${known.join(', ')}`)
  return name
}

function readInputs(learner: Place, params: Place): string[] {
  const count = params.get('num_feature').whole(1, MOST_INPUTS)
  const names = learner.get('feature_names')
  if (names.value === undefined) return numbered('x', count)
  const list = names.list().map((name) => name.text())
  if (list.length === 0) return numbered('x', count)
  if (list.length !== count) names.fail(`${count} names`)
  return names.distinct(list)
}

function readTrees(booster: Place, params: Place, inputs: number) {
  const name = booster.get('name').text()
  if (name !== 'gbtree' && name !== 'dart')
    booster.get('name').refuse(`the booster ${name} is not read, only gbtree and dart`)
  const model = name === 'dart' && booster.has('gbtree') ? booster.in('gbtree', 'model') : booster.get('model')
  const list = model.get('trees')
  const places = list.list()
  if (places.length === 0) list.fail('trees')
  const count = (key: string) => (params.has(key) ? params.get(key).whole(0, places.length) : 0)
  const groups = Math.max(1, count('num_class'), count('num_target'))
  const info = model.get('tree_info').integers(places.length, 0, groups - 1)
  const weights = readWeights(booster, model, places.length)
  const trees = places.map((place, t) => readTree(place, inputs, info[t]!, weights?.[t]))
  return { trees, groups, where: (t: number) => `${list.file}: ${places[t]!.path}` }
}

/** Of dart, whose trees were dropped now and then. */
function readWeights(booster: Place, model: Place, trees: number): Float64Array | undefined {
  const holder = [booster, model].find((place) => place.has('weight_drop'))
  const weights = holder?.get('weight_drop')
  return weights && !(Array.isArray(weights.value) && weights.value.length === 0) ? weights.numbers(trees) : undefined
}

function readTree(place: Place, inputs: number, group: number, weight = 1): Tree {
  const lefts = place.get('left_children')
  const nodes = lefts.list().length
  checkNumeric(place, nodes)
  const below = lefts.integers(nodes, -1, nodes - 1)
  const above = place.get('right_children').integers(nodes, -1, nodes - 1)
  const columns = place.get('split_indices').integers(nodes, 0, inputs - 1)
  const thresholds = place.get('split_conditions').numbers(nodes)
  const left = place.get('default_left').integers(nodes, 0, 1)
  const missing = below.map((node, i) => (left[i] ? node : above[i]!))
  for (let i = 0; i < nodes; i++) {
    const leaf = below[i] === -1
    thresholds[i] = leaf ? Math.fround(Math.fround(thresholds[i]!) * Math.fround(weight)) : justBelow(thresholds[i]!)
    if (leaf) columns[i] = -1
  }
  return { columns, thresholds, below, above, missing, group }
}

/** @throws InputError where a split asks for a category, or leaves are vectors */
function checkNumeric(place: Place, nodes: number): void {
  const size = place.get('tree_param').get('size_leaf_vector')
  if (size.value !== undefined && size.number() > 1) size.refuse('trees with a vector in each leaf are not read')
  const types = place.get('split_type')
  if (types.value === undefined) return
  const node = types.integers(nodes, 0, 1).indexOf(1)
  if (node >= 0) types.refuse(`node ${node} splits by category, and categorical splits are not read`)
}

/** The margins that sums begin with. From release 3.1 a list as text, one for each group. */
function readBase(params: Place, groups: number, { margin }: Objective): Float32Array {
  const place = params.get('base_score')
  const scores = /^\s*\[.*\]\s*$/.test(String(place.value)) ? parseScores(place) : [place.number()]
  if (scores.length !== 1 && scores.length !== groups) place.fail(`one number, or ${groups}`)
  return Float32Array.from({ length: groups }, (_, i) => {
    const score = Math.fround(scores.length === 1 ? scores[0]! : scores[i]!)
    return margin ? margin(score) : score
  })
}

function parseScores(place: Place): number[] {
  const scores = place.text().trim().slice(1, -1).split(',').map(Number)
  return scores.every(Number.isFinite) ? scores : place.fail('numbers')
}

/** The nearest to 0 and 1 that a base score may be. */
const EDGE = Math.fround(1e-6)

/** In float32, operation by operation as XGBoost's. */
function logit(score: number): number {
  const inside = Math.min(Math.max(score, EDGE), Math.fround(1 - EDGE))
  return -Math.fround(Math.log(Math.fround(Math.fround(1 / inside) - 1)))
}

/** Beyond this the exponential would overflow. */
const STEEPEST = Math.fround(88.7)

function sigmoid(margins: Float32Array): void {
  for (let i = 0; i < margins.length; i++) {
    const power = Math.fround(Math.exp(Math.min(-margins[i]!, STEEPEST)))
    margins[i] = 1 / Math.fround(power + 1)
  }
}

function softmax(margins: Float32Array, groups: number): void {
  for (let at = 0; at < margins.length; at += groups) {
    const row = margins.subarray(at, at + groups)
    const most = row.reduce((a, b) => Math.max(a, b))
    let sum = 0
    for (let i = 0; i < groups; i++) sum += row[i] = Math.fround(Math.exp(Math.fround(row[i]! - most)))
    for (let i = 0; i < groups; i++) row[i]! /= Math.fround(sum)
  }
}
