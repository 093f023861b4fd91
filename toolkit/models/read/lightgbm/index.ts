/** Boosted trees of LightGBM, its text model. Sums and comparisons are of float64, as theirs. */
import type { Numbers } from 'nndrone'
import { Place, textOf } from '../../document.ts'
import type { Description, Model, ModelFile, ModelFormat } from '../../model.ts'
import { numbered } from '../../names.ts'
import { Forest } from '../../trees.ts'
import { FOREST_WORDS, oldForest } from './forest.ts'
import { type Objective, readObjective } from './objectives.ts'
import { Columns, readTree, withColumns } from './tree.ts'

export const lightgbm: ModelFormat = {
  matches: ({ bytes }) => /^tree\r?\n/.test(bytes.toString('latin1', 0, 6)) && bytes.includes('max_feature_idx='),
  read: (file) => new LightGBMModel(file),
}

/** Names of inputs are given, but a number of them is asked for first. */
const MOST_INPUTS = 1 << 20

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
  /** Of a random forest of old releases, what is said of it. */
  readonly #old: 'old' | 'unsure' | undefined
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
    const grown = trees.map((tree, t) => readTree(tree, columns, t % groups))
    this.#forest = new Forest(grown, (t) => `${file.path}: ${trees[t]!.path}`)
    this.#zeros = columns.zeros
    const averages = header.has('average_output')
    this.#divisor = averages ? trees.length / groups : 1
    this.#old = averages && this.#objective.transform ? oldForest(this.#version, grown) : undefined
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
    if (transform && this.#old !== 'old')
      for (let at = 0; at < sums.length; at += groups) transform(sums.subarray(at, at + groups), sigmoid)
    return new Float32Array(sums)
  }

  describe(): Description {
    const { trees, nodes, depth } = this.#forest
    const { inputs, outputs } = this
    const { name: objective } = this.#objective
    const forest = this.#old && FOREST_WORDS[this.#old]
    return {
      format: 'LightGBM',
      version: this.#version,
      objective,
      ...(forest && { forest }),
      trees,
      nodes,
      depth,
      inputs,
      outputs,
    }
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

function readInputs(header: Place): string[] {
  const count = header.get('max_feature_idx').whole(0, MOST_INPUTS - 1) + 1
  const names = new Place(header.file, 'feature_names', header.get('feature_names').text().split(' '))
  const list = names.value as string[]
  if (list.length !== count) names.fail(`${count} names`)
  return names.distinct(list)
}

/** Trees of an iteration, one for each class. */
function readGroups(header: Place, trees: number): number {
  if (trees === 0) new Place(header.file, 'trees', 'none').fail('at least one')
  const key = header.has('num_tree_per_iteration') ? 'num_tree_per_iteration' : 'num_class'
  const groups = header.get(key).whole(1, trees)
  return trees % groups === 0 ? groups : header.get(key).fail(`a number that divides that of the trees, ${trees}`)
}
