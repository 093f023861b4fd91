/** The range of values that a figure can show. */

/** Beyond this the span of a range overflows, and below its inverse a double loses digits. */
export const HUGE = 1e300

/** Room around a single value, and around values that a double hardly tells apart. */
export function widened([low, high]: readonly [number, number]): [number, number] {
  const largest = Math.max(Math.abs(low), Math.abs(high))
  if (high - low > Math.max(1e-9 * largest, 1 / HUGE)) return [low, high]
  const margin = largest > 1 / HUGE ? largest / 10 : 1
  return [low - margin, high + margin]
}
