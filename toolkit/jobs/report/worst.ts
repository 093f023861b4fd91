/** The events on which drone and teacher differ most. */
import type { Chunk } from './chunk.ts'
import type { WorstEvent } from './numbers.ts'

const MOST = 10

export class WorstEvents {
  /** The largest difference first. */
  readonly #events: WorstEvent[] = []

  add({ first, events, drone, teacher, scored, count }: Chunk): void {
    const [width, outputs] = [events.length / count, drone.length / count]
    for (const n of scored) {
      const difference = largestDifference(drone, teacher!, n * outputs, outputs)
      // Of equal differences the first events stay.
      if (this.#events.length === MOST && difference <= this.#events.at(-1)!.difference) continue
      const part = (table: Float32Array | Float64Array, size: number) => [...table.subarray(n * size, (n + 1) * size)]
      const event = {
        ...{ event: first + n, difference },
        drone: part(drone, outputs),
        teacher: part(teacher!, outputs),
        values: part(events, width),
      }
      const place = this.#events.findIndex((other) => other.difference < difference)
      this.#events.splice(place < 0 ? this.#events.length : place, 0, event)
      this.#events.length = Math.min(this.#events.length, MOST)
    }
  }

  result(): readonly WorstEvent[] {
    return this.#events
  }
}

function largestDifference(drone: Float32Array, teacher: Float32Array, at: number, outputs: number): number {
  let largest = 0
  for (let i = at; i < at + outputs; i++) largest = Math.max(largest, Math.abs(drone[i]! - teacher[i]!))
  return largest
}
