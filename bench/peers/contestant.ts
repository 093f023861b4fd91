/** Whoever can be timed: native code, and each rival in a process of its own. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Rival } from './rival.ts'
import type { Answer, Task } from './task.ts'

export interface Contestant {
  readonly name: string
  time(task: Task): Promise<Answer>
  leave(): void
}

/** In a process of its own, so that no rival's objects and shapes make the code of another slower. */
export function contestant({ name }: Rival): Contestant {
  const child = fork(fileURLToPath(new URL('turn.ts', import.meta.url)), [name])
  const ended = once(child, 'exit').then(([code]) => [{ error: `its process ended with ${code}` }])
  return {
    name,
    async time(task) {
      child.send(task)
      const [answer] = await Promise.race([once(child, 'message'), ended])
      return answer as Answer
    },
    leave: () => child.disconnect(),
  }
}
