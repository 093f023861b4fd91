/** Symmetric equations of the size of a network's parameters, factored with pauses. */
import { factorRow, solveLower, solveUpper } from '../../arithmetic/cholesky.ts'
import type { Pauses } from '../pauses.ts'

/** The mean of a diagonal. */
export function meanDiagonal(matrix: Float64Array, size: number): number {
  let sum = 0
  for (let i = 0; i < size; i++) sum += matrix[i * size + i]!
  return sum / size
}

/** Solves (matrix + diagonal ridge) x = b for any b. */
export class Equations {
  readonly size: number
  readonly #lower: Float64Array

  private constructor(lower: Float64Array, size: number) {
    this.#lower = lower
    this.size = size
  }

  /** Undefined where the matrix, of which the lower triangle counts, is not positive definite. */
  static async of(
    matrix: Float64Array,
    size: number,
    ridge: (diagonal: number) => number,
    pauses: Pauses,
  ): Promise<Equations | undefined> {
    await pauses.ifDue()
    const lower = matrix.slice()
    for (let i = 0; i < size; i++) {
      lower[i * size + i] = lower[i * size + i]! + ridge(lower[i * size + i]!)
      if (!factorRow(lower, size, i)) return undefined
      await pauses.ifDue()
    }
    return new Equations(lower, size)
  }

  /** Writes x over b. */
  solve(b: Float64Array): Float64Array {
    solveLower(this.#lower, this.size, b)
    return this.unfold(b)
  }

  /** L⁻¹ e, e being column i of the unit matrix: products of two such are entries of the inverse. */
  column(i: number): Float64Array {
    const column = new Float64Array(this.size)
    column[i] = 1
    solveLower(this.#lower, this.size, column, i)
    return column
  }

  /** L⁻ᵀ b over b: what makes columns of the inverse of `column`, or of their sums. */
  unfold(b: Float64Array): Float64Array {
    solveUpper(this.#lower, this.size, b)
    return b
  }
}
