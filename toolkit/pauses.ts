/** Pauses of the process that no call is to blame for: the collection of garbage, and a processor that others have. */
import { PerformanceObserver } from 'node:perf_hooks'
import { setImmediate as turn } from 'node:timers/promises'

export interface Pause {
  cause: 'garbage' | 'scheduler'
  /** By `performance.now()`, in ms. */
  from: number
  to: number
}

/** Sees every collection of garbage from now on. */
export class GarbageWatch {
  #pauses: Pause[] = []
  readonly #observer = new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      this.#pauses.push({ cause: 'garbage', from: startTime, to: startTime + duration })
    }
  })

  constructor() {
    this.#observer.observe({ entryTypes: ['gc'] })
  }

  /** Those since it was last asked; the host tells of them between two turns of the event loop. */
  async take(): Promise<Pause[]> {
    for (let n = 0; n < 2; n++) await turn()
    const pauses = this.#pauses
    this.#pauses = []
    return pauses
  }

  end(): void {
    this.#observer.disconnect()
  }
}

/** Pauses in their order, without those of the scheduler that a collection of garbage explains. */
export function inOrder(garbage: readonly Pause[], gaps: readonly Pause[]): Pause[] {
  const unexplained = gaps.filter((gap) => !garbage.some(({ from, to }) => from < gap.to && to > gap.from))
  return [...garbage, ...unexplained].sort((a, b) => a.from - b.from)
}
