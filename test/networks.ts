/** Random networks and events, for tests in any runtime: of the library they know the package alone. */
import type { Activation, Layer, Network, Random } from 'nndrone'

/** Numbers at which arithmetic goes wrong if it does anywhere. */
export const SPECIAL = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  0,
  -0,
  1e-40,
  -1e-45,
  5e-324,
  1e-30,
  3e38,
  -3e38,
  1e300,
  -1e300,
]

export interface NetworkShape {
  /** Inputs, then the units of each layer. */
  widths: readonly number[]
  activation?: Activation
  outputActivation?: Activation
  alpha?: number
  /** Weights and biases are uniform in ± this. */
  size?: number
}

/** A network with random parameters and preprocessing; every third input has a default. */
export function randomNetwork(random: Random, shape: NetworkShape): Network {
  const { widths, activation = 'sigmoid', outputActivation = activation, alpha = 0.3, size = 1 } = shape
  const within = (limit: number) => (2 * random.uniform() - 1) * limit
  const layers: Layer[] = widths.slice(1).map((units, k) => ({
    activation: k === widths.length - 2 ? outputActivation : activation,
    alpha: Math.fround(alpha),
    weights: new Float32Array(units * widths[k]!).map(() => within(size)),
    bias: new Float32Array(units).map(() => within(size)),
  }))
  return {
    inputs: Array.from({ length: widths[0]! }, (_, i) => ({
      name: `x${i}`,
      offset: within(1),
      scale: 0.5 + random.uniform(),
      ...(i % 3 === 1 && { default: within(2) }),
    })),
    layers,
    outputs: Array.from({ length: widths.at(-1)! }, (_, i) => `y${i}`),
  }
}

/** Numbers uniform in ± `size`; now and then a special one, where `special` says how often. */
export function randomNumbers(random: Random, count: number, size = 3, special = 0): Float64Array {
  return new Float64Array(count).map(() =>
    random.uniform() < special ? SPECIAL[random.below(SPECIAL.length)]! : (2 * random.uniform() - 1) * size,
  )
}
/** Parameters in the order in which a learner reads and writes them. */
export function vectorOf(layers: readonly Pick<Layer, 'weights' | 'bias'>[]): Float32Array {
  const values = layers.flatMap(({ weights, bias }) => {
    const inputs = weights.length / bias.length
    const columns = Array.from({ length: inputs }, (_, j) => [...bias].map((_, i) => weights[i * inputs + j]!))
    return [...bias, ...columns.flat()]
  })
  return Float32Array.from(values)
}
