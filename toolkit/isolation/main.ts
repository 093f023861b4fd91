/** The program of an isolated process: answers calls, and has a thread that watches what each of them takes. */
import { isMainThread, Worker, workerData } from 'node:worker_threads'
import type { Answer, Call } from './process.ts'
import { STUCK, Watched, watch } from './watch.ts'

if (isMainThread) serve()
else watch(workerData.memory, workerData.parent)

function serve(): void {
  const watched = new Watched()
  // It is told who its parent is: that may have ended before anyone can ask.
  const parent = Number(process.argv[2])
  new Worker(new URL(import.meta.url), { workerData: { memory: watched.memory, parent }, execArgv: [] }).unref()
  let turn = Promise.resolve()
  process.on('message', (call: Call) => {
    turn = turn.then(() => answer(call, watched))
  })
  process.on('beforeExit', () => process.exit(STUCK))
  process.on('disconnect', () => process.exit())
}

async function answer(call: Call, watched: Watched): Promise<void> {
  watched.begin(call.limits)
  // Nothing but the call keeps this process alive: where it waits for what never comes, that is seen.
  process.channel!.unref()
  const answer = await answerTo(call)
  process.channel!.ref()
  watched.end()
  process.send!(answer)
}

async function answerTo({ name, args }: Call): Promise<Answer> {
  // What the thread that watches need not load.
  const [{ calls }, { explained }] = await Promise.all([import('./calls.ts'), import('../errors.ts')])
  try {
    return { value: await (calls[name] as (...args: readonly unknown[]) => unknown)(...args) }
  } catch (error) {
    const message = explained(error)
    if (message !== undefined) return { message, known: true }
    return { message: (error instanceof Error && error.stack) || String(error), known: false }
  }
}
