/** Ctrl-C and other signals: they end the command, unless what runs would rather come to an end by itself. */

/** As a shell counts: 128 and the number of the signal. */
const CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }

type Signal = keyof typeof CODES

export const INTERRUPTED = CODES.SIGINT

export class Interruptions {
  /** Ends the work that is going on and would save what it has. */
  #work: AbortController | undefined
  /** The exit code of the signal that came, if one did. */
  code: number | undefined

  /** Listens. Ends by `process.exit`, so that who has something to clear away on exit does. */
  listen(): void {
    for (const signal of Object.keys(CODES) as Signal[]) process.on(signal, () => this.#hear(signal))
  }

  #hear(signal: Signal): void {
    const again = this.code !== undefined
    this.code = CODES[signal]
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
    try {
      return await work(controller.signal, savable)
    } finally {
      this.#work = undefined
    }
  }
}
