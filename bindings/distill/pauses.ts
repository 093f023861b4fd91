/** Gives the event loop its turns while something long runs: timers fire, servers answer. */

/** Work goes on for this long, in ms, before the next turn. */
const SLICE = 5

/** Events that are worked on between two looks at the clock. */
export const PIECE = 4096

type Resume = () => void

/** The host's shortest way around the event loop. A promise alone is none: it holds up timers. */
function turn(): Promise<void> {
  const { setImmediate } = globalThis as { setImmediate?: (resume: Resume) => unknown }
  if (setImmediate) return new Promise((resume) => void setImmediate(resume))
  return new Promise((resume) => {
    const channel = new MessageChannel()
    channel.port1.onmessage = () => {
      channel.port1.close()
      resume()
    }
    channel.port2.postMessage(undefined)
  })
}

export class Turns {
  #began = performance.now()

  /** Whether it is time for a turn. */
  due(): boolean {
    return performance.now() - this.#began >= SLICE
  }

  /** Waits for a turn if it is time for one. */
  async ifDue(): Promise<void> {
    if (this.due()) await this.take()
  }

  async take(): Promise<void> {
    await turn()
    this.#began = performance.now()
  }

  /** Calls `work` with pieces [from, to) of 0 … count, with a turn between them when it is due. */
  async pieces(count: number, size: number, work: (from: number, to: number) => void | Promise<void>): Promise<void> {
    for (let from = 0; from < count; from += size) {
      await work(from, Math.min(from + size, count))
      await this.ifDue()
    }
  }
}
