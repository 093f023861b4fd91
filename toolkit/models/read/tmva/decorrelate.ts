/** Decorrelation of TMVA: variables times the square root of their inverse covariance. */
import type { Place } from '../../document.ts'
import type { Transforming } from './transformation.ts'

/** The last matrix stands for all classes together. @param at places of the variables among the inputs */
export function readDecorrelation(transform: Place, at: readonly number[], inputs: number): Transforming {
  const matrices = transform.get('Matrix').list()
  const place = matrices.at(-1) ?? transform.get('Matrix').fail('at least one')
  const width = at.length
  for (const size of ['Rows', 'Columns']) if (place.get(size).number() !== width) place.get(size).fail(String(width))
  const text = place.get('#text')
  const matrix = text.with(text.text().trim().split(/\s+/)).numbers(width * width)
  const seen = new Float64Array(width)
  const apply = (variables: Float32Array) => {
    for (let from = 0; from < variables.length; from += inputs) {
      for (let j = 0; j < width; j++) seen[j] = variables[from + at[j]!]!
      for (let i = 0; i < width; i++) {
        let sum = 0
        for (let j = 0; j < width; j++) sum += matrix[i * width + j]! * seen[j]!
        variables[from + at[i]!] = sum
      }
    }
  }
  // What is not among the variables stays as it is.
  const weights = new Float64Array(inputs * inputs).map((_, n) => Number(n % (inputs + 1) === 0))
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < width; j++) weights[at[i]! * inputs + at[j]!] = matrix[i * width + j]!
  }
  return { apply, piece: { kind: 'dense', weights, bias: new Float64Array(inputs) } }
}
