/**
 * What has to be cleared away before the process ends: files that are not finished, other processes. Signals are heard only
 * while there is something of that kind: else they end the process by themselves, in the middle of whatever it computes.
 */
const pending = new Set<() => void>()
let tell: (some: boolean) => void = () => {}

process.on('exit', () => {
  for (const clear of pending) clear()
})

/** Has `clear` called when the process ends, until what is returned is called. */
export function clearAtEnd(clear: () => void): () => void {
  pending.add(clear)
  tell(true)
  return () => {
    pending.delete(clear)
    tell(pending.size > 0)
  }
}

/** Tells the one who hears signals whenever there is something to clear away, and when there is nothing any more. */
export function onClearing(listener: (some: boolean) => void): void {
  tell = listener
}
