/** Graphs of lwtnn: nodes that take from one another, inputs of several kinds. */
import type { Place } from '../../document.ts'
import { type LayerOf, readLayer } from './layers.ts'
import { labels, layerStep, type Network, readInput, type Step } from './network.ts'

/** More nodes, or numbers in all of them, than any network has: a few sources doubled often enough fill any memory. */
const MOST_NODES = 1024
const MOST_NUMBERS = 1 << 24

export function readGraph(document: Place): Network {
  const sequences = document.get('input_sequences')
  if (sequences.value !== undefined && sequences.list().length > 0) sequences.refuse('sequences of inputs are not read')
  const nodes = document.get('inputs').list()
  const inputs = prefixed(
    nodes.map((node) => ({ node: node.get('name').text(), items: node.get('variables').list() })),
    (variable) => variable.get('name').text(),
    (variable, name) => ({ ...readInput(variable, variable.get('default')), name }),
  )
  const entries = nodes.map((node) => new Float64Array(node.get('variables').list().length))
  const builder = new Builder(document, entries)
  const outputs = prefixed(
    document
      .get('outputs')
      .entries()
      .map(([node, place]) => {
        return { node, items: labels(place.get('labels'), builder.step(place.get('node_index'))) }
      }),
    ({ name }) => name,
    (output, name) => ({ ...output, name }),
  )
  return { inputs, entries, steps: builder.steps, outputs }
}

/** Names of inputs or outputs as they are, unless two nodes share one: then each is led by its node's. */
function prefixed<Item, Named>(
  nodes: { node: string; items: Item[] }[],
  nameOf: (item: Item) => string,
  make: (item: Item, name: string) => Named,
): Named[] {
  const names = nodes.flatMap(({ items }) => items.map(nameOf))
  const shared = new Set(names).size < names.length
  return nodes.flatMap(({ node, items }) => {
    return items.map((item) => make(item, shared ? `${node}_${nameOf(item)}` : nameOf(item)))
  })
}

/** Builds the nodes that outputs ask for, sources first. */
class Builder {
  readonly steps: Step[] = []
  readonly #nodes: Place[]
  readonly #layers: Place[]
  /** By number; nodes may share one. */
  readonly #read = new Map<number, { inputs: number; layer: LayerOf }>()
  readonly #entries: Float64Array[]
  readonly #built = new Map<number, Step>()
  readonly #open = new Set<number>()
  #numbers = 0

  constructor(document: Place, entries: Float64Array[]) {
    this.#nodes = document.get('nodes').list()
    this.#layers = document.get('layers').list()
    this.#entries = entries
    if (this.#nodes.length > MOST_NODES) document.get('nodes').fail(`at most ${MOST_NODES} nodes`)
  }

  step(index: Place): Step {
    const node = index.whole(0, this.#nodes.length - 1)
    const known = this.#built.get(node)
    if (known) return known
    if (this.#open.has(node)) index.refuse(`node ${node} is among its own sources`)
    this.#open.add(node)
    const step = this.#make(this.#nodes[node]!)
    this.#open.delete(node)
    this.#numbers += step.values.length
    if (this.#numbers > MOST_NUMBERS) this.#nodes[node]!.refuse(`more than ${MOST_NUMBERS} numbers in all nodes`)
    this.#built.set(node, step)
    this.steps.push(step)
    return step
  }

  #make(node: Place): Step {
    const type = node.get('type').text()
    if (type === 'input') return this.#input(node)
    if (type === 'concatenate') return this.#concatenate(this.#sources(node))
    if (type === 'add') return this.#add(node, this.#sources(node))
    if (type === 'feed_forward') return this.#feedForward(node)
    return node.get('type').refuse(`the node ${type} is not read, only input, feed_forward, concatenate, add`)
  }

  #sources(node: Place): Float64Array[] {
    const places = node.get('sources').list()
    if (places.length === 0) node.get('sources').fail('at least one')
    return places.map((place) => this.step(place).values)
  }

  #input(node: Place): Step {
    const [source] = node.get('sources').integers(1, 0, this.#entries.length - 1)
    const values = this.#entries[source!]!
    if (node.get('size').number() !== values.length)
      node.get('size').fail(`${values.length}, the variables of its input`)
    return { type: 'input', values, run: () => {} }
  }

  #concatenate(sources: Float64Array[]): Step {
    const width = sources.reduce((sum, source) => sum + source.length, 0)
    const values = new Float64Array(Math.min(width, MOST_NUMBERS + 1))
    const run = () => {
      let at = 0
      for (const source of sources) {
        values.set(source, at)
        at += source.length
      }
    }
    return { type: 'concatenate', values, run }
  }

  #add(node: Place, sources: Float64Array[]): Step {
    const values = new Float64Array(sources[0]!.length)
    const uneven = sources.findIndex((source) => source.length !== values.length)
    if (uneven >= 0)
      node
        .get('sources')
        .list()
        [uneven]!.refuse(`${sources[uneven]!.length} numbers, expected ${values.length} as the first has`)
    const run = () => {
      values.fill(0)
      for (const source of sources) for (let i = 0; i < values.length; i++) values[i]! += source[i]!
    }
    return { type: 'add', values, run }
  }

  #feedForward(node: Place): Step {
    const [source, ...more] = this.#sources(node)
    if (more.length > 0) node.get('sources').fail('one source')
    return layerStep('feed_forward', this.#layer(node.get('layer_index'), source!.length), source!)
  }

  #layer(index: Place, inputs: number): LayerOf {
    const number = index.whole(0, this.#layers.length - 1)
    const known = this.#read.get(number) ?? { inputs, layer: readLayer(this.#layers[number]!, inputs) }
    if (known.inputs !== inputs)
      index.refuse(`layer ${number} has ${known.inputs} inputs elsewhere, and ${inputs} here`)
    this.#read.set(number, known)
    return known.layer
  }
}
