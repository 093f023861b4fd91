/**
 * Boosted decision trees and multilayer perceptrons of TMVA, its weights files. The answer is TMVA's own response: of
 * BDTs from −1 (background) to 1 (signal), of an MLP from 0 to 1 where it was trained with cross-entropy.
 */
import type { Numbers } from 'nndrone'
import type { Place } from '../../document.ts'
import type { Description, Facts, Model, ModelFile, ModelFormat } from '../../model.ts'
import { readBDT } from './bdt.ts'
import { readPerceptron } from './mlp.ts'
import { normalise, type Ranges, readTransformations } from './normalise.ts'
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

type ReadMethod = (setup: Place, inputs: number, option: (name: string) => string | undefined) => Method

const METHODS: Readonly<Record<string, ReadMethod>> = { BDT: readBDT, MLP: readPerceptron }

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
  const kind = setup.get('Method').text().split('::')[0]!
  const analysis = fact(setup, 'AnalysisType') ?? 'Classification'
  if (analysis !== 'Classification')
    setup.in('GeneralInfo', 'Info').refuse(`AnalysisType ${analysis} is not read, only Classification`)
  const known = Object.keys(METHODS)
  if (!known.includes(kind)) setup.get('Method').refuse(`the method ${kind} is not read, only ${known.join(' and ')}`)
  return METHODS[kind]!(setup, inputs, option(setup))
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
  return place.distinct(names)
}
