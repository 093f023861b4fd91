/** What has to be kept of every scored event, since it can only be counted once all have passed: curves, classes, slices. */
import { concatenated } from '../../models/answers.ts'
import { pick } from '../tables.ts'
import type { Chunk } from './chunk.ts'

/** Of each event; what there is not is undefined. */
export interface KeptScores {
  /** [events × outputs] */
  drone: Float32Array
  teacher: Float32Array | undefined
  labels: Float64Array | undefined
  classes: Float64Array | undefined
  sliced: Float64Array | undefined
}

export class Keeper {
  readonly #outputs: number
  readonly #parts: KeptScores[] = []

  /** @param outputs how many */
  constructor(outputs: number) {
    this.#outputs = outputs
  }

  add({ drone, teacher, labels, classes, sliced, scored }: Chunk): void {
    this.#parts.push({
      drone: pick(drone, this.#outputs, scored),
      teacher: teacher && pick(teacher, this.#outputs, scored),
      labels: labels && pick(labels, 1, scored),
      classes: classes && pick(classes, 1, scored),
      sliced: sliced && pick(sliced, 1, scored),
    })
  }

  result(): KeptScores {
    const [first] = this.#parts as [KeptScores]
    const column = (name: 'labels' | 'classes' | 'sliced') => {
      return (
        first[name] &&
        concatenated(
          Float64Array,
          this.#parts.map((part) => part[name]!),
        )
      )
    }
    return {
      drone: concatenated(
        Float32Array,
        this.#parts.map(({ drone }) => drone),
      ),
      teacher:
        first.teacher &&
        concatenated(
          Float32Array,
          this.#parts.map(({ teacher }) => teacher!),
        ),
      ...{ labels: column('labels'), classes: column('classes'), sliced: column('sliced') },
    }
  }
}
