/**
 * How much weights are to decay where the answers are labels, which say less than probabilities: what the evidence of the
 * events makes most likely (MacKay, A practical Bayesian framework for backpropagation networks, Neural Computation 4,
 * 1992), as often said, γ / Σ w² for γ parameters that the events determine.
 */
import type { Pauses } from '../pauses.ts'
import { Equations, meanDiagonal } from './equations.ts'
import type { Objective } from './objective.ts'

const [LEAST, MOST] = [1e-7, 1e-2]

/** What the weight of Σ parameter² beside the mean loss is to be; as it is where no equations can be solved. */
export async function evidentDecay(objective: Objective, pauses: Pauses): Promise<number> {
  const { size, decay, events } = objective
  const curvature = await objective.curvature()
  const mean = meanDiagonal(curvature, size)
  const equations = await Equations.of(curvature, size, () => 1e-12 * mean, pauses)
  if (!equations) return decay
  let trace = 0
  for (let i = 0; i < size; i++) {
    const column = equations.column(i)
    for (let j = i; j < size; j++) trace += column[j]! * column[j]!
    await pauses.ifDue()
  }
  const determined = size - 2 * decay * trace
  const squares = objective.parameters().reduce((sum, p) => sum + p * p, 0)
  const evident = determined / (2 * events * squares)
  return evident >= LEAST ? Math.min(MOST, evident) : evident < LEAST ? LEAST : decay
}
