/** Offsets and scales that are known before any event is read. */
import { InputError } from '../errors.ts'
import { listed } from '../text.ts'
import type { Scale } from './scale.ts'

export interface Scaling {
  /** The file that holds them. */
  file: string
  scales: readonly Scale[]
  /** The features; undefined where the scales go in the order of the model's inputs. */
  names?: readonly string[]
  /** Whether the names stand in the order of the inputs of the teacher that they are for, as a drone keeps them. */
  ordered?: boolean
}

/**
 * The scales of a model's inputs: by the names of the columns that hold them. Columns that were chosen under other names,
 * in the order of the inputs, get those of a drone in its order.
 * @param renamed whether somebody chose the columns
 * @throws InputError where one is missing, or where there are more or fewer
 */
export function scalesFor(scaling: Scaling, columns: readonly string[], renamed = false): readonly Scale[] {
  const { file, scales, names, ordered } = scaling
  const missing = names && columns.find((column) => !names.includes(column))
  if (names && missing === undefined) return columns.map((column) => scales[names.indexOf(column)]!)
  const byPlace = !names || (ordered && renamed && !columns.some((column) => names.includes(column)))
  if (byPlace && scales.length === columns.length) return scales
  if (names && !byPlace) {
    throw new InputError(
      `${file}: no mean and scale for the input ${JSON.stringify(missing)}; there are ${listed(names)}`,
    )
  }
  throw new InputError(
    `${file}: mean and scale of ${scales.length} inputs, expected ${columns.length} (${listed(columns)})`,
  )
}
