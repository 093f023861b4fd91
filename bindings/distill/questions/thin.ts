/** Of very many answers those to learn from: the less certain ones more often, each with the weight that makes up for it. */
import type { Random } from '../../arithmetic/random.ts'
import { inPieces } from '../pauses.ts'

/** What the chance of a certain answer is beside that of ½. */
const CERTAIN = 0.03

export interface Thinned {
  /** The numbers of the answers. */
  chosen: Uint32Array
  /** Of each of them; 1 in the mean over all answers, were it not for chance. */
  weights: Float32Array
}

/**
 * About `wanted` of the answers [n × outputs] whose numbers are given; all of them where they are no more.
 * @param bounded whether answers are probabilities, which are uncertain in between
 */
export async function thinOut(
  answers: Float32Array,
  outputs: number,
  given: Uint32Array,
  wanted: number,
  bounded: boolean,
  random: Random,
): Promise<Thinned> {
  if (given.length <= wanted) return { chosen: given, weights: new Float32Array(given.length).fill(1) }
  const spreads = new Float64Array(given.length).fill(1)
  if (bounded) {
    await inPieces(given.length, (from, to) => {
      for (let k = from; k < to; k++) spreads[k] = CERTAIN + spread(answers, given[k]! * outputs, outputs)
    })
  }
  const factor = await factorFor(spreads, wanted)
  const chosen: number[] = []
  const weights: number[] = []
  await inPieces(given.length, (from, to) => {
    for (let k = from; k < to; k++) {
      const chance = Math.min(1, factor * spreads[k]!)
      if (random.uniform() >= chance) continue
      chosen.push(given[k]!)
      weights.push(1 / chance)
    }
  })
  return { chosen: Uint32Array.from(chosen), weights: Float32Array.from(weights) }
}

/** The deviation of a yes or no that has such chances: the root of the mean p (1 − p). */
function spread(answers: Float32Array, from: number, outputs: number): number {
  let sum = 0
  for (let i = from; i < from + outputs; i++) sum += answers[i]! * (1 - answers[i]!)
  return Math.sqrt(Math.max(0, sum) / outputs)
}

/** What spreads are multiplied with, so that as many as wanted are chosen in the mean (by halving). */
async function factorFor(spreads: Float64Array, wanted: number): Promise<number> {
  let [low, high] = [0, wanted / spreads.reduce((least, value) => Math.min(least, value), 1)]
  for (let halvings = 0; halvings < 50; halvings++) {
    const middle = (low + high) / 2
    let sum = 0
    await inPieces(spreads.length, (from, to) => {
      for (let k = from; k < to; k++) sum += Math.min(1, middle * spreads[k]!)
    })
    if (sum < wanted) low = middle
    else high = middle
  }
  return high
}
