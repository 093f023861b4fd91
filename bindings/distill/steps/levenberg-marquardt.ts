/**
 * Steps of second order: (H + λ diag H) x = G, taken only where the loss falls (Levenberg and Marquardt). λ falls with
 * how well the quadratic model foresaw it, and grows ever faster while no step helps (Nielsen's rule).
 */
import type { Pauses } from '../pauses.ts'
import { Equations, meanDiagonal } from './equations.ts'
import type { Objective } from './objective.ts'

const FIRST = 1e-2
const LEAST = 1e-10
/** Steps that are tried with ever larger λ. */
const TRIES = 10

/** What the step was taken from: the mean Σ(F − G)² there, and whether any step helped. */
export interface Step {
  squares: number
  better: boolean
}

export class LevenbergMarquardt {
  readonly #objective: Objective
  readonly #pauses: Pauses
  readonly #signal: AbortSignal | undefined
  #damping = FIRST
  #growth = 2
  #value: number | undefined

  constructor(objective: Objective, pauses: Pauses, signal: AbortSignal | undefined) {
    this.#objective = objective
    this.#pauses = pauses
    this.#signal = signal
  }

  /** Undefined where the signal aborted before a step was taken: the parameters are as they were. */
  async step(): Promise<Step | undefined> {
    const objective = this.#objective
    const { gradient, squares } = await objective.gradient()
    if (this.#signal?.aborted) return undefined
    const curvature = await objective.curvature()
    this.#value ??= await objective.value()
    const before = objective.parameters()
    for (let tries = 0; tries < TRIES; tries++) {
      if (this.#signal?.aborted) return undefined
      const better = await this.#try(before, gradient, curvature)
      if (better) return { squares, better }
      objective.resident.write(before)
    }
    return { squares, better: false }
  }

  /** Takes the step that λ gives, and says whether the loss fell; adapts λ. */
  async #try(before: Float32Array, gradient: Float64Array, curvature: Float64Array): Promise<boolean> {
    const { resident, size } = this.#objective
    const mean = meanDiagonal(curvature, size)
    const ridge = (diagonal: number) => this.#damping * (diagonal + 1e-9 * mean) + 1e-14 * mean
    const equations = await Equations.of(curvature, size, ridge, this.#pauses)
    if (equations) {
      const x = equations.solve(gradient.slice())
      resident.write(before.map((p, i) => p - x[i]!))
      const value = await this.#objective.value()
      if (value < this.#value!) {
        this.#succeed((this.#value! - value) / foreseen(x, gradient, curvature, ridge))
        this.#value = value
        return true
      }
    }
    this.#damping *= this.#growth
    this.#growth *= 2
    return false
  }

  /** @param gain what the loss fell by, in units of what the model foresaw */
  #succeed(gain: number): void {
    const surprise = 2 * gain - 1
    this.#damping = Math.max(LEAST, this.#damping * Math.max(1 / 3, 1 - surprise * surprise * surprise))
    this.#growth = 2
  }
}

/** G x − ½ xᵀH x, where (H + ridge) x = G. */
function foreseen(
  x: Float64Array,
  gradient: Float64Array,
  curvature: Float64Array,
  ridge: (diagonal: number) => number,
): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) {
    sum += x[i]! * (gradient[i]! + ridge(curvature[i * x.length + i]!) * x[i]!)
  }
  return sum / 2
}
