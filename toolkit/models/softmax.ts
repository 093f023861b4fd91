/** Softmax of a row of numbers in float64, in place. */
export function softmax(row: Float64Array): void {
  const most = row.reduce((a, b) => Math.max(a, b))
  let sum = 0
  for (let i = 0; i < row.length; i++) sum += row[i] = Math.exp(row[i]! - most)
  for (let i = 0; i < row.length; i++) row[i]! /= sum
}
