/** Events with a value out of the range that the drone was trained on. */
import type { Range } from 'nndrone'
import type { Chunk } from './chunk.ts'

export class Outside {
  #events = 0
  readonly #below: Float64Array
  readonly #above: Float64Array
  readonly #domain: readonly (Range | undefined)[]

  constructor(domain: readonly (Range | undefined)[]) {
    this.#domain = domain
    this.#below = new Float64Array(domain.length)
    this.#above = new Float64Array(domain.length)
  }

  add({ events, outside }: Chunk): void {
    for (const out of outside!) if (out) this.#events++
    const width = this.#domain.length
    for (const [i, range] of this.#domain.entries()) {
      if (!range) continue
      for (let at = i; at < events.length; at += width) {
        if (!Number.isFinite(events[at]!)) continue
        if (events[at]! < range[0]) this.#below[i]!++
        else if (events[at]! > range[1]) this.#above[i]!++
      }
    }
  }

  result(names: readonly string[]) {
    const inputs = this.#domain.flatMap((range, i) => {
      return range ? [{ name: names[i]!, range, below: this.#below[i]!, above: this.#above[i]! }] : []
    })
    return { events: this.#events, inputs }
  }
}
