/** What LightGBM makes of raw scores, as `ConvertOutput` of each objective has it. */
import { Place } from '../../document.ts'
import { softmax } from '../../softmax.ts'

/** From raw scores [groups] to answers, in place. */
export type Transform = (row: Float64Array, sigmoid: number) => void

const TRANSFORMS: Readonly<Record<string, Transform | undefined>> = {
  binary: sigmoids,
  cross_entropy: sigmoids,
  cross_entropy_lambda: each((x) => Math.log1p(Math.exp(x))),
  multiclass: softmax,
  multiclassova: sigmoids,
  regression: undefined,
  regression_l1: undefined,
  huber: undefined,
  fair: undefined,
  quantile: undefined,
  mape: undefined,
  poisson: each(Math.exp),
  gamma: each(Math.exp),
  tweedie: each(Math.exp),
  lambdarank: undefined,
  rank_xendcg: undefined,
  custom: undefined,
}

const SQUARED = each((x) => Math.sign(x) * x * x)

export interface Objective {
  name: string
  transform: Transform | undefined
  sigmoid: number
}

/**
 * The line is absent where a program gave its own objective; its scores are raw.
 * @throws InputError where the objective is not read
 */
export function readObjective(header: Place): Objective {
  const [name, ...options] = header.has('objective') ? header.get('objective').text().split(' ') : ['custom']
  const place = new Place(header.file, 'objective', name)
  if (!Object.hasOwn(TRANSFORMS, name!)) {
    place.refuse(`${JSON.stringify(name)} is not read; let a program answer for it (--teacher-command)`)
  }
  const sigmoid = options.find((option) => option.startsWith('sigmoid:'))?.slice('sigmoid:'.length)
  const slope = sigmoid === undefined ? 1 : new Place(header.file, 'objective: sigmoid', sigmoid).number()
  return { name: name!, transform: options.includes('sqrt') ? SQUARED : TRANSFORMS[name!], sigmoid: slope }
}

function sigmoids(row: Float64Array, slope: number): void {
  for (let i = 0; i < row.length; i++) row[i] = 1 / (1 + Math.exp(-slope * row[i]!))
}

function each(f: (x: number) => number): Transform {
  return (row) => {
    for (let i = 0; i < row.length; i++) row[i] = f(row[i]!)
  }
}
