/** predict --workers: parts of files are scored by several threads, and written in their order. */
import { Worker } from 'node:worker_threads'
import { InputError } from '../../errors.ts'
import type { Part, Parts } from '../../events/index.ts'
import type { Known, Scored, Start, Task } from './messages.ts'

export type { Scored, Start } from './messages.ts'

/** The program of a worker, as it is built. */
const PROGRAM = new URL(import.meta.url.endsWith('.ts') ? '../../dist/worker.js' : './worker.js', import.meta.url)

/** Parts of a worker that are under way: one at work, and one that waits. */
const EACH = 2

/**
 * The parts, scored, in their order. What has come is scored though nothing follows yet, and no more is read than keeps
 * the workers busy.
 * @throws InputError where a part has a record that ends the command, after the scores before it
 */
export async function* scoredByWorkers(parts: Parts, start: Start, count: number): AsyncGenerator<Scored> {
  const workers = Array.from({ length: count }, () => new Hand(start))
  const iterator = parts[Symbol.asyncIterator]()
  const underway: Promise<Scored>[] = []
  let known: Known | undefined
  let reading: Promise<Read> | undefined = read(iterator)
  let failed: { error: unknown } | undefined
  try {
    while (reading || underway.length > 0) {
      const worker = workers.reduce((one, other) => (other.tasks < one.tasks ? other : one))
      // The first part tells what is the same in all: the others wait for it.
      const room = underway.length < count * EACH && worker.tasks < EACH && (known || underway.length === 0)
      const ways: Promise<Read | { scored: Scored }>[] = []
      if (underway.length > 0) ways.push(underway[0]!.then((scored) => ({ scored })))
      if (reading && room) ways.push(reading)
      const next = await Promise.race(ways)
      if ('scored' in next) {
        underway.shift()
        known ??= next.scored.known
        yield next.scored
        if (next.scored.error) throw failure(next.scored.error)
      } else if (next.part) {
        underway.push(worker.score({ part: next.part, known }))
        reading = read(iterator)
      } else {
        reading = undefined
        failed = next.failed
      }
    }
    if (failed) throw failed.error
  } finally {
    await Promise.all(workers.map((worker) => worker.end()))
    await iterator.return?.()
  }
}

/** What was read: a part, nothing at the end, or why reading ends. */
interface Read {
  part?: Part
  failed?: { error: unknown }
}

async function read(iterator: AsyncIterator<Part>): Promise<Read> {
  try {
    const { done, value } = await iterator.next()
    return done ? {} : { part: value }
  } catch (error) {
    return { failed: { error } }
  }
}

function failure({ message, known }: NonNullable<Scored['error']>): Error {
  return known ? new InputError(message) : new Error(message)
}

/** A worker, and who waits for its answers, which come in the order of the tasks. */
class Hand {
  readonly #worker: Worker
  readonly #waiting: { resolve(scored: Scored): void; reject(error: Error): void }[] = []

  constructor(start: Start) {
    this.#worker = new Worker(PROGRAM, { workerData: start })
    this.#worker.on('message', (scored: Scored) => this.#waiting.shift()!.resolve(scored))
    this.#worker.on('error', (error) => {
      for (const { reject } of this.#waiting.splice(0)) reject(error)
    })
  }

  get tasks(): number {
    return this.#waiting.length
  }

  score(task: Task): Promise<Scored> {
    const scored = new Promise<Scored>((resolve, reject) => this.#waiting.push({ resolve, reject }))
    // Whoever waits for another part first hears of it later.
    scored.catch(() => {})
    this.#worker.postMessage(task, [task.part.bytes.buffer])
    return scored
  }

  async end(): Promise<void> {
    await this.#worker.terminate()
  }
}
