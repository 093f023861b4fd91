/** The program of an isolated process: answers calls, and has a thread that watches what each of them takes. */
import { isMainThread, Worker, workerData } from 'node:worker_threads'
import { explained } from '../errors.ts'
import type { Answer, Call } from './process.ts'
import { end, Watched, watch } from './watch.ts'

if (isMainThread) serve()
else watch(workerData)

function serve(): void {
  const watched = new Watched()
  new Worker(new URL(import.meta.url), { workerData: watched.memory }).unref()
  process.on('message', async (call: Call) => {
    watched.begin(call.limits)
    // Nothing but the call keeps this process alive: where it waits for what never comes, that is seen.
    process.channel!.unref()
    const answer = await answerTo(call)
    process.channel!.ref()
    watched.end()
    process.send!(answer)
  })
  process.on('beforeExit', () => end('it waits for what never comes'))
  process.on('disconnect', () => process.exit())
}

async function answerTo({ name, args }: Call): Promise<Answer> {
  const { calls } = await import('./calls.ts')
  try {
    return { value: await (calls[name] as (...args: readonly unknown[]) => unknown)(...args) }
  } catch (error) {
    const message = explained(error)
    if (message !== undefined) return { message, known: true }
    return { message: (error instanceof Error && error.stack) || String(error), known: false }
  }
}
