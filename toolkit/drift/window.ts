/** The latest events of a stream, counted: a window that slides by a tenth of its length. */
import { Counts, type DriftMeasure } from './counts.ts'
import type { Reference } from './reference.ts'

const PANES = 10

/** Events of a window unless somebody says otherwise. */
export const WINDOW = 10_000

/**
 * Counts the latest events: at least nine tenths of the window's length, and at most all of it.
 * @example
 * const window = new DriftWindow(referenceOf(drone.network), 5000)
 * window.add(rows, drone.predictBatch(rows))
 * if (window.measure().drifted) console.warn('unlike the training')
 */
export class DriftWindow {
  readonly #all: Counts
  readonly #panes: readonly Counts[]
  /** Events of a pane. */
  readonly #length: number
  readonly #width: number
  /** The pane that is being filled. */
  #current = 0

  /** @param events the length of the window, at least 10 */
  constructor(reference: Reference, events = WINDOW) {
    this.#all = new Counts(reference)
    this.#panes = Array.from({ length: PANES }, () => new Counts(reference, this.#all))
    this.#length = Math.max(1, Math.round(events / PANES))
    this.#width = reference.inputs.length
  }

  /** Counts of all events in the window. */
  get counts(): Counts {
    return this.#all
  }

  /** @param rows [events × inputs], @param scores [events × outputs] */
  add(rows: ArrayLike<number>, scores: ArrayLike<number>, count = rows.length / this.#width): void {
    for (let from = 0; from < count; ) {
      if (this.#panes[this.#current]!.events >= this.#length) this.#slide()
      const pane = this.#panes[this.#current]!
      const to = Math.min(count, from + this.#length - pane.events)
      pane.add(rows, scores, from, to)
      this.#all.add(rows, scores, from, to)
      from = to
    }
  }

  measure(limit?: number): DriftMeasure {
    return this.#all.measure(limit)
  }

  #slide(): void {
    this.#current = (this.#current + 1) % PANES
    const oldest = this.#panes[this.#current]!
    this.#all.merge(oldest, -1)
    oldest.clear()
  }
}
