/** What later events are compared with: how inputs and scores were distributed over the events of a drone's training. */
import { domainOf, type Network, type Range } from 'nndrone'

/** An input or an output, and how its values were spread in training. */
export interface Variable {
  readonly name: string
  readonly kind: 'input' | 'output'
  /** Bins end at these values, each included in the bin that it ends; behind the last there is one bin more. */
  readonly edges: readonly number[]
  /** The fraction of the values at or below each edge. */
  readonly atMost: readonly number[]
  /** The fraction of the events without a value. */
  readonly missing: number
}

export interface Reference {
  /** How many events of the training were looked at; 0 where the drone does not tell. */
  readonly events: number
  /** Inputs and outputs in their order; undefined where the drone does not tell of one. */
  readonly inputs: readonly (Variable | undefined)[]
  readonly outputs: readonly (Variable | undefined)[]
  /** The range of each input in training. */
  readonly domain: readonly (Range | undefined)[]
}

/**
 * Reads the quantiles of a drone's document. Anyone may have written it, so nothing of it is taken for granted: a variable
 * whose quantiles make no sense is one that is not told of.
 * @example const reference = referenceOf(drone.network)
 */
export function referenceOf(network: Network): Reference {
  const quantiles = child(network.nndrone, 'quantiles')
  const atMost = child(quantiles, 'atMost')
  const missing = child(quantiles, 'missing')
  const read = (kind: 'input' | 'output', name: string) => {
    const key = `${kind}s`
    const lost = own(missing, name)
    const fraction = kind === 'input' && isFraction(lost) ? lost : 0
    return variableOf(name, kind, own(child(quantiles, key), name), own(child(atMost, key), name), fraction)
  }
  const events = quantiles?.events
  return {
    events: Number.isInteger(events) && (events as number) > 0 ? (events as number) : 0,
    inputs: network.inputs.map(({ name }) => read('input', name)),
    outputs: network.outputs.map((name) => read('output', name)),
    domain: domainOf(network),
  }
}

/** Values below which 0, 5, 10, …, 100 % lie. */
const STEPS = 20

/** Of the values that are equal to the least one, from which they need a bin of their own. */
const MANY = 0.01

function variableOf(
  name: string,
  kind: Variable['kind'],
  quantiles: unknown,
  atMost: unknown,
  missing: number,
): Variable | undefined {
  if (!isRising(quantiles)) return undefined
  const fractions = isRising(atMost) && atMost.every(isFraction) ? atMost : quantiles.map((_, k) => k / STEPS)
  const last = quantiles.flatMap((value, k) => (value === quantiles[k + 1] ? [] : [k]))
  const edges = last.map((k) => quantiles[k]!)
  const shares = last.map((k) => fractions[k]!)
  // What lies below the least value of the training is not among the many that are equal to it.
  if (shares[0]! < MANY) return { name, kind, edges, atMost: shares, missing }
  return { name, kind, edges: [below(edges[0]!), ...edges], atMost: [0, ...shares], missing }
}

function isRising(values: unknown): values is number[] {
  if (!Array.isArray(values) || values.length !== STEPS + 1) return false
  return values.every((value, k) => Number.isFinite(value) && (k === 0 || value >= values[k - 1]))
}

function isFraction(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1
}

/** A number that is a little less. */
function below(value: number): number {
  return value - Math.max(Math.abs(value) * Number.EPSILON, Number.MIN_VALUE)
}

type Dictionary = Readonly<Record<string, unknown>>

function child(parent: Dictionary | undefined, key: string): Dictionary | undefined {
  const value = own(parent, key)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Dictionary) : undefined
}

function own(values: Dictionary | undefined, key: string): unknown {
  return values && Object.hasOwn(values, key) ? values[key] : undefined
}
