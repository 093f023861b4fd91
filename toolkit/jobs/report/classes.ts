/** The scores of every event that is labelled by its class, from which classes are told apart once all have passed. */
import { concatenated } from '../../models/answers.ts'
import { rocCurve } from '../../plots/index.ts'
import { classesOf } from '../classes.ts'
import { bothKinds } from '../labels.ts'
import { pick } from '../tables.ts'
import type { Chunk } from './chunk.ts'
import type { ClassCounts } from './numbers.ts'

export class ClassScores {
  readonly #outputs: readonly string[]
  readonly #labels: Float64Array[] = []
  readonly #drone: Float32Array[] = []
  readonly #teacher: Float32Array[] = []

  constructor(outputs: readonly string[]) {
    this.#outputs = outputs
  }

  add({ drone, teacher, classes, scored }: Chunk): void {
    const width = this.#outputs.length
    this.#labels.push(pick(classes!, 1, scored))
    this.#drone.push(pick(drone, width, scored))
    if (teacher) this.#teacher.push(pick(teacher, width, scored))
  }

  result(): ClassCounts {
    const outputs = this.#outputs
    const labels = concatenated(Float64Array, this.#labels)
    const drone = concatenated(Float32Array, this.#drone)
    const teacher = this.#teacher.length > 0 ? concatenated(Float32Array, this.#teacher) : undefined
    const curves = outputs.map((_, i) => {
      const kinds = labels.map((label) => Number(label === i))
      if (!bothKinds(kinds)) return undefined
      const curve = (scores: Float32Array) =>
        rocCurve(
          scores.filter((_, at) => at % outputs.length === i),
          kinds,
        )
      return { drone: curve(drone), teacher: teacher && curve(teacher) }
    })
    return { ...classesOf({ drone, teacher: teacher ?? drone }, labels, outputs), curves }
  }
}
