/** Linear discriminants of TMVA: `MethodFisher` and `MethodLD`, a constant and a coefficient for each variable. */
import type { Piece } from '../../chain.ts'
import type { Place } from '../../document.ts'

export function readLinear(setup: Place, inputs: number) {
  const place = setup.in('Weights', 'Coefficient')
  const list = place.list()
  if (list.length !== inputs + 1) place.fail(`${inputs + 1} coefficients, a constant and one for each variable`)
  const coefficients = new Float64Array(inputs + 1)
  for (const one of list) {
    // Fisher and LD have other names for the same.
    const index = one.get(one.has('IndexCoeff') ? 'IndexCoeff' : 'Index').whole(0, inputs)
    coefficients[index] = one.get('Value').number()
  }
  return {
    facts: { parameters: inputs + 1 },
    pieces: (): Piece[] => [{ kind: 'dense', weights: coefficients.subarray(1), bias: coefficients.subarray(0, 1) }],
    respond(variables: Float32Array): Float32Array {
      return Float32Array.from({ length: variables.length / inputs }, (_, n) => {
        let sum = coefficients[0]!
        for (let i = 0; i < inputs; i++) sum += coefficients[i + 1]! * variables[n * inputs + i]!
        return sum
      })
    },
  }
}
