/** The one table of activations: all that is known of them beside their arithmetic. */

interface Facts {
  /** The number that the kernels know it by (`assembly/activation.ts`), below 128. */
  readonly id: number
  /** α of a layer that starts at random; absent where the activation has no α. */
  readonly alpha?: number
  /** α of a file that names none, as lwtnn has it; where it is absent, a file must name α. */
  readonly impliedAlpha?: number
  /** Whether φ(0) is not 0: only there does a unit of zero weights get a gradient. */
  readonly awakeAtZero: boolean
  /** Where the slope φ′ jumps. */
  readonly kinks: readonly number[]
}

/** By lwtnn's names. elu is α(eˣ − 1) below zero, leakyrelu αx below zero, swish x σ(αx). */
const TABLE = {
  linear: { id: 0, awakeAtZero: false, kinks: [] },
  sigmoid: { id: 1, awakeAtZero: true, kinks: [] },
  rectified: { id: 2, awakeAtZero: false, kinks: [0] },
  tanh: { id: 3, awakeAtZero: false, kinks: [] },
  softmax: { id: 4, awakeAtZero: false, kinks: [] },
  hard_sigmoid: { id: 5, awakeAtZero: true, kinks: [-2.5, 2.5] },
  elu: { id: 6, alpha: 1, impliedAlpha: 1, awakeAtZero: false, kinks: [0] },
  // α is a slope: 1 would make it linear.
  leakyrelu: { id: 7, alpha: Math.fround(0.01), awakeAtZero: false, kinks: [0] },
  swish: { id: 8, alpha: 1, awakeAtZero: false, kinks: [] },
  abs: { id: 9, awakeAtZero: false, kinks: [0] },
} as const satisfies Record<string, Facts>

export type Activation = keyof typeof TABLE

export const activations: Readonly<Record<Activation, Facts>> = TABLE

/**
 * The names of the activations.
 * @example if (!ACTIVATIONS.includes(name)) console.log(`use one of ${ACTIVATIONS.join(", ")}`)
 */
export const ACTIVATIONS = Object.keys(TABLE) as readonly Activation[]

/** Whether a name, which anyone may have given, is that of an activation. */
export function isActivation(name: unknown): name is Activation {
  return typeof name === 'string' && Object.hasOwn(TABLE, name)
}

export function usesAlpha(activation: Activation): boolean {
  return activations[activation].alpha !== undefined
}
