/** What the tests of exporters share: networks of every kind, events with every special value, and their scores. */
import { ACTIVATIONS, type Activation, Drone, type Network, Random } from 'nndrone'
import { randomNetwork, randomNumbers } from '../../../networks.ts'

export interface Case {
  name: string
  network: Network
}

const SEED = 20171209

function shaped(widths: number[], activation: Activation, outputActivation: Activation, alpha = 0.3): Case {
  const name = `${widths.join('-')} ${activation} ${outputActivation} ${alpha}`
  const random = new Random(SEED + name.length)
  return { name, network: randomNetwork(random, { widths, activation, outputActivation, alpha, size: 2 }) }
}

/** One hidden layer, which most drones have. */
export const USUAL: readonly Case[] = [shaped([6, 15, 1], 'sigmoid', 'sigmoid'), shaped([6, 15, 1], 'tanh', 'sigmoid')]

/** Every activation inside and at the end, one output and several, tails of every length. */
export const CASES: readonly Case[] = [
  ...USUAL,
  ...ACTIVATIONS.flatMap((activation) => {
    const inside = activation === 'softmax' ? 'tanh' : activation
    return [shaped([3, 7, 5, 1], inside, activation), shaped([4, 9, 6, 3], inside, activation, -0.7)]
  }),
  shaped([1, 1], 'linear', 'sigmoid'),
  shaped([17, 33, 16, 7], 'swish', 'softmax', 1),
  shaped([2, 4, 4, 4, 4, 2], 'elu', 'tanh', 1.5),
]

/** Of the usual size and of special values; the last third so large that sums overflow. */
export function eventsOf({ network }: Case, count: number): Float64Array {
  const width = network.inputs.length
  const random = new Random(7)
  const events = randomNumbers(random, count * width, 3, 0.02)
  for (let i = Math.floor((count * 2) / 3) * width; i < events.length; i++) events[i]! *= 10 ** (random.uniform() * 40)
  return events
}

/** What the drone itself answers, [events × outputs]. */
export function scoresOf({ network }: Case, events: Float64Array): Float32Array {
  return Drone.from(network).predictBatch(events)
}

/** Names that break what is not escaped. */
export const HOSTILE = [
  'a "quoted" name',
  "it's",
  'a\nnew line',
  'carriage\r\nreturn',
  '*/ int x; /*',
  '</script><script>alert(1)</script>',
  '<!--',
  '\\',
  '\\u0041 ??/ ??= %s %n `y` §z ¶z',
  'α → β 𝄞',
  '\u2028\u2029',
  '\u0001\u001b[31m',
  'constructor',
  'name_input',
]

/** A network of any size, made fast. */
export function wide(widths: readonly number[]): Network {
  const numbers = (count: number, size: number) =>
    Float32Array.from({ length: count }, (_, i) => Math.sin(i * 7) * size)
  return {
    inputs: Array.from({ length: widths[0]! }, (_, i) => ({ name: `x${i}`, offset: 0.1, scale: 0.5 })),
    layers: widths.slice(1).map((units, k) => ({
      activation: 'sigmoid' as const,
      alpha: 0,
      weights: numbers(units * widths[k]!, 1 / Math.sqrt(widths[k]!)),
      bias: numbers(units, 1),
    })),
    outputs: Array.from({ length: widths.at(-1)! }, (_, i) => `y${i}`),
  }
}
