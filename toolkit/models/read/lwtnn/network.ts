/** What a network of lwtnn is, read from a sequential one. */
import type { Place } from '../../document.ts'
import { type LayerOf, readLayer } from './layers.ts'

export interface Input {
  name: string
  offset: number
  scale: number
  default: number | undefined
}

/** A step of the computation; its sources come before it. */
export interface Step {
  type: string
  layer?: LayerOf
  values: Float64Array
  run: () => void
}

export interface Output {
  name: string
  step: Step
  index: number
}

export interface Network {
  inputs: Input[]
  /** What the inputs are written to, one after the other as the inputs. */
  entries: Float64Array[]
  steps: Step[]
  outputs: Output[]
}

export function readInput(place: Place, missing: Place): Input {
  return {
    name: place.get('name').text(),
    offset: place.get('offset').number(),
    scale: place.get('scale').number(),
    default: missing.value === undefined ? undefined : missing.number(),
  }
}

/** A `default` inside an input counts only where the top-level `defaults` is absent. */
export function readSequential(document: Place): Network {
  const shared = document.has('defaults') ? document.get('defaults') : undefined
  const inputs = document
    .get('inputs')
    .list()
    .map((input) => readInput(input, shared ? shared.get(input.get('name').text()) : input.get('default')))
  const entry = new Float64Array(inputs.length)
  const steps: Step[] = []
  let values: Float64Array = entry
  for (const place of document.get('layers').list()) {
    steps.push(layerStep('layer', readLayer(place, values.length), values))
    values = steps.at(-1)!.values
  }
  const last = steps.at(-1) ?? document.get('layers').fail('at least one')
  const outputs = labels(document.get('outputs'), last)
  if (outputs.length !== values.length) document.get('outputs').fail(`${values.length} names, one for each unit`)
  return { inputs, entries: [entry], steps, outputs }
}

export function layerStep(type: string, layer: LayerOf, source: Float64Array): Step {
  const values = new Float64Array(layer.units)
  return { type, layer, values, run: () => layer.run(source, values) }
}

export function labels(place: Place, step: Step): Output[] {
  const names = place.list().map((label) => label.text())
  if (names.length > step.values.length) place.fail(`at most ${step.values.length} names`)
  return names.map((name, index) => ({ name, step, index }))
}
