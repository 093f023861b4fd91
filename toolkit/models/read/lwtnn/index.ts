/** Networks of lwtnn that a drone cannot be: graphs, and layers other than dense ones. */
import type { Numbers } from 'nndrone'
import type { Chain } from '../../chain.ts'
import { isJSONWith, type Place, parseJSON } from '../../document.ts'
import type { Description, Model, ModelFile, ModelFormat } from '../../model.ts'
import { piecesOf } from './chain.ts'
import { readGraph } from './graph.ts'
import { type Network, readSequential } from './network.ts'

export const lwtnn: ModelFormat = {
  matches: (file) => isJSONWith(file, 'inputs', 'layers') && isOurs(file),
  read: (file) => new LwtnnModel(file),
}

/** Sequential networks of dense layers are drones. */
function isOurs(file: ModelFile): boolean {
  try {
    const { nodes, layers } = parseJSON(file).value as { nodes?: unknown; layers?: { architecture?: unknown }[] }
    return nodes !== undefined || (layers ?? []).some((layer) => layer.architecture !== 'dense')
  } catch {
    return false
  }
}

class LwtnnModel implements Model {
  readonly file: ModelFile
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly optional: ReadonlySet<string>
  readonly #kind: string
  readonly #document: Place
  readonly #network: Network

  /** @throws InputError that names the place and the value */
  constructor(file: ModelFile) {
    const document = parseJSON(file)
    const graph = document.get('nodes').value !== undefined
    this.file = file
    this.#document = document
    this.#kind = graph ? 'graph' : 'sequential'
    this.#network = graph ? readGraph(document) : readSequential(document)
    this.inputs = unique(document, 'inputs', this.#network.inputs)
    this.outputs = unique(document, 'outputs', this.#network.outputs)
    this.optional = new Set(this.#network.inputs.filter((i) => i.default !== undefined).map((i) => i.name))
  }

  predictBatch(events: Numbers): Float32Array {
    const { inputs, outputs } = this.#network
    const count = events.length / inputs.length
    const scores = new Float32Array(count * outputs.length)
    for (let n = 0; n < count; n++) {
      this.#compute(events.subarray(n * inputs.length, (n + 1) * inputs.length))
      for (let i = 0; i < outputs.length; i++) {
        const { step, index } = outputs[i]!
        scores[n * outputs.length + i] = step.values[index]!
      }
    }
    return scores
  }

  #compute(event: Numbers): void {
    const { inputs, entries, steps } = this.#network
    let at = 0
    for (const entry of entries) {
      for (let i = 0; i < entry.length; i++, at++) {
        const { offset, scale, default: missing } = inputs[at]!
        const value = missing !== undefined && !Number.isFinite(event[at]) ? missing : event[at]!
        entry[i] = (value + offset) * scale
      }
    }
    for (const step of steps) step.run()
  }

  chain(): Chain {
    const inputs = this.#network.inputs.map(({ offset, scale, default: missing }) => {
      return { offset, scale, ...(missing !== undefined && { default: missing }) }
    })
    return piecesOf(this.#document, inputs)
  }

  describe(): Description {
    const { inputs, steps } = this.#network
    const layers = new Set(steps.flatMap(({ layer }) => layer ?? []))
    return {
      format: `lwtnn ${this.#kind}`,
      parameters: [...layers].reduce((sum, { parameters }) => sum + parameters, 0),
      inputs: inputs.map((input) => ({ ...input })),
      layers: steps.map(({ type, layer, values }) => {
        return { type: layer?.architecture ?? type, units: values.length, activation: layer?.activation }
      }),
      outputs: this.outputs,
    }
  }
}

function unique(document: Place, key: string, list: readonly { name: string }[]): string[] {
  const names = list.map(({ name }) => name)
  if (names.length === 0) document.get(key).fail('at least one')
  return document.get(key).distinct(names)
}
