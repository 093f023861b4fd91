/**
 * Symmetric equations in f64 by Cholesky: +, −, ×, ÷ and the square root in a fixed order, all of them exact in IEEE, so
 * that plain JavaScript gives the same bits everywhere, whatever engine the sums are from.
 */

/** Σ a[from + i] b[at + i] of `count` numbers: number i goes to accumulator i mod 4, then (s₀ + s₁) + (s₂ + s₃). */
export function dot(a: Float64Array, from: number, b: Float64Array, at: number, count: number): number {
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  let i = 0
  for (; i + 4 <= count; i += 4) {
    s0 += a[from + i]! * b[at + i]!
    s1 += a[from + i + 1]! * b[at + i + 1]!
    s2 += a[from + i + 2]! * b[at + i + 2]!
    s3 += a[from + i + 3]! * b[at + i + 3]!
  }
  if (i < count) s0 += a[from + i]! * b[at + i]!
  if (i + 1 < count) s1 += a[from + i + 1]! * b[at + i + 1]!
  if (i + 2 < count) s2 += a[from + i + 2]! * b[at + i + 2]!
  return s0 + s1 + (s2 + s3)
}

/**
 * Turns row i of a lower triangle [size × size] into that row of L, where L Lᵀ is the matrix; the rows before are L's.
 * @returns false where the matrix is not positive definite
 */
export function factorRow(matrix: Float64Array, size: number, i: number): boolean {
  const row = i * size
  for (let j = 0; j < i; j++) {
    matrix[row + j] = (matrix[row + j]! - dot(matrix, row, matrix, j * size, j)) / matrix[j * size + j]!
  }
  const square = matrix[row + i]! - dot(matrix, row, matrix, row, i)
  matrix[row + i] = Math.sqrt(square)
  return square > 0 && square < Number.POSITIVE_INFINITY
}

/** x ← L⁻¹ x, of a lower triangle L [size × size] and an x that is zero before number `from`. */
export function solveLower(lower: Float64Array, size: number, x: Float64Array, from = 0): void {
  for (let i = from; i < size; i++) {
    x[i] = (x[i]! - dot(lower, i * size + from, x, from, i - from)) / lower[i * size + i]!
  }
}

/** x ← L⁻ᵀ x; after `solveLower` it is (L Lᵀ)⁻¹ of what that was given. */
export function solveUpper(lower: Float64Array, size: number, x: Float64Array): void {
  for (let i = size - 1; i >= 0; i--) {
    const value = x[i]! / lower[i * size + i]!
    x[i] = value
    for (let j = 0; j < i; j++) x[j] = x[j]! - lower[i * size + j]! * value
  }
}
