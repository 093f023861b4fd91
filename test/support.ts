/** What several tests need: random networks, special values, comparison by bits, and the data that may be there. */
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type EngineName, loadEngine } from '../bindings/engine.ts'
import type { Activation, Layer, Network } from '../bindings/network.ts'
import { Random } from '../bindings/random.ts'

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')

/** The folder of the real events, if it is there. */
const data = process.env.NNDRONE_DATA ?? join(root, '../shared/data')

type Body = () => void | Promise<void>
type Test = (name: string, body: Body) => void

/** A test that needs a file of the real events: says its name where it has to be skipped. */
export function withData(
  test: Test & { skip: Test },
  name: string,
  file: string,
  body: (path: string) => unknown,
): void {
  const path = join(data, file)
  if (existsSync(path)) {
    test(name, async () => {
      await body(path)
    })
    return
  }
  console.log(`skipped: ${name} (no ${file} in NNDRONE_DATA)`)
  test.skip(name, () => {})
}

/** The engines that this host runs; the kernels' tests say it where `relaxed` is not among them. */
export const ENGINES: readonly EngineName[] = await loadEngine('relaxed').then(
  () => ['simd', 'js', 'relaxed'],
  () => ['simd', 'js'],
)

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

/** Where two lists differ in a bit, any NaN being equal to any other; −1 where they do not. */
export function firstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Math.min(a.length, b.length)
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return i
  return -1
}

export function seeded(seed: number): Random {
  return new Random(seed)
}
