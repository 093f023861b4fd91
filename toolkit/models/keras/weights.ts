/** The weights of a layer, taken in the order of the file. */
import type { InputError } from '../../errors.ts'
import { type Shape, size, type Values } from './shape.ts'

/** An array in a file, not yet read. */
export interface Stored {
  readonly name: string
  readonly shape: Shape
  read(): Values
}

/** A model that is meant has no larger array. */
const LARGEST = 1 << 26

export class Weights {
  readonly #error: (message: string) => InputError
  readonly #stored: Stored[]

  /** @param stored that are left: layers within a layer may share them, each taking the next */
  constructor(stored: Stored[], error: (message: string) => InputError) {
    this.#stored = stored
    this.#error = error
  }

  /**
   * Reads the next array.
   * @param what as messages name it
   * @param shapes that it may have; they mean the same numbers in the same order
   */
  take(what: string, ...shapes: readonly Shape[]): Values {
    const expected = `[${shapes[0]!.join(', ')}]`
    const stored = this.#stored.shift()
    if (!stored) throw this.#error(`no ${what} in the file, expected shape ${expected}`)
    if (!shapes.some((shape) => shape.join() === stored.shape.join())) {
      throw this.#error(`${what} (${stored.name}): shape [${stored.shape.join(', ')}], expected ${expected}`)
    }
    if (size(stored.shape) > LARGEST) throw this.#error(`${what} (${stored.name}): ${size(stored.shape)} numbers`)
    const values = stored.read()
    const count = size(stored.shape)
    if (values.length !== count) {
      throw this.#error(`${what} (${stored.name}): ${values.length} numbers, expected ${count}`)
    }
    const wrong = values.findIndex((value) => !Number.isFinite(value))
    if (wrong >= 0)
      throw this.#error(`${what} (${stored.name}): ${values[wrong]} at ${wrong}, expected a finite number`)
    return values
  }

  /** Passes over the next array, if there is one. */
  skip(): void {
    this.#stored.shift()
  }

  /** @throws InputError where weights are left that the layer has no use for */
  done(): void {
    const [left] = this.#stored
    if (left) throw this.#error(`weights ${JSON.stringify(left.name)} are not known`)
  }
}
