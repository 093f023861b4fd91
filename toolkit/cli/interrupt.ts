/** Ctrl-C and other signals: they end the command, unless what runs would rather come to an end by itself. */
import { onClearing } from '../isolation/clearing.ts'

/** As a shell counts: 128 and the number of the signal. */
const CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }

type Signal = keyof typeof CODES

export const INTERRUPTED = CODES.SIGINT

export class Interruptions {
  /** Ends the work that is going on and would save what it has. */
  #work: AbortController | undefined
  /** The exit code of the signal that came, if one did. */
  code: number | undefined

  #running = false
  #clearing = false
  #listening = false

  constructor() {
    onClearing((some) => {
      this.#clearing = some
      this.#listen()
    })
    this.#listen()
  }

  /**
   * Listens while there is a need to: a signal that nobody listens to ends the process even while it computes without a
   * pause. The first process of a container, to which such signals do nothing, always listens. Ends by `process.exit`, so
   * that what is to be cleared away is.
   */
  #listen(): void {
    const wanted = this.#running || this.#clearing || process.pid === 1
    if (wanted === this.#listening) return
    this.#listening = wanted
    for (const signal of Object.keys(CODES) as Signal[]) {
      if (wanted) process.on(signal, this.#hear)
      else process.off(signal, this.#hear)
    }
  }

  #hear = (signal: NodeJS.Signals): void => {
    const again = this.code !== undefined
    this.code = CODES[signal as Signal]
    if (!this.#work || again) process.exit(this.code)
    this.#work.abort()
  }

  /**
   * Runs `work`, whose signal aborts at the first signal to this process once `work` has said that there is something
   * to save; a second one ends the command.
   */
  async during<Result>(work: (signal: AbortSignal, savable: () => void) => Promise<Result>): Promise<Result> {
    const controller = new AbortController()
    const savable = () => {
      this.#work = controller
    }
    this.#running = true
    this.#listen()
    try {
      return await work(controller.signal, savable)
    } finally {
      this.#work = undefined
      this.#running = false
      this.#listen()
    }
  }
}
