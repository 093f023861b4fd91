/** Watches what a call takes, from a thread of its own, which runs on where a reader never returns. */
import { writeSync } from 'node:fs'

/** What a call may take, of the processor and of memory. */
export interface Limits {
  seconds: number
  bytes: number
}

/** Milliseconds between two looks. */
const PERIOD = 20

/** The exit code of a process that has nothing left to do and has not answered. */
export const STUCK = 113

/** Tells the watching thread of calls, by memory that both share. */
export class Watched {
  readonly memory = new SharedArrayBuffer(3 * Float64Array.BYTES_PER_ELEMENT)
  readonly #shared = views(this.memory)

  begin({ seconds, bytes }: Limits): void {
    this.#shared.limits.set([seconds, bytes])
    this.#turn()
  }

  end(): void {
    this.#turn()
  }

  #turn(): void {
    Atomics.add(this.#shared.turns, 0, 1)
    Atomics.notify(this.#shared.turns, 0)
  }
}

/** Limits of the call that runs, and how many times one began or ended: an odd number while one runs. */
function views(memory: SharedArrayBuffer) {
  return {
    limits: new Float64Array(memory, 0, 2),
    turns: new Int32Array(memory, 2 * Float64Array.BYTES_PER_ELEMENT, 1),
  }
}

/** Runs for ever, and ends the process where a call takes more than it may, or the parent has ended. */
export function watch(memory: SharedArrayBuffer, parent = process.ppid): never {
  const { limits, turns } = views(memory)
  for (;;) {
    const turn = Atomics.load(turns, 0)
    if (turn % 2 === 0) Atomics.wait(turns, 0, turn)
    else watchCall(limits, parent, () => Atomics.wait(turns, 0, turn, PERIOD) === 'timed-out')
  }
}

/** @param runs waits a little, and tells whether the call still runs */
function watchCall([seconds, bytes]: Float64Array, parent: number, runs: () => boolean): void {
  const began = process.cpuUsage()
  while (runs()) {
    const { user, system } = process.cpuUsage(began)
    if ((user + system) / 1e6 > seconds!) end(`takes more than ${Math.round(seconds!)} s`)
    if (process.memoryUsage.rss() > bytes!) end(`takes more than ${Math.round(bytes! / 1e6)} MB of memory`)
    if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL')
  }
}

/** Ends this process, with the reason as its last words. */
function end(reason: string): void {
  writeSync(2, `\nlimit: ${reason}\n`)
  process.kill(process.pid, 'SIGKILL')
}
