/** The scores of every labelled event, from which the exact curves are drawn once all have passed. */
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
    const labels = joined(this.#labels, Uint8Array)
    const curve = (scores: Float32Array[]) => rocCurve(joined(scores, Float32Array), labels)
    const drone = curve(this.#drone)
    return { drone, teacher: this.#teacher.length > 0 ? curve(this.#teacher) : undefined }
  }
}

function joined<Numbers extends Uint8Array | Float32Array>(
  parts: readonly Numbers[],
  make: new (length: number) => Numbers,
): Numbers {
  const all = new make(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
