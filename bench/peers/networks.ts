/** What the rivals are asked: networks and events, the same in every process that names their sizes. */
import { type Layer, type Network, Random } from '../../dist/index.js'
import { naive } from '../naive.ts'

/** Inputs, units of each hidden layer, and 1. */
export type Sizes = readonly number[]

/** Sigmoid layers with weights of the spread that training starts from. */
export function networkOf(sizes: Sizes): Network {
  const random = new Random(1)
  const numbers = (count: number, limit: number) =>
    Float32Array.from({ length: count }, () => limit * (2 * random.uniform() - 1))
  return {
    inputs: Array.from({ length: sizes[0]! }, (_, i) => ({ name: `x${i}`, offset: 0.5, scale: 2 })),
    layers: sizes.slice(1).map((units, k) => ({
      activation: 'sigmoid',
      alpha: 0,
      weights: numbers(units * sizes[k]!, Math.sqrt(6 / sizes[k]!)),
      bias: numbers(units, 1),
    })),
    outputs: ['score'],
  }
}

/** [count × inputs], uniform in [−1, 1). */
export function eventsOf(sizes: Sizes, count: number): Float32Array {
  const random = new Random(2)
  return Float32Array.from({ length: count * sizes[0]! }, () => 2 * random.uniform() - 1)
}

/** The rows of [count × width]. */
export function rowsOf(width: number, numbers: Float32Array): number[][] {
  return Array.from({ length: numbers.length / width }, (_, n) => [...numbers.subarray(n * width, (n + 1) * width)])
}

/** The layers of a network without offsets and scales: the first has taken them in, as one exports a model for speed. */
export function folded({ inputs, layers }: Network): Layer[] {
  const [first, ...others] = layers as [Layer, ...Layer[]]
  const width = inputs.length
  const weights = first.weights.map((weight, i) => weight * inputs[i % width]!.scale)
  const bias = first.bias.map((start, i) =>
    inputs.reduce((sum, { offset }, j) => sum + weights[i * width + j]! * offset, start),
  )
  return [{ ...first, weights, bias }, ...others]
}

/** How far from the exact answers a rival may be. */
const TOLERANCE = 1e-5

const known = new Map<string, Float64Array>()

/** The answers to `eventsOf` the same sizes, computed in f64. */
function expected(sizes: Sizes, count: number): Float64Array {
  const answers = known.get(sizes.join())
  if (answers && answers.length >= count) return answers
  const made = Float64Array.from(rowsOf(sizes[0]!, eventsOf(sizes, count)), naive(networkOf(sizes)))
  known.set(sizes.join(), made)
  return made
}

/** @throws Error where the scores of the events from number `first` on are not those of the network */
export function checkScores(sizes: Sizes, first: number, scores: ArrayLike<number>): void {
  const answers = expected(sizes, first + scores.length)
  for (let n = 0; n < scores.length; n++) {
    if (Math.abs(scores[n]! - answers[first + n]!) <= TOLERANCE) continue
    throw new Error(`${sizes.join('→')}, event ${first + n}: ${scores[n]}, expected ${answers[first + n]}`)
  }
}
