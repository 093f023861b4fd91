/** The covariance of events, and its root. */
import type { Pauses } from '../pauses.ts'

/** Events between two looks at the clock. */
const AT_ONCE = 32

/**
 * [width × width]; a value that is not finite adds nothing, as if it were the mean.
 * @param events [n × width]
 */
export async function covariance(events: Float64Array, width: number, pauses: Pauses): Promise<Float64Array> {
  const origin = new Float64Array(width).fill(Number.NaN)
  const counts = new Float64Array(width)
  const mean = new Float64Array(width)
  // From a value on, so that a constant has no variance at all.
  for (const [at, value] of events.entries()) {
    const i = at % width
    if (!Number.isFinite(value)) continue
    if (counts[i]!++ === 0) origin[i] = value
    mean[i]! += value - origin[i]!
  }
  for (let i = 0; i < width; i++) mean[i] = origin[i]! + mean[i]! / counts[i]!
  const sums = new Float64Array(width * width)
  const distance = new Float64Array(width)
  for (let at = 0; at < events.length; at += width) {
    for (let i = 0; i < width; i++) {
      const value = events[at + i]!
      distance[i] = Number.isFinite(value) ? value - mean[i]! : 0
      for (let j = 0; j <= i; j++) sums[i * width + j]! += distance[i]! * distance[j]!
    }
    if ((at / width) % AT_ONCE === 0) await pauses.ifDue()
  }
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) {
      // Divided as a product of both counts, so that the matrix stays positive.
      const most = Math.sqrt(Math.max(1, counts[i]! - 1) * Math.max(1, counts[j]! - 1))
      sums[j * width + i] = sums[i * width + j]! /= most
    }
  }
  return sums
}

/** What of a variance may be left by rounding, where the columns before tell all there is. */
const ROUNDING = 1e-12

/** The lower triangle L of L Lᵀ = C (Cholesky); a column that others determine adds nothing of its own. */
export function root(covariance: Float64Array, width: number): Float64Array {
  const triangle = new Float64Array(width * width)
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = covariance[i * width + j]!
      for (let k = 0; k < j; k++) rest -= triangle[i * width + k]! * triangle[j * width + k]!
      const diagonal = triangle[j * width + j]!
      if (i === j) triangle[i * width + i] = rest > ROUNDING * covariance[i * width + i]! ? Math.sqrt(rest) : 0
      else triangle[i * width + j] = diagonal > 0 ? rest / diagonal : 0
    }
  }
  return triangle
}
