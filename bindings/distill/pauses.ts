/** Pauses in which the event loop runs while something long is at work: timers fire, servers answer. */
import type { Random } from '../arithmetic/random.ts'

/** Work goes on for this long, in ms, before the next pause. */
const SLICE = 5

/** Events that are worked on between two looks at the clock. */
export const PIECE = 4096

type Resume = () => void

/** Lets the event loop run once. Awaiting a resolved promise would not: timers do not fire between microtasks. */
function eventLoop(): Promise<void> {
  const { setImmediate } = globalThis as { setImmediate?: (resume: Resume) => unknown }
  // The first may come before any timer, if it is asked for amid the loop; the second is a whole turn later.
  if (setImmediate) return new Promise((resume) => void setImmediate(() => setImmediate(resume)))
  return new Promise((resume) => {
    const channel = new MessageChannel()
    channel.port1.onmessage = () => {
      channel.port1.close()
      resume()
    }
    channel.port2.postMessage(undefined)
  })
}

export class Pauses {
  #began = performance.now()

  /** Pauses if it is time to. */
  async ifDue(): Promise<void> {
    if (performance.now() - this.#began < SLICE) return
    await eventLoop()
    this.#began = performance.now()
  }
}

type Work = (from: number, to: number) => void | Promise<void>

/** Calls `work` with pieces [from, to) of 0 … count, and pauses between them where it is time to. */
export async function inPieces(count: number, work: Work, size = PIECE): Promise<void> {
  const pauses = new Pauses()
  for (let from = 0; from < count; from += size) {
    await work(from, Math.min(from + size, count))
    await pauses.ifDue()
  }
}

/** A whole shuffle with pauses; another view may take the place of the order in a pause, so it is taken anew. */
export async function shuffle(order: () => Uint32Array, random: Random, pauses = new Pauses()): Promise<void> {
  for (let from = order().length - 1; from > 0; from -= PIECE) {
    random.shufflePart(order(), from, Math.max(0, from - PIECE))
    await pauses.ifDue()
  }
}
