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

/** Of each event, whether a value of it is out of those ranges; not finite ones are no reason. */
export function outsideOf(domain: readonly (Range | undefined)[], events: Float64Array): Uint8Array {
  const width = domain.length
  return Uint8Array.from({ length: events.length / width }, (_, n) => {
    return Number(
      domain.some((range, i) => {
        const value = events[n * width + i]!
        return range !== undefined && Number.isFinite(value) && (value < range[0] || value > range[1])
      }),
    )
  })
}
