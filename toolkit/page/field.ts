/** The score over two inputs, the others held: a grid of 64 × 64 events, scored at once. */
import type { Drone } from 'nndrone'

export const SIDE = 64

export type Range = readonly [least: number, greatest: number]

/** The two inputs, by their places, and the stretch of each that is shown. */
export interface Plane {
  x: number
  y: number
  ranges: readonly [x: Range, y: Range]
}

/** Holds the room for the events and scores: nothing is allocated while a slider moves. */
export class Field {
  readonly #drone: Drone
  readonly #rows: Float64Array
  readonly #all: Float32Array
  /** [y × x] of the output that was asked for, the least y first. */
  readonly scores = new Float32Array(SIDE * SIDE)

  constructor(drone: Drone) {
    this.#drone = drone
    this.#rows = new Float64Array(SIDE * SIDE * drone.inputs.length)
    this.#all = new Float32Array(SIDE * SIDE * drone.outputs.length)
  }

  /** Scores the plane through an event. @param output its place */
  over(event: ArrayLike<number>, { x, y, ranges }: Plane, output = 0): Float32Array {
    const rows = this.#rows
    const width = event.length
    for (let i = 0; i < width; i++) rows[i] = event[i]!
    // The first row is doubled until there are enough.
    for (let length = width; length < rows.length; length *= 2) rows.copyWithin(length, 0, length)
    for (let n = 0; n < SIDE * SIDE; n++) {
      rows[n * width + x] = along(ranges[0], n % SIDE)
      rows[n * width + y] = along(ranges[1], Math.floor(n / SIDE))
    }
    const all = this.#drone.predictBatch(rows, this.#all)
    const outputs = this.#drone.outputs.length
    for (let n = 0; n < SIDE * SIDE; n++) this.scores[n] = all[n * outputs + output]!
    return this.scores
  }
}

/** The middle of a cell. */
function along([least, greatest]: Range, cell: number): number {
  return least + ((greatest - least) * (cell + 0.5)) / SIDE
}

/** Where the scores cross a threshold: a path in cells, from the upper left corner. */
export function contour(scores: Float32Array, threshold: number): string {
  let path = ''
  for (let row = 0; row < SIDE - 1; row++) {
    for (let column = 0; column < SIDE - 1; column++) {
      const at = row * SIDE + column
      const [a, b, c, d] = [scores[at]!, scores[at + 1]!, scores[at + SIDE + 1]!, scores[at + SIDE]!]
      const ends: [number, number][] = []
      const cross = (p: number, q: number, x: number, y: number, dx: number, dy: number) => {
        if (p >= threshold === q >= threshold || Number.isNaN(p) || Number.isNaN(q)) return
        const part = (threshold - p) / (q - p)
        ends.push([column + 0.5 + x + dx * part, SIDE - (row + 0.5 + y + dy * part)])
      }
      cross(a, b, 0, 0, 1, 0)
      cross(b, c, 1, 0, 0, 1)
      cross(d, c, 0, 1, 1, 0)
      cross(a, d, 0, 0, 0, 1)
      for (let i = 0; i + 1 < ends.length; i += 2) path += `M${point(ends[i]!)}L${point(ends[i + 1]!)}`
    }
  }
  return path
}

function point([x, y]: [number, number]): string {
  return `${x.toFixed(2)} ${y.toFixed(2)}`
}

/** Scores along one input, the others held. */
export function response(
  drone: Drone,
  event: ArrayLike<number>,
  input: number,
  range: Range,
  output: number,
): number[] {
  const width = event.length
  const rows = new Float64Array((SIDE + 1) * width)
  for (let n = 0; n <= SIDE; n++) {
    for (let i = 0; i < width; i++) rows[n * width + i] = event[i]!
    rows[n * width + input] = range[0] + ((range[1] - range[0]) * n) / SIDE
  }
  const scores = drone.predictBatch(rows)
  return Array.from({ length: SIDE + 1 }, (_, n) => scores[n * drone.outputs.length + output]!)
}
