/** A fraction of events, and how sure it is. */

export interface Fraction {
  value: number
  low: number
  high: number
}

/**
 * Wilson's interval of one standard deviation (68.3 %): unlike √(p(1 − p)/n) it stays within 0 and 1, and has a width
 * where all or none pass. All NaN where there are no events.
 */
export function fraction(passed: number, events: number): Fraction {
  if (events === 0) return { value: Number.NaN, low: Number.NaN, high: Number.NaN }
  const value = passed / events
  const centre = (passed + 0.5) / (events + 1)
  const half = Math.sqrt((passed * (events - passed)) / events + 0.25) / (events + 1)
  return { value, low: Math.min(value, centre - half), high: Math.max(value, centre + half) }
}
