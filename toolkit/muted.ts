/** Keeps a library quiet that prints what it thinks of a file, which is not for our standard output. */
import { AsyncLocalStorage } from 'node:async_hooks'

const work = new AsyncLocalStorage<true>()

/** The methods of the console that know of it. */
const aware = new WeakSet<object>()

/** Runs something whose own lines are dropped; those of whatever else runs meanwhile are printed as ever. */
export function muted<Result>(run: () => Promise<Result>): Promise<Result> {
  for (const method of ['log', 'warn', 'error'] as const) {
    const print = console[method]
    if (aware.has(print)) continue
    console[method] = (...args: unknown[]) => {
      if (!work.getStore()) print.apply(console, args)
    }
    aware.add(console[method])
  }
  return work.run(true, run)
}
