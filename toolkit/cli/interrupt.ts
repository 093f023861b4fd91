/** Ctrl-C: ends the command, unless what runs would rather come to an end by itself. */

/** As a shell counts: 128 and the number of the signal. */
const CODES = { SIGINT: 130, SIGTERM: 143 }

export const INTERRUPTED = CODES.SIGINT

let running: AbortController | undefined

/** Ends by `process.exit`, so that who has something to clear away on exit does. */
export function listenForInterrupts(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (!running || running.signal.aborted) process.exit(CODES[signal])
      running.abort()
    })
  }
}

/** Runs `work`, whose signal aborts at the first Ctrl-C; a second one ends the command. */
export async function interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  running = new AbortController()
  try {
    return await work(running.signal)
  } finally {
    running = undefined
  }
}
