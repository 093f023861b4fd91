/** The scores of every event with the value of a column, by which the events are cut into slices once all have passed. */
import { concatenated } from '../../models/answers.ts'
import type { Slices } from '../comparison.ts'
import { type Slicing, slicesOf } from '../slices.ts'
import { pick } from '../tables.ts'
import type { Chunk } from './chunk.ts'

export class SlicedScores {
  readonly #slicing: Slicing
  readonly #outputs: number
  readonly #values: Float64Array[] = []
  readonly #labels: Float64Array[] = []
  readonly #drone: Float32Array[] = []
  readonly #teacher: Float32Array[] = []

  /** @param outputs how many */
  constructor(slicing: Slicing, outputs: number) {
    this.#slicing = slicing
    this.#outputs = outputs
  }

  /** @param chunk with a teacher's answers */
  add({ drone, teacher, labels, sliced, scored }: Chunk): void {
    this.#values.push(pick(sliced!, 1, scored))
    if (labels) this.#labels.push(pick(labels, 1, scored))
    this.#drone.push(pick(drone, this.#outputs, scored))
    this.#teacher.push(pick(teacher!, this.#outputs, scored))
  }

  result(): Slices {
    const values = concatenated(Float64Array, this.#values)
    const answers = {
      drone: concatenated(Float32Array, this.#drone),
      teacher: concatenated(Float32Array, this.#teacher),
      labels: this.#labels.length > 0 ? concatenated(Float64Array, this.#labels) : undefined,
    }
    return slicesOf(answers, values, this.#outputs, this.#slicing)
  }
}
