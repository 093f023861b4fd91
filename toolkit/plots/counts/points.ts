/** What a bin says, with its error. */
export interface BinnedPoint {
  /** Where it is drawn. */
  x: number
  /** The edges of its bin. */
  from: number
  to: number
  value: number
  low: number
  high: number
  events: number
}
