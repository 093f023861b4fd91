/** What a trigger could run on every event. */
import { edgesOf } from '../../../toolkit/jobs/slices.ts'

export interface Contender {
  name: string
  /** Of what it looks things up in. */
  bytes: number
  /** Answers one event. */
  score(event: ArrayLike<number>): number
}

/** Events with the teacher's answers. */
export interface Lesson {
  inputs: number
  /** [count × inputs] */
  events: Float64Array
  /** [count] */
  answers: Float32Array
}

/** The values between equal numbers of events, ascending and different: at most `count`. */
export function quantileEdges(values: Float64Array, count: number): Float64Array {
  return Float64Array.from(edgesOf(values.slice().sort(), count + 1))
}

export function columnOf({ inputs, events }: Lesson, i: number): Float64Array {
  return Float64Array.from({ length: events.length / inputs }, (_, n) => events[n * inputs + i]!)
}
