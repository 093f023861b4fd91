/**
 * A process for readers of other people's libraries, which may run for ever, take all memory, or abort: there they can
 * be stopped, and their death is an error like any other. One call runs at a time.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { InputError } from '../errors.ts'
import type { calls } from './calls.ts'

export type Calls = typeof calls

/** What a call may take, of the processor and of memory. */
export interface Limits {
  seconds: number
  bytes: number
}

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

/** The process died of a call; the message says why. */
export class Death extends Error {}

export class IsolatedProcess {
  readonly #child: ChildProcess
  #pending: PromiseWithResolvers<unknown> | undefined
  #death: Death | undefined
  #lastWords = ''

  constructor() {
    this.#child = fork(MAIN, {
      execArgv: [`--max-old-space-size=${HEAP}`],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // A group of its own: an interruption is for the command to handle.
      detached: process.platform !== 'win32',
    })
    this.#child.on('message', (answer: Answer) => this.#settle(answer))
    this.#child.stderr!.on('data', (bytes: Buffer) => {
      this.#lastWords = (this.#lastWords + bytes.toString()).slice(-LAST_WORDS)
    })
    this.#child.on('error', (error) => this.#die(`it cannot be read in another process: ${error.message}`))
    this.#child.on('close', (code, signal) => this.#die(causeOfDeath(this.#lastWords, signal ?? `exit code ${code}`)))
    this.#hold(false)
  }

  /** Whether it waits for a call. */
  get idle(): boolean {
    return this.#death === undefined && this.#pending === undefined
  }

  /** @throws InputError as it was thrown there; Death where the process died */
  async call<Name extends keyof Calls>(
    name: Name,
    args: Parameters<Calls[Name]>,
    limits: Limits,
  ): Promise<Awaited<ReturnType<Calls[Name]>>> {
    if (this.#death) throw this.#death
    this.#pending = withResolvers()
    this.#hold(true)
    this.#child.send({ name, args, limits } satisfies Call)
    return this.#pending.promise as Promise<Awaited<ReturnType<Calls[Name]>>>
  }

  end(): void {
    this.#child.kill('SIGKILL')
  }

  #settle(answer: Answer): void {
    if ('value' in answer) this.#take()?.resolve(answer.value)
    else this.#take()?.reject(answer.known ? new InputError(answer.message) : remote(answer.message))
  }

  #take(): PromiseWithResolvers<unknown> | undefined {
    const pending = this.#pending
    this.#pending = undefined
    this.#hold(false)
    return pending
  }

  #die(reason: string): void {
    this.#death ??= new Death(reason)
    this.#take()?.reject(this.#death)
  }

  /** It keeps the command from ending only while it is asked. */
  #hold(held: boolean): void {
    const { channel, stderr } = this.#child
    for (const handle of [this.#child, channel, stderr as unknown as ChildProcess]) {
      if (held) handle?.ref()
      else handle?.unref()
    }
  }
}

/** A bug, with the stack that it had there. */
function remote(stack: string): Error {
  return Object.assign(new Error(stack.split('\n', 1)[0]), { stack })
}

type PromiseWithResolvers<Value> = {
  promise: Promise<Value>
  resolve: (value: Value) => void
  reject: (error: unknown) => void
}

function withResolvers(): PromiseWithResolvers<unknown> {
  let resolve!: (value: unknown) => void
  let reject!: (error: unknown) => void
  const promise = new Promise<unknown>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

/** What `watch` wrote before it ended the process, what V8 says when it aborts, or how it ended. */
function causeOfDeath(lastWords: string, end: string): string {
  const limit = /^limit: (.+)$/m.exec(lastWords)?.[1]
  if (limit !== undefined) return limit
  if (/heap out of memory|invalid (array|size|table|string)|Array buffer allocation/i.test(lastWords)) {
    return 'reading it takes more memory than its size explains'
  }
  return `the reader ended with ${end}`
}

/** Processes that are used again: starting one takes longer than reading a small file. */
export class Isolation {
  readonly #idle: IsolatedProcess[] = []
  readonly #taken = new Set<IsolatedProcess>()

  constructor() {
    // An idle one ends by itself; one that never comes back from a call has to be ended.
    process.on('exit', () => {
      for (const each of this.#taken) each.end()
    })
  }

  take(): IsolatedProcess {
    let taken = this.#idle.pop()
    while (taken && !taken.idle) taken = this.#idle.pop()
    taken ??= new IsolatedProcess()
    this.#taken.add(taken)
    return taken
  }

  /** Takes one back; one that is still busy with what nobody waits for is ended. */
  give(taken: IsolatedProcess): void {
    this.#taken.delete(taken)
    if (taken.idle) this.#idle.push(taken)
    else taken.end()
  }
}

export const isolation = new Isolation()
