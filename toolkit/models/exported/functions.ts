/** Which functions of the arithmetic a network needs, for the exporters that write it as a program. */
import type { Activation, Network } from 'nndrone'

/** In an order in which none needs a later one. */
const NEEDS = {
  bits: [],
  remainder: [],
  power: [],
  ratio: ['bits'],
  exp: ['bits', 'remainder', 'power'],
  expMinusOne: ['bits', 'remainder', 'power'],
  sigmoid: ['remainder', 'ratio'],
  hiddenSigmoid: ['ratio'],
  hardSigmoid: [],
  tanh: ['bits', 'power'],
  softmax: ['exp'],
  dense: [],
  dot: [],
} as const satisfies Record<string, readonly string[]>

export type FunctionId = keyof typeof NEEDS

const OF_ACTIVATION: Partial<Record<Activation, FunctionId>> = {
  sigmoid: 'sigmoid',
  hard_sigmoid: 'hardSigmoid',
  tanh: 'tanh',
  softmax: 'softmax',
  elu: 'expMinusOne',
  swish: 'sigmoid',
}

/** A layer of a program. */
export interface Step {
  inputs: number
  units: number
  /** A sigmoid inside the net is a shorter one. */
  activation: Activation | 'hiddenSigmoid'
  alpha: number
  /** Whether it is a dot product: a last layer of one unit. */
  dot: boolean
  /** Input-major: the weight from input j to unit i is number j · units + i. */
  weights: Float32Array
  bias: Float32Array
}

export function stepsOf({ inputs, layers }: Network): Step[] {
  let width = inputs.length
  return layers.map(({ activation, alpha, weights, bias }, k) => {
    const [units, last] = [bias.length, k === layers.length - 1]
    const step: Step = {
      inputs: width,
      units,
      activation: activation === 'sigmoid' && !last ? 'hiddenSigmoid' : activation,
      alpha: Math.fround(alpha),
      dot: last && units === 1,
      weights: transposed(weights, width, units),
      bias,
    }
    width = units
    return step
  })
}

function transposed(weights: Float32Array, inputs: number, units: number): Float32Array {
  const turned = new Float32Array(weights.length)
  for (let i = 0; i < units; i++) for (let j = 0; j < inputs; j++) turned[j * units + i] = weights[i * inputs + j]!
  return turned
}

/** The functions that these steps call, each after those that it calls itself. */
export function functionsOf(steps: readonly Step[]): FunctionId[] {
  const wanted = new Set<FunctionId>()
  const want = (id: FunctionId) => {
    for (const needed of NEEDS[id]) want(needed)
    wanted.add(id)
  }
  for (const { activation, dot } of steps) {
    want(dot ? 'dot' : 'dense')
    const needed = activation === 'hiddenSigmoid' ? activation : OF_ACTIVATION[activation]
    if (needed) want(needed)
  }
  return (Object.keys(NEEDS) as FunctionId[]).filter((id) => wanted.has(id))
}
