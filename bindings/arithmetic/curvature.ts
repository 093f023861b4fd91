/** The definition of how a loss bends, H = Σ JᵀJ; see `assembly/curvature.ts`. */
import type { Loss } from '../engines/api.ts'
import { slope } from './activation.ts'
import { type LayerTraining, propagateAll, weigh } from './backward.ts'
import { forward } from './forward.ts'
import type { JsLayer, JsNetwork } from './network.ts'

const f32 = Math.fround

/** Rows of J that are multiplied at once. */
const ROWS = 8

/** An event as the first layer sees it, and how much it counts. */
export interface WeightedEvent {
  x: Float32Array
  weight: number
}

/**
 * Adds events to the lower triangle of `sums` [parameters × parameters]. An output
 * on which the parameters have less influence than `least` (its factor in J) is left out.
 */
export function addCurvature(
  net: JsNetwork,
  training: LayerTraining[],
  events: readonly WeightedEvent[],
  kind: Loss,
  least: number,
  sums: Float64Array,
): void {
  const last = net.layers.at(-1)!
  const rows: Float32Array[] = []
  for (const { x, weight } of events) {
    forward(net, x)
    for (let i = 0; i < last.outputs; i++) {
      if (!(seed(last, i, kind, training.at(-1)!.delta) > least)) continue
      weigh(training.at(-1)!.delta, f32(Math.sqrt(weight)))
      propagateAll(net, training)
      rows.push(rowOf(net, x, training))
      if (rows.length === ROWS) addRows(rows.splice(0), sums)
    }
  }
  if (rows.length > 0) addRows(rows, sums)
}

/** Writes the δ that output i starts from and returns its factor, or what is left of that beside the other classes. */
function seed({ activation, alpha, z, y }: JsLayer, i: number, kind: Loss, delta: Float32Array): number {
  const entropy = kind === 'cross-entropy'
  if (activation === 'softmax') {
    const factor = entropy ? f32(Math.sqrt(y[i]!)) : y[i]!
    for (let k = 0; k < y.length; k++) delta[k] = -factor * y[k]!
    delta[i] = factor * f32(1 - y[i]!)
    return delta[i]!
  }
  const factor = slope(activation, alpha, z[i]!, y[i]!)
  delta.fill(0)
  delta[i] = entropy && activation === 'sigmoid' ? Math.sqrt(factor) : factor
  return Math.abs(delta[i]!)
}

/** The row of J that belongs to the δ of all layers, in the order of the parameters. */
function rowOf(net: JsNetwork, x: Float32Array, training: LayerTraining[]): Float32Array {
  const row: number[] = []
  for (const [k, { y }] of net.layers.entries()) {
    const { delta } = training[k]!
    row.push(...delta)
    for (const xj of x) for (const d of delta) row.push(xj * d)
    x = y
  }
  return Float32Array.from(row)
}

/** sums[i][j] += Σ rows[r][i] · rows[r][j], the products and their sum in f32 and in the order of r. */
function addRows(rows: readonly Float32Array[], sums: Float64Array): void {
  const parameters = rows[0]!.length
  for (let i = 0; i < parameters; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = f32(rows[0]![i]! * rows[0]![j]!)
      for (let r = 1; r < rows.length; r++) sum = f32(sum + f32(rows[r]![i]! * rows[r]![j]!))
      sums[i * parameters + j] = sums[i * parameters + j]! + sum
    }
  }
}
