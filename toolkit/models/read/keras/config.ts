/** The configuration of a Keras model as a list of nodes, each after those that it takes its inputs from. */
import { short } from '../../keras/options.ts'
import type { Shape } from '../../keras/shape.ts'
import { callOf, tensors } from './calls.ts'
import {
  type Entry,
  entriesOf,
  type Fail,
  inputShape,
  isModel,
  LARGEST,
  type Name,
  type Plain,
  plain,
} from './entry.ts'

export interface Node extends Name {
  className: string
  options: Plain
  /** As messages name it. */
  where: string
  /** Numbers of the nodes whose outputs come in; −1 − k is input k. */
  inputs: readonly number[]
  /** The models within the model that it is part of, the outermost first. */
  owners: readonly Name[]
}

export interface Graph {
  /** What an event consists of, one after the other. */
  inputs: readonly { name: string; shape: Shape }[]
  /** Models within the model are part of it. */
  nodes: readonly Node[]
  /** The nodes that have the answers. */
  outputs: readonly number[]
}

/** How deep the configuration of a model that is meant is nested. */
const DEEPEST = 32

/**
 * @param config a Sequential, or a functional model
 * @throws InputError that names the place in it
 */
export function graphOf(config: unknown, fail: Fail): Graph {
  if (deeper(config, DEEPEST)) throw fail('model_config: nested too deeply')
  const { class_name: kind, config: inside } = plain(config)
  const entries = entriesOf(inside, '', fail)
  if (typeof kind !== 'string' || !isModel({ className: kind })) {
    throw fail(`a model of class ${short(kind)} is not known, expected Sequential or Functional`)
  }
  const builder = new Builder(fail)
  const sources = kind === 'Sequential' ? [entries[0]!] : builder.sources(entries, plain(inside), '')
  const inputs = sources.map((entry) => {
    const build = kind === 'Sequential' ? plain(inside).build_input_shape : undefined
    return { name: entry.name, shape: inputShape(entry, fail, build) }
  })
  const outputs = builder.add(
    { kind, inside, where: '', owners: [] },
    inputs.map((_, k) => -1 - k),
  )
  return { inputs, nodes: builder.nodes, outputs }
}

function deeper(value: unknown, than: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return than === 0 || Object.values(value).some((inside) => deeper(inside, than - 1))
}

/** A model, or one within it. */
interface Part {
  kind: string
  inside: unknown
  where: string
  owners: readonly Name[]
}

/** Lists the nodes of a model and of those within it. */
class Builder {
  readonly nodes: Node[] = []
  readonly #fail: Fail

  constructor(fail: Fail) {
    this.#fail = fail
  }

  /**
   * @param inputs the numbers of what comes in
   * @returns those of what comes out
   */
  add(part: Part, inputs: readonly number[]): readonly number[] {
    const entries = entriesOf(part.inside, part.where, this.#fail)
    if (part.kind === 'Sequential') return this.#sequential(part, entries, inputs)
    return this.#functional(part, entries, inputs)
  }

  /** The input layers, in the order of the model's inputs. */
  sources(entries: readonly Entry[], inside: Plain, where: string): Entry[] {
    const sources = entries.filter((entry) => entry.className === 'InputLayer')
    if (sources.length === 0) throw this.#fail(`${where}no input layer`)
    if (inside.input_layers === undefined) return sources
    const order = tensors(inside.input_layers, (value) =>
      this.#fail(`${where}input_layers: ${short(value)} is not known`),
    )
    return order.map(({ layer }) => {
      const source = sources.find(({ name }) => name === layer)
      if (source) return source
      throw this.#fail(`${where}input_layers: no input layer ${JSON.stringify(layer)}`)
    })
  }

  #sequential({ where, owners }: Part, entries: readonly Entry[], inputs: readonly number[]): readonly number[] {
    const layers = entries[0]!.className === 'InputLayer' ? entries.slice(1) : entries
    if (layers.length === 0) throw this.#fail(`${where}no layer but the input`)
    return layers.reduce((before, layer) => this.#layer(layer, before, owners), inputs)
  }

  #functional(part: Part, entries: readonly Entry[], inputs: readonly number[]): readonly number[] {
    const { where, owners } = part
    const inside = plain(part.inside)
    const sources = this.sources(entries, inside, where)
    if (sources.length !== inputs.length) {
      throw this.#fail(`${where}${inputs.length} inputs, expected ${sources.length}`)
    }
    const numbers = new Map(sources.map(({ name }, k): [string, readonly number[]] => [name, [inputs[k]!]]))
    let waiting = entries
      .filter((entry) => entry.className !== 'InputLayer')
      .map((entry) => ({ entry, from: callOf(entry, this.#fail) }))
    while (waiting.length > 0) {
      const later = waiting.filter(({ entry, from }) => {
        const known = from.map(({ layer, output }) => numbers.get(layer)?.[output])
        if (known.some((number) => number === undefined)) return true
        if (numbers.has(entry.name)) throw this.#fail(`${entry.where}: there is another layer of this name`)
        numbers.set(entry.name, this.#layer(entry, known as number[], owners))
        return false
      })
      if (later.length === waiting.length)
        throw this.#fail(`${later[0]!.entry.where}: takes its input from a layer that is not there`)
      waiting = later
    }
    return this.#outputs(inside, where, numbers)
  }

  #outputs(inside: Plain, where: string, numbers: ReadonlyMap<string, readonly number[]>): number[] {
    const unknown = (value: unknown) => this.#fail(`${where}output_layers: ${short(value)} is not known`)
    const outputs = tensors(inside.output_layers, unknown)
    if (outputs.length === 0) throw this.#fail(`${where}output_layers: none`)
    return outputs.map(({ layer, output }) => {
      const number = numbers.get(layer)?.[output]
      if (number !== undefined && number >= 0) return number
      const what = numbers.has(layer) && output > 0 ? `output ${output} of layer` : 'layer'
      throw this.#fail(`${where}output_layers: no ${what} ${JSON.stringify(layer)}`)
    })
  }

  /** A layer is a node; a model within the model is all of its own. */
  #layer(entry: Entry, inputs: readonly number[], owners: readonly Name[]): readonly number[] {
    const { calls, ...layer } = entry
    if (isModel(entry)) {
      const owner = { name: entry.name, unique: entry.unique }
      const part = { kind: entry.className, where: `${entry.where}: `, owners: [...owners, owner] }
      // A Sequential of Keras 1 and 2.1 lists its layers without a name beside them.
      return this.add({ ...part, inside: entry.options }, inputs)
    }
    if (this.nodes.length >= LARGEST.layers) throw this.#fail(`more than ${LARGEST.layers} layers`)
    return [this.nodes.push({ ...layer, inputs, owners }) - 1]
  }
}
