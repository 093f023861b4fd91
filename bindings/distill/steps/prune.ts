/**
 * Takes away the unit that is missed least (optimal brain surgeon, by unit): the loss is taken for a parabola, the
 * unit's outgoing weights go to zero, and all other parameters move to make up for it.
 */

import { dot } from '../../arithmetic/cholesky.ts'
import type { Layer } from '../../model/network.ts'
import type { Pauses } from '../pauses.ts'
import { Equations, meanDiagonal } from './equations.ts'

export interface Pruning {
  /** The hidden layer, and the unit of it. */
  layer: number
  unit: number
  /** What the loss is to grow by, and a little for the length of the step. */
  cost: number
  /** What is added to the parameters, in their order, the unit's outgoing weights among them. */
  step: Float64Array
}

/** Where the parameters of a unit lie among all of them. */
interface Places {
  incoming: number[]
  outgoing: number[]
}

/**
 * The cheapest pruning of a unit of the layers that may lose one; undefined where the signal aborts.
 * @param curvature H [parameters × parameters], of which the lower triangle counts
 */
export async function cheapestPruning(
  layers: readonly Layer[],
  parameters: Float32Array,
  curvature: Float64Array,
  mayLose: (layer: number) => boolean,
  pauses: Pauses,
  signal?: AbortSignal,
): Promise<Pruning | undefined> {
  const size = parameters.length
  const mean = meanDiagonal(curvature, size)
  const ridge = (diagonal: number) => 1e-4 * diagonal + 1e-12 * mean
  const equations = await Equations.of(curvature, size, ridge, pauses)
  if (!equations) return undefined
  let cheapest: Pruning | undefined
  for (const [layer, { bias }] of layers.slice(0, -1).entries()) {
    for (let unit = 0; mayLose(layer) && unit < bias.length; unit++) {
      if (signal?.aborted) return undefined
      const places = placesOf(layers, layer, unit)
      const found = await prunedUnit(places, parameters, equations, pauses)
      for (const i of places.outgoing) {
        found.cost -= (ridge(curvature[i * size + i]!) * parameters[i]! * parameters[i]!) / 2
      }
      if (!cheapest || found.cost < cheapest.cost) cheapest = { layer, unit, ...found }
    }
  }
  if (cheapest) equations.unfold(cheapest.step)
  return cheapest
}

function placesOf(layers: readonly Layer[], layer: number, unit: number): Places {
  let from = 0
  for (const { weights, bias } of layers.slice(0, layer)) from += weights.length + bias.length
  const { weights, bias } = layers[layer]!
  const units = bias.length
  const next = layers[layer + 1]!.bias.length
  const after = from + units + weights.length + next
  return {
    incoming: Array.from({ length: 1 + weights.length / units }, (_, j) => from + j * units + unit),
    outgoing: Array.from({ length: next }, (_, i) => after + unit * next + i),
  }
}

/**
 * What it costs to move the unit's parameters by d: nothing coming in, and what goes out to zero. With E their columns
 * of the unit matrix and M = L Lᵀ it is ½ dᵀ(EᵀM⁻¹E)⁻¹ d, and the step L⁻ᵀ (L⁻¹E)(EᵀM⁻¹E)⁻¹ d, of which L⁻ᵀ is still to do.
 */
async function prunedUnit(
  { incoming, outgoing }: Places,
  parameters: Float32Array,
  equations: Equations,
  pauses: Pauses,
): Promise<{ cost: number; step: Float64Array }> {
  const places = [...incoming, ...outgoing]
  const columns: Float64Array[] = []
  for (const place of places) {
    columns.push(equations.column(place))
    await pauses.ifDue()
  }
  const { size } = equations
  const inverse: number[] = []
  for (const a of columns) {
    for (const b of columns) inverse.push(dot(a, 0, b, 0, size))
    await pauses.ifDue()
  }
  const own = await Equations.of(Float64Array.from(inverse), places.length, () => 0, pauses)
  const step = new Float64Array(size)
  if (!own) return { cost: Number.POSITIVE_INFINITY, step }
  const moves = Float64Array.from(places, (place, at) => (at < incoming.length ? 0 : -parameters[place]!))
  const shares = own.solve(moves.slice())
  for (const [at, column] of columns.entries()) {
    for (let i = 0; i < size; i++) step[i] = step[i]! + shares[at]! * column[i]!
    await pauses.ifDue()
  }
  return { cost: dot(shares, 0, moves, 0, shares.length) / 2, step }
}

/** The parameters after a pruning: they move by the step, shortened where it would be too long for a parabola. */
export function compensated(parameters: Float32Array, step: Float64Array): Float32Array {
  let longest = 1
  for (const [i, p] of parameters.entries()) longest = Math.max(longest, Math.abs(step[i]!) / (1 + Math.abs(p)))
  return parameters.map((p, i) => p + step[i]! / longest)
}
