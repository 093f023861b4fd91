/** Several processes that answer at one port, and how they know of each other. */
import cluster, { type Worker } from 'node:cluster'
import type { PeerState, Peers } from './peers.ts'

/** Milliseconds that another process may take to answer; without its answer the rest is told. */
const PATIENCE = 2000

/** A question to all other processes, or the answer to one. */
type Message =
  | { nndrone: 'ask' | 'question'; id: number; what: 'state' | 'changed'; chosen?: string }
  | { nndrone: 'answer'; id: number; value?: PeerState }
  | { nndrone: 'answers'; id: number; values: PeerState[] }
  | { nndrone: 'end' }

function isMessage(message: unknown): message is Message {
  return typeof message === 'object' && message !== null && 'nndrone' in message
}

export interface Workers {
  /** Resolves once all answer requests, with the port. */
  ready: Promise<number>
  /** Ends them; resolves once they have ended. */
  end(): Promise<void>
}

/**
 * Starts so many processes of this very command, and others in the place of those that die. Where one dies before all
 * answer, `ready` rejects: it has said why.
 */
export function startWorkers(count: number, onDeath: (code: string) => void): Workers {
  let ending = false
  const asked = new Map<number, { left: Set<Worker>; values: PeerState[]; done(): void }>()
  let questions = 0

  /** Passes a question of one on to the others, and their answers back. */
  function pass(from: Worker, message: Extract<Message, { what: unknown }>): void {
    const id = ++questions
    const left = new Set(all().filter((worker) => worker !== from && worker.isConnected()))
    const values: PeerState[] = []
    const done = () => {
      clearTimeout(timer)
      if (!asked.delete(id) || !from.isConnected()) return
      from.send({ nndrone: 'answers', id: message.id, values } satisfies Message)
    }
    const timer = setTimeout(done, PATIENCE)
    asked.set(id, { left, values, done })
    for (const worker of left) worker.send({ ...message, nndrone: 'question', id } satisfies Message)
    if (left.size === 0) done()
  }

  function hear(worker: Worker, message: unknown): void {
    if (!isMessage(message)) return
    if (message.nndrone === 'ask') pass(worker, message)
    if (message.nndrone !== 'answer') return
    const question = asked.get(message.id)
    if (!question?.left.delete(worker)) return
    if (message.value) question.values.push(message.value)
    if (question.left.size === 0) question.done()
  }

  const start = () => {
    const worker = cluster.fork()
    worker.on('message', (message) => hear(worker, message))
  }
  cluster.on('exit', (worker, code, signal) => {
    for (const question of asked.values()) if (question.left.delete(worker) && question.left.size === 0) question.done()
    if (ending) return
    if (!begun) return fail(new WorkerDeath())
    onDeath(signal ?? String(code))
    // Whatever ends at once would be started again and again.
    setTimeout(() => !ending && start(), 500)
  })
  let begun = false
  let fail!: (error: WorkerDeath) => void
  const ready = new Promise<number>((resolve, reject) => {
    let listening = 0
    fail = reject
    cluster.on('listening', (_, { port }) => {
      if (++listening < count) return
      begun = true
      resolve(port)
    })
  })
  for (let n = 0; n < count; n++) start()
  return {
    ready,
    async end() {
      ending = true
      await Promise.all(all().map(ended))
    },
  }
}

/** One of several processes could not start. */
export class WorkerDeath extends Error {}

function all(): Worker[] {
  return Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined)
}

function ended(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    worker.once('exit', () => resolve())
    if (worker.isConnected()) worker.send({ nndrone: 'end' } satisfies Message)
  })
}

/** The other processes, as one of them asks; nobody where this is the only one. */
export function peers(): Peers {
  const waiting = new Map<number, (values: PeerState[]) => void>()
  let questions = 0
  const ask = (what: 'state' | 'changed', chosen?: string) =>
    new Promise<PeerState[]>((resolve) => {
      if (!process.connected) return resolve([])
      const id = ++questions
      waiting.set(id, resolve)
      process.send!({ nndrone: 'ask', id, what, chosen } satisfies Message)
    })
  return {
    states: () => ask('state'),
    async tell(chosen) {
      await ask('changed', chosen)
    },
    listen({ state, changed }) {
      process.on('message', async (message) => {
        if (!isMessage(message)) return
        if (message.nndrone === 'answers') {
          waiting.get(message.id)?.(message.values)
          waiting.delete(message.id)
        }
        if (message.nndrone !== 'question') return
        const value = message.what === 'state' ? state() : void (await changed(message.chosen))
        if (process.connected) process.send!({ nndrone: 'answer', id: message.id, value } satisfies Message)
      })
    },
  }
}

/** Aborts when the process that has started this one wants it to end. */
export function endOfWorker(): AbortSignal {
  const controller = new AbortController()
  process.on('message', (message) => {
    if (isMessage(message) && message.nndrone === 'end') controller.abort()
  })
  return controller.signal
}

/** Whether this process is one of several that another has started. */
export function isWorker(): boolean {
  return cluster.isWorker
}
