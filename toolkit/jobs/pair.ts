/** A figure of both models. */
export interface Pair {
  teacher: number
  drone: number
}
