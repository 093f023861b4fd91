/**
 * Boosted decision trees, multilayer perceptrons and linear discriminants of TMVA, its weights files. The answer is TMVA's
 * own response: of BDTs from −1 (background) to 1 (signal), of an MLP from 0 to 1 where it was trained with cross-entropy,
 * of several classes their probabilities.
 */
import type { Numbers } from 'nndrone'
import type { Chain, Piece } from '../../chain.ts'
import type { Place } from '../../document.ts'
import type { Description, Facts, Model, ModelFile, ModelFormat } from '../../model.ts'
import { readBDT } from './bdt.ts'
import { readFormulas } from './formulas.ts'
import { readLinear } from './linear.ts'
import { readPerceptron } from './mlp.ts'
import { readTransformations, type Transformations } from './transformations.ts'
import { parseXML } from './xml.ts'

export const tmva: ModelFormat = {
  matches: ({ bytes }) => bytes.subarray(0, 4096).includes('<MethodSetup'),
  read: async (file) => new TMVAModel(file, await parseXML(file)),
}

/** What a method makes of transformed variables [events × inputs]: responses [events × outputs]. */
interface Method {
  respond(variables: Float32Array, inputs: number): Float32Array
  facts: Facts
  /** The same as steps of a chain, where it may be one. @throws InputError where a drone has none of its kind */
  pieces?(): Piece[]
}

type ReadMethod = (setup: Place, inputs: number, option: (name: string) => string | undefined, groups: number) => Method

const METHODS: Readonly<Record<string, ReadMethod>> = {
  BDT: readBDT,
  MLP: readPerceptron,
  Fisher: readLinear,
  LD: readLinear,
}

/** Methods that answer events of several classes. */
const MULTICLASS = ['BDT']

class TMVAModel implements Model {
  readonly file: ModelFile
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly formulas: ReadonlyMap<string, string>
  /** TMVA knows no missing values: an event that lacks one has no answer. */
  readonly optional: ReadonlySet<string> = new Set()
  readonly #setup: Place
  readonly #transformations: Transformations
  readonly #method: Method

  /** @throws InputError that names the place and the value */
  constructor(file: ModelFile, document: Place) {
    const setup = document.get('MethodSetup')
    this.file = file
    this.#setup = setup
    this.inputs = readVariables(setup)
    this.formulas = readFormulas(setup.in('Variables', 'Variable'))
    this.outputs = readOutputs(setup)
    this.#transformations = readTransformations(setup, this.inputs)
    this.#method = readMethod(setup, this.inputs.length, this.outputs.length)
  }

  predictBatch(events: Numbers): Float32Array {
    const width = this.inputs.length
    const variables = new Float32Array(events)
    this.#transformations.apply(variables)
    const scores = this.#method.respond(variables, width)
    const height = this.outputs.length
    for (let n = 0; n < scores.length / height; n++) {
      const lacks = variables.subarray(n * width, (n + 1) * width).some(Number.isNaN)
      if (lacks) scores.fill(Number.NaN, n * height, (n + 1) * height)
    }
    return scores
  }

  chain(): Chain {
    const { pieces } = this.#method
    if (pieces) return { pieces: [...this.#transformations.pieces, ...pieces()] }
    return this.#setup.get('Method').refuse('is no network; distil a drone from it instead')
  }

  describe(): Description {
    const release = fact(this.#setup, 'TMVA Release')
    const facts = { format: 'TMVA', version: release, method: this.#setup.get('Method').value, ...this.#method.facts }
    const { names } = this.#transformations
    const transformation = names.length > 0 ? names.join(', ') : undefined
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

/** One, or one for each class. */
function readOutputs(setup: Place): string[] {
  const analysis = fact(setup, 'AnalysisType') ?? 'Classification'
  if (analysis === 'Classification') return ['score']
  if (analysis !== 'Multiclass') {
    setup
      .in('GeneralInfo', 'Info')
      .refuse(`AnalysisType ${analysis} is not read, only Classification and Multiclass; let a program answer for it`)
  }
  const classes = setup.in('Classes', 'Class')
  const names = classes.list().map((one) => one.get('Name').text())
  return names.length > 1 ? classes.distinct(names) : classes.fail('at least two classes')
}

function readMethod(setup: Place, inputs: number, groups: number): Method {
  const kind = setup.get('Method').text().split('::')[0]!
  const known = Object.keys(METHODS)
  if (!known.includes(kind)) setup.get('Method').refuse(`the method ${kind} is not read, only ${known.join(', ')}`)
  if (groups > 1 && !MULTICLASS.includes(kind)) {
    setup.get('Method').refuse(`${kind} of several classes is not read, only ${MULTICLASS.join(', ')}`)
  }
  return METHODS[kind]!(setup, inputs, option(setup), groups)
}

/** The value of an option of the training; undefined where the file has none of that name. */
function option(setup: Place): (name: string) => string | undefined {
  const group = setup.get('Options')
  const options = group.has('Option') ? group.get('Option').list() : []
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
  return place.distinct(names)
}
