/**
 * A process for other people's code, which may run for ever, take all memory, or abort: there it can be stopped, and its
 * death is an error like any other. Calls run one after the other.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { InputError } from '../errors.ts'
import type { calls } from './calls.ts'
import { clearAtEnd } from './clearing.ts'
import { type Limits, STUCK } from './watch.ts'

export type { Limits }
export type Calls = typeof calls

/** What a user's own code may take. */
export const UNLIMITED: Limits = { seconds: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY }

export interface Call {
  name: keyof Calls
  args: readonly unknown[]
  limits: Limits
}

/** What comes back: a value, or an error whose message is for people if it is `known`. */
export type Answer = { value: unknown } | { message: string; known: boolean }

/** The program of the process, as it is built. */
const MAIN = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../dist/isolation.js' : './isolation.js', import.meta.url),
)

/** Megabytes that V8 may take for objects; what lies beside them the process watches itself. */
const HEAP = 1024

/** Characters that are kept of what it says on its standard error. */
const LAST_WORDS = 10_000

/** The process died of a call. The message says how, and goes on behind what was called. */
export class Death extends Error {
  /** Whether it took too much memory. */
  get ofMemory(): boolean {
    return this.message.includes('memory')
  }
}

interface Pending {
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
}

/** How a process is started. */
interface Start {
  /** Whether it is the user's own code that runs there: as in this process, and what it prints goes to standard error. */
  own?: boolean
}

export class IsolatedProcess {
  readonly #child: ChildProcess
  /** In the order of the calls. */
  readonly #pending: Pending[] = []
  #death: Death | undefined
  #lastWords = ''

  constructor({ own = false }: Start = {}) {
    this.#child = fork(MAIN, [String(process.pid)], {
      ...(!own && { execArgv: [`--max-old-space-size=${HEAP}`] }),
      serialization: 'advanced',
      stdio: own ? ['ignore', 2, 2, 'ipc'] : ['ignore', 'ignore', 'pipe', 'ipc'],
      // A group of its own: an interruption is for the command to handle.
      detached: process.platform !== 'win32',
    })
    this.#child.on('message', (answer: Answer) => this.#settle(answer))
    this.#child.stderr?.on('data', (bytes: Buffer) => {
      this.#lastWords = (this.#lastWords + bytes.toString()).slice(-LAST_WORDS)
    })
    this.#child.on('error', (error) => this.#die(`cannot be done in another process: ${error.message}`))
    this.#child.on('close', (code, signal) => this.#die(causeOfDeath(this.#lastWords, code, signal)))
    this.#hold(false)
  }

  /** Whether it waits for a call. */
  get idle(): boolean {
    return this.#death === undefined && this.#pending.length === 0
  }

  /** @throws InputError as it was thrown there; Death where the process died */
  async call<Name extends keyof Calls>(
    name: Name,
    args: Parameters<Calls[Name]>,
    limits: Limits,
  ): Promise<Awaited<ReturnType<Calls[Name]>>> {
    if (this.#death) throw this.#death
    const answer = new Promise<unknown>((resolve, reject) => this.#pending.push({ resolve, reject }))
    this.#hold(true)
    this.#child.send({ name, args, limits } satisfies Call)
    return answer as Promise<Awaited<ReturnType<Calls[Name]>>>
  }

  /** With all that it started. */
  end(): void {
    try {
      if (process.platform === 'win32') this.#child.kill('SIGKILL')
      else if (this.#child.pid !== undefined) process.kill(-this.#child.pid, 'SIGKILL')
    } catch {
      // It has ended.
    }
  }

  #settle(answer: Answer): void {
    const pending = this.#pending.shift()
    if ('value' in answer) pending?.resolve(answer.value)
    else pending?.reject(answer.known ? new InputError(answer.message) : remote(answer.message))
    if (this.#pending.length === 0) this.#hold(false)
  }

  #die(reason: string): void {
    this.#death ??= new Death(reason)
    for (const { reject } of this.#pending.splice(0)) reject(this.#death)
  }

  /** It keeps the command from ending only while it is asked. */
  #hold(held: boolean): void {
    const { channel, stderr } = this.#child
    for (const handle of [this.#child, channel, stderr as unknown as ChildProcess | null]) {
      if (held) handle?.ref()
      else handle?.unref()
    }
  }
}

/** A bug, with the stack that it had there. */
function remote(stack: string): Error {
  return Object.assign(new Error(stack.split('\n', 1)[0]), { stack })
}

/** What `watch` wrote before it ended the process, what V8 says when it aborts, or how it ended. */
function causeOfDeath(lastWords: string, code: number | null, signal: string | null): string {
  const limit = /^limit: (.+)$/m.exec(lastWords)?.[1]
  if (limit !== undefined) return limit
  if (code === STUCK) return 'waits for what never comes'
  if (/heap out of memory|invalid (array|size|table|string)|Array buffer allocation/i.test(lastWords)) {
    return 'takes more memory than its size explains'
  }
  return `ended with ${signal ?? `exit code ${code}`}`
}

/** Processes that are used again: starting one takes longer than reading a small file. */
export class Isolation {
  readonly #idle: IsolatedProcess[] = []
  /** Each with what ends it when this process ends: an idle one ends by itself, one that is busy never may. */
  readonly #taken = new Map<IsolatedProcess, () => void>()

  take(): IsolatedProcess {
    let taken = this.#idle.pop()
    while (taken && !taken.idle) taken = this.#idle.pop()
    return this.#kept(taken ?? new IsolatedProcess())
  }

  /** A new one for code of the user's own. */
  takeOwn(): IsolatedProcess {
    return this.#kept(new IsolatedProcess({ own: true }))
  }

  #kept(taken: IsolatedProcess): IsolatedProcess {
    this.#taken.set(
      taken,
      clearAtEnd(() => taken.end()),
    )
    return taken
  }

  #forget(taken: IsolatedProcess): void {
    this.#taken.get(taken)?.()
    this.#taken.delete(taken)
  }

  /** Takes one back; one that is still busy with what nobody waits for is ended. */
  give(taken: IsolatedProcess): void {
    if (taken.idle) {
      this.#forget(taken)
      this.#idle.push(taken)
    } else this.end(taken)
  }

  end(taken: IsolatedProcess): void {
    this.#forget(taken)
    taken.end()
  }
}

export const isolation = new Isolation()
