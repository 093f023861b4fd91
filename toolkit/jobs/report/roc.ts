/** The scores of every labelled event, from which the exact curves are drawn once all have passed. */
import { concatenated } from '../../models/answers.ts'
import { type RocCurve, rocCurve } from '../../plots/index.ts'
import { type Chunk, columnOf } from './chunk.ts'
import type { Sides } from './numbers.ts'

export class RocScores {
  readonly #labels: Uint8Array[] = []
  readonly #drone: Float32Array[] = []
  readonly #teacher: Float32Array[] = []

  add({ drone, teacher, labels, scored }: Chunk): void {
    this.#labels.push(Uint8Array.from(columnOf(labels!, 1, 0, scored)))
    this.#drone.push(Float32Array.from(columnOf(drone, 1, 0, scored)))
    if (teacher) this.#teacher.push(Float32Array.from(columnOf(teacher, 1, 0, scored)))
  }

  result(): Sides<RocCurve> {
    const labels = concatenated(Uint8Array, this.#labels)
    const curve = (scores: Float32Array[]) => rocCurve(concatenated(Float32Array, scores), labels)
    const drone = curve(this.#drone)
    return { drone, teacher: this.#teacher.length > 0 ? curve(this.#teacher) : undefined }
  }
}
