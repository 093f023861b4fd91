/** Events like those of a file: each is a real one that was moved a little (a smoothed bootstrap). */
import type { Random } from 'nndrone'
import { normal } from '../normal.ts'
import { covariance, root } from './covariance.ts'

/** Covariance of the moves, in units of the events' own; found on B decays, where it is better than 0.1 and than 1. */
const MOVES = 0.4

/**
 * Real events drawn at random, with Gaussian noise of `MOVES` times their covariance added, so that correlated features
 * move together. What is missing stays missing.
 * @param events [n × width]
 * @returns [count × width]
 */
export function resampled(events: Float64Array, width: number, count: number, random: Random): Float64Array {
  const triangle = root(covariance(events, width), width)
  const made = new Float64Array(count * width)
  const noise = new Float64Array(width)
  const size = Math.sqrt(MOVES)
  for (let n = 0; n < count; n++) {
    const from = random.below(events.length / width) * width
    for (let i = 0; i < width; i++) noise[i] = size * normal(random)
    for (let i = 0; i < width; i++) {
      let move = 0
      for (let j = 0; j <= i; j++) move += triangle[i * width + j]! * noise[j]!
      made[n * width + i] = events[from + i]! + move
    }
  }
  return made
}
