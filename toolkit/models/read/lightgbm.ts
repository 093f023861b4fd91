/** Boosted trees of LightGBM, its text model. Sums and comparisons are of float64, as theirs. */
import type { Numbers } from 'nndrone'
import { numbered, Place, repeated, textOf } from '../document.ts'
import type { Description, Model, ModelFile, ModelFormat } from '../model.ts'
import { Forest, type Tree } from '../trees.ts'

export const lightgbm: ModelFormat = {
  title: 'LightGBM (text)',
  matches: ({ bytes }) => /^tree\r?\n/.test(bytes.toString('latin1', 0, 6)) && bytes.includes('max_feature_idx='),
  read: (file) => new LightGBMModel(file),
}

/** Names of inputs are given, but a number of them is asked for first. */
const MOST_INPUTS = 1 << 20

/** From raw scores [groups] to answers, in place. */
type Transform = (row: Float64Array, sigmoid: number) => void

/** By name, as `ConvertOutput` of each has it. */
const OBJECTIVES: Readonly<Record<string, Transform | undefined>> = {
  binary: sigmoids,
  cross_entropy: sigmoids,
  multiclass: softmax,
  multiclassova: sigmoids,
  regression: undefined,
  regression_l1: undefined,
  huber: undefined,
  fair: undefined,
  quantile: undefined,
  mape: undefined,
  custom: undefined,
}

class LightGBMModel implements Model {
  readonly file: ModelFile
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Every node knows where an event goes that lacks its value. */
  readonly optional: ReadonlySet<string>
  /** Where the events had no names, LightGBM gives its own. */
  readonly unnamed: boolean
  readonly #version: string
  readonly #objective: Objective
  /** What sums are divided by. */
  readonly #divisor: number
  readonly #forest: Forest
  /** Inputs in which 0 is a missing value for some nodes: such nodes ask a column of their own. */
  readonly #zeros: readonly number[]

  /** @throws InputError that names the place and the value */
  constructor(file: ModelFile) {
    const { header, trees } = sections(file)
    this.file = file
    this.#version = header.has('version') ? header.get('version').text() : ''
    this.#objective = readObjective(header)
    this.inputs = readInputs(header)
    this.optional = new Set(this.inputs)
    this.unnamed = this.inputs.join() === numbered('Column_', this.inputs.length).join()
    const groups = readGroups(header, trees.length)
    const columns = new Columns(this.inputs.length)
    this.#forest = new Forest(
      trees.map((tree, t) => readTree(tree, columns, t % groups)),
      (t) => `${file.path}: ${trees[t]!.path}`,
    )
    this.#zeros = columns.zeros
    this.#divisor = header.has('average_output') ? trees.length / groups : 1
    this.outputs = groups === 1 ? ['score'] : numbered('class', groups)
  }

  predictBatch(events: Numbers): Float32Array {
    const groups = this.outputs.length
    const width = this.inputs.length
    const sums = new Float64Array((events.length / width) * groups)
    const values = this.#zeros.length === 0 ? events : withColumns(events, width, this.#zeros)
    this.#forest.add(values, width + this.#zeros.length, sums, groups)
    const { transform, sigmoid } = this.#objective
    for (let i = 0; i < sums.length; i++) sums[i]! /= this.#divisor
    if (transform) for (let at = 0; at < sums.length; at += groups) transform(sums.subarray(at, at + groups), sigmoid)
    return new Float32Array(sums)
  }

  describe(): Description {
    const { trees, nodes, depth } = this.#forest
    const { inputs, outputs } = this
    const { name: objective } = this.#objective
    return { format: 'LightGBM', version: this.#version, objective, trees, nodes, depth, inputs, outputs }
  }
}

/** The lines before the first tree, and those of each tree, as objects of texts. */
function sections(file: ModelFile): { header: Place; trees: Place[] } {
  const lines = textOf(file).split(/\r?\n/)
  const end = lines.indexOf('end of trees')
  if (end < 0) new Place(file.path, 'end of trees', undefined).fail('this line after the last tree')
  const starts = lines.flatMap((line, i) => (i < end && line.startsWith('Tree=') ? [i] : []))
  const part = (name: string, from: number, to = end) => new Place(file.path, name, keyed(lines.slice(from, to)))
  const trees = starts.map((start, i) => part(lines[start]!.slice(0, 40), start, starts[i + 1]))
  return { header: part('header', 0, starts[0]), trees }
}

function keyed(lines: readonly string[]): Record<string, string> {
  const texts = Object.create(null)
  for (const line of lines) {
    const at = line.indexOf('=')
    if (line !== '') texts[at < 0 ? line : line.slice(0, at)] = at < 0 ? '' : line.slice(at + 1)
  }
  return texts
}

interface Objective {
  name: string
  transform: Transform | undefined
  sigmoid: number
}

/** The line is absent where a program gave its own objective; its scores are raw. */
function readObjective(header: Place): Objective {
  const [name, ...options] = header.has('objective') ? header.get('objective').text().split(' ') : ['custom']
  const place = new Place(header.file, 'objective', name)
  if (!Object.hasOwn(OBJECTIVES, name!)) {
    place.refuse(`${JSON.stringify(name)} is not read, only ${Object.keys(OBJECTIVES).join(', ')}`)
  }
  if (options.includes('sqrt')) place.refuse('a regression of square roots is not read')
  const sigmoid = options.find((option) => option.startsWith('sigmoid:'))?.slice('sigmoid:'.length)
  const slope = sigmoid === undefined ? 1 : new Place(header.file, 'objective: sigmoid', sigmoid).number()
  return { name: name!, transform: OBJECTIVES[name!], sigmoid: slope }
}

function readInputs(header: Place): string[] {
  const count = header.get('max_feature_idx').whole(0, MOST_INPUTS - 1) + 1
  const names = new Place(header.file, 'feature_names', header.get('feature_names').text().split(' '))
  const list = names.value as string[]
  if (list.length !== count) names.fail(`${count} names`)
  const twice = repeated(list)
  return twice === undefined ? list : names.refuse(`${JSON.stringify(twice)} stands twice`)
}

/** Trees of an iteration, one for each class. */
function readGroups(header: Place, trees: number): number {
  if (trees === 0) new Place(header.file, 'trees', 'none').fail('at least one')
  const key = header.has('num_tree_per_iteration') ? 'num_tree_per_iteration' : 'num_class'
  const groups = header.get(key).whole(1, trees)
  return trees % groups === 0 ? groups : header.get(key).fail(`a number that divides that of the trees, ${trees}`)
}

/** The columns that nodes ask: the inputs, and for some of them one in which 0 is missing. */
class Columns {
  readonly inputs: number
  readonly zeros: number[] = []

  constructor(inputs: number) {
    this.inputs = inputs
  }

  withoutZero(input: number): number {
    const known = this.zeros.indexOf(input)
    return this.inputs + (known >= 0 ? known : this.zeros.push(input) - 1)
  }
}

/** LightGBM takes whatever is this close to 0 for 0. */
const ZERO = Math.fround(1e-35)

function withColumns(events: Numbers, inputs: number, zeros: readonly number[]): Float64Array {
  const width = inputs + zeros.length
  const values = new Float64Array((events.length / inputs) * width)
  for (let from = 0, to = 0; from < events.length; from += inputs, to += width) {
    values.set(events.subarray(from, from + inputs), to)
    for (let i = 0; i < zeros.length; i++) {
      const value = events[from + zeros[i]!]!
      values[to + inputs + i] = Math.abs(value) <= ZERO ? Number.NaN : value
    }
  }
  return values
}

/** Bits of `decision_type`: a split by category, the way of missing values, and what is missing. */
const CATEGORICAL = 1
const DEFAULT_LEFT = 2
const MISSING = { NONE: 0, ZERO: 1, NAN: 2 }

function readTree(place: Place, columns: Columns, group: number): Tree {
  const leaves = place.get('num_leaves').whole(1, 1 << 28)
  const values = items(place.get('leaf_value')).numbers(leaves)
  if (place.has('is_linear') && place.get('is_linear').number() !== 0) place.refuse('linear trees are not read')
  const inner = leaves - 1
  const list = (key: string) => items(inner === 0 ? new Place(place.file, '', '') : place.get(key))
  const features = list('split_feature').integers(inner, 0, columns.inputs - 1)
  const types = place.has('decision_type') ? list('decision_type').integers(inner, 0, 15) : new Int32Array(inner)
  const lefts = list('left_child').integers(inner, -leaves, inner - 1)
  const rights = list('right_child').integers(inner, -leaves, inner - 1)
  const categorical = types.findIndex((type) => (type & CATEGORICAL) !== 0)
  if (categorical >= 0) place.refuse(`node ${categorical} splits by category, and categorical splits are not read`)
  const cuts = thresholds(list('threshold'), inner)
  // Inner nodes first, then the leaves; a child that is negative is a leaf's number, all bits turned.
  const below = padded(lefts, leaves, (child) => (child < 0 ? inner + ~child : child))
  const above = padded(rights, leaves, (child) => (child < 0 ? inner + ~child : child))
  const kinds = types.map((type) => type >> 2)
  const asked = features.map((input, i) => (kinds[i] === MISSING.ZERO ? columns.withoutZero(input) : input))
  return {
    columns: padded(asked, leaves, (column) => column, -1),
    thresholds: Float64Array.from([...cuts, ...values]),
    below,
    above,
    missing: below.map((left, i) => (goesLeft(types[i]!, cuts[i]!) ? left : above[i]!)),
    group,
  }
}

/** Without a kind of missing values of its own, a node takes NaN for 0. */
function goesLeft(type: number, cut: number): boolean {
  return type >> 2 === MISSING.NONE ? cut >= 0 : (type & DEFAULT_LEFT) !== 0
}

function padded(list: Int32Array, more: number, value: (item: number) => number, rest = 0): Int32Array {
  const long = new Int32Array(list.length + more).fill(rest)
  long.set(list.map(value))
  return long
}

/** A split that only parts what is missing from the rest has an infinite one. */
const INFINITE: Readonly<Record<string, number>> = { inf: Number.POSITIVE_INFINITY, '-inf': Number.NEGATIVE_INFINITY }

function thresholds(place: Place, count: number): Float64Array {
  const list = place.value as (number | string)[]
  const isInfinite = (item: number | string) => Object.hasOwn(INFINITE, item)
  const finite = place.with(list.map((item) => (isInfinite(item) ? 0 : item))).numbers(count)
  return finite.map((number, i) => (isInfinite(list[i]!) ? INFINITE[list[i]!]! : number))
}

/** A text of numbers between spaces as a list; what is no number stays text. */
function items(place: Place): Place {
  const texts = place.text().split(' ')
  const list = texts.map((text) => (text !== '' && Number.isFinite(Number(text)) ? Number(text) : text))
  return place.with(place.value === '' ? [] : list)
}

function sigmoids(row: Float64Array, slope: number): void {
  for (let i = 0; i < row.length; i++) row[i] = 1 / (1 + Math.exp(-slope * row[i]!))
}

function softmax(row: Float64Array): void {
  const most = row.reduce((a, b) => Math.max(a, b))
  let sum = 0
  for (let i = 0; i < row.length; i++) sum += row[i] = Math.exp(row[i]! - most)
  for (let i = 0; i < row.length; i++) row[i]! /= sum
}
