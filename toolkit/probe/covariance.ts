/** The covariance of events, and its root. */

/** [width × width], over the events [n × width] that lack no value; zero where there are fewer than two. */
export function covariance(events: Float64Array, width: number): Float64Array {
  const complete: number[] = []
  for (let at = 0; at < events.length; at += width) {
    if (events.subarray(at, at + width).every(Number.isFinite)) complete.push(at)
  }
  // From the first event on, so that a constant has no variance at all.
  const first = events.subarray(complete[0] ?? 0)
  const beyond = new Float64Array(width)
  for (const at of complete) for (let i = 0; i < width; i++) beyond[i]! += events[at + i]! - first[i]!
  const mean = beyond.map((sum, i) => first[i]! + sum / complete.length)
  const sums = new Float64Array(width * width)
  for (const at of complete) {
    for (let i = 0; i < width; i++) {
      const distance = events[at + i]! - mean[i]!
      for (let j = 0; j <= i; j++) sums[i * width + j]! += distance * (events[at + j]! - mean[j]!)
    }
  }
  const most = Math.max(1, complete.length - 1)
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) sums[j * width + i] = sums[i * width + j]! /= most
  }
  return sums
}

/** What of a variance may be left by rounding, where the features before tell all there is. */
const ROUNDING = 1e-12

/** The lower triangle L of L Lᵀ = C (Cholesky); a feature that others determine adds nothing of its own. */
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
