/** Events that know nothing of real ones but the range of each feature. */
import type { Random } from 'nndrone'
import { normal } from '../normal.ts'

/** Of one feature, least and greatest. */
export type Range = readonly [least: number, greatest: number]

/** Each value anywhere in its range alike. @returns [count × ranges] */
export function uniform(ranges: readonly Range[], count: number, random: Random): Float64Array {
  return filled(ranges, count, ([least, greatest]) => least + random.uniform() * (greatest - least))
}

/** Gaussian, with the range as two deviations to either side of the mean. @returns [count × ranges] */
export function gaussian(ranges: readonly Range[], count: number, random: Random): Float64Array {
  return filled(
    ranges,
    count,
    ([least, greatest]) => (least + greatest) / 2 + ((greatest - least) / 4) * normal(random),
  )
}

/**
 * A Latin hypercube: each range is cut into as many strips as there are events, and each strip has one value, so that
 * no part of a range is left out (McKay, Beckman and Conover, Technometrics 21, 1979). @returns [count × ranges]
 */
export function latinHypercube(ranges: readonly Range[], count: number, random: Random): Float64Array {
  const made = new Float64Array(count * ranges.length)
  const strips = Uint32Array.from({ length: count }, (_, n) => n)
  for (const [i, [least, greatest]] of ranges.entries()) {
    for (let n = count - 1; n >= 0; n--) {
      const other = random.below(n + 1)
      const strip = strips[other]!
      strips[other] = strips[n]!
      strips[n] = strip
      made[n * ranges.length + i] = least + ((strip + random.uniform()) / count) * (greatest - least)
    }
  }
  return made
}

function filled(ranges: readonly Range[], count: number, draw: (range: Range) => number): Float64Array {
  return new Float64Array(count * ranges.length).map((_, at) => draw(ranges[at % ranges.length]!))
}
