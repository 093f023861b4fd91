/** Boosted trees of XGBoost 1.0 to 3.x, saved as JSON or UBJ. Sums and comparisons are of float32, as theirs. */
import type { Numbers } from 'nndrone'
import { isJSONWith, type Place, parseJSON } from '../../document.ts'
import type { Description, Model, ModelFile, ModelFormat, ReadOptions } from '../../model.ts'
import { numbered } from '../../names.ts'
import { Forest } from '../../trees.ts'
import { type Objective, readObjective } from './objectives.ts'
import { bestIteration, type Stopped } from './stopping.ts'
import { readTree } from './tree.ts'
import { parseUBJ } from './ubj.ts'

export const xgboost: ModelFormat = {
  matches: (file) => isUBJ(file) || isJSONWith(file, 'learner', 'gradient_booster'),
  read: (file, options) => new XGBoostModel(file, options),
}

function isUBJ({ bytes }: ModelFile): boolean {
  return bytes.toString('latin1', 0, 2) === '{L' && bytes.includes('learner') && bytes.includes('gradient_booster')
}

/** Inputs that a file may have without naming them. */
const MOST_INPUTS = 1 << 16

class XGBoostModel implements Model {
  readonly file: ModelFile
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Every node knows where an event goes that lacks its value. */
  readonly optional: ReadonlySet<string>
  readonly unnamed: boolean
  readonly #version: string
  readonly #objective: Objective
  readonly #objectiveName: string
  readonly #booster: string
  readonly #base: Float32Array
  readonly #forest: Forest
  readonly #stopped: Stopped | undefined

  /** @throws InputError that names the place and the value */
  constructor(file: ModelFile, { allTrees = false }: ReadOptions) {
    const document = isUBJ(file) ? parseUBJ(file) : parseJSON(file)
    const learner = document.get('learner')
    const booster = learner.get('gradient_booster')
    const params = learner.get('learner_model_param')
    this.file = file
    this.#version = readVersion(document)
    const { name, objective } = readObjective(learner)
    this.#objective = objective
    this.#objectiveName = name
    this.#booster = booster.get('name').text()
    this.inputs = readInputs(learner, params)
    this.unnamed = this.inputs.join() === numbered('x', this.inputs.length).join()
    this.optional = new Set(this.inputs)
    const { trees, groups, model, where } = readTrees(booster, params, this.inputs.length)
    this.#stopped = bestIteration(learner, model, { trees: trees.length, groups, allTrees })
    this.#forest = new Forest(trees.slice(0, this.#stopped?.trees), where)
    this.#base = readBase(params, groups, objective)
    this.outputs = groups === 1 ? ['score'] : numbered(name.startsWith('multi:') ? 'class' : 'y', groups)
  }

  predictBatch(events: Numbers): Float32Array {
    const groups = this.outputs.length
    const sums = new Float32Array((events.length / this.inputs.length) * groups)
    for (let at = 0; at < sums.length; at += groups) sums.set(this.#base, at)
    this.#forest.add(new Float32Array(events), this.inputs.length, sums, groups)
    this.#objective.transform?.(sums, groups)
    return sums
  }

  describe(): Description {
    const { trees, nodes, depth } = this.#forest
    const { inputs, outputs } = this
    const kind = { format: 'XGBoost', version: this.#version, booster: this.#booster, objective: this.#objectiveName }
    const stopped = this.#stopped && { earlyStopping: this.#stopped.words }
    return { ...kind, ...stopped, trees, nodes, depth, inputs, outputs }
  }
}

/** The release that wrote it; 1.x where it does not say. */
function readVersion(document: Place): string {
  const version = document.get('version')
  const numbers = version.value === undefined ? [1] : [...version.numbers()]
  if (!(numbers[0]! >= 1 && numbers[0]! < 4)) version.refuse(`${numbers.join('.')}, but releases 1 to 3 are read`)
  return numbers.join('.')
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
  return { trees, groups, model, where: (t: number) => `${list.file}: ${places[t]!.path}` }
}

/** Of dart, whose trees were dropped now and then. */
function readWeights(booster: Place, model: Place, trees: number): Float64Array | undefined {
  const holder = [booster, model].find((place) => place.has('weight_drop'))
  const weights = holder?.get('weight_drop')
  return weights && !(Array.isArray(weights.value) && weights.value.length === 0) ? weights.numbers(trees) : undefined
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
