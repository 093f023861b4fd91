/** How far two distributions are apart, by the fractions of each in the same bins. */

/**
 * The population stability index: Σ (actual − expected) · ln(actual / expected). 0 where they are equal; by the usual
 * reading below 0.1 little has changed, and above 0.25 much.
 * @param expected the fraction of the training in each bin, @param actual that of the events in each
 * @param least stands for a fraction that is less, of which there is no logarithm or hardly any knowledge
 * @example psi([0.25, 0.25, 0.5], [0.2, 0.3, 0.5], 1e-4)
 */
export function psi(expected: ArrayLike<number>, actual: ArrayLike<number>, least: number): number {
  let sum = 0
  for (let i = 0; i < expected.length; i++) {
    const [e, a] = [Math.max(expected[i]!, least), Math.max(actual[i]!, least)]
    sum += (a - e) * Math.log(a / e)
  }
  return sum
}

/**
 * The statistic of Kolmogorov and Smirnov: the largest difference of the fractions that lie at or below a value, over the
 * ends of the bins. 0 where they are equal, 1 where they have nothing in common.
 * @example ks([0.25, 0.25, 0.5], [0.2, 0.3, 0.5]) // 0.05
 */
export function ks(expected: ArrayLike<number>, actual: ArrayLike<number>): number {
  let [difference, largest] = [0, 0]
  for (let i = 0; i < expected.length; i++) {
    difference += actual[i]! - expected[i]!
    largest = Math.max(largest, Math.abs(difference))
  }
  return largest
}

/** Deviations of a normal distribution that it exceeds once in ten thousand times. */
const RARE = 3.719

/**
 * The index that chance alone exceeds once in ten thousand times where nothing has changed. It then is distributed as
 * (1/events + 1/training) · χ², whose quantile is that of Wilson and Hilferty (1931).
 * @param bins that are not empty
 * @example chance(20, 1000, 50_000) // 0.051
 */
export function chance(bins: number, events: number, training: number): number {
  const freedom = Math.max(1, bins - 1)
  const spread = 2 / (9 * freedom)
  return freedom * (1 - spread + RARE * Math.sqrt(spread)) ** 3 * (1 / events + 1 / training)
}
