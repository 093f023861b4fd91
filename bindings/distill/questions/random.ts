/** Gaussian numbers, and logarithms, of the same bits everywhere. */
import { log } from '../../arithmetic/math.ts'
import type { Random } from '../../arithmetic/random.ts'

/** log of any x; NaN below 0. */
export function logarithm(x: number): number {
  if (x >= 1) return x < Number.POSITIVE_INFINITY ? log(x) : x
  return x > 0 ? -logarithm(1 / x) : x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN
}

/** Gaussian, of mean 0 and deviation 1 (the polar method of Marsaglia and Bray, 1964). */
export function gaussian(random: Random): number {
  for (;;) {
    const x = 2 * random.uniform() - 1
    const y = 2 * random.uniform() - 1
    const square = x * x + y * y
    if (square > 0 && square < 1) return x * Math.sqrt((-2 * logarithm(square)) / square)
  }
}
