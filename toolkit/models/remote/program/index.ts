/**
 * A program as a teacher. It runs once, reads events on its standard input and writes answers on its standard output, in
 * their order, each as soon as it can: it has to flush what it writes.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { basename } from 'node:path'
import type { Numbers } from 'nndrone'
import { InputError } from '../../../errors.ts'
import { clearAtEnd } from '../../../isolation/clearing.ts'
import { checkedAnswer } from '../../answers.ts'
import type { Description, Model, Origin } from '../../model.ts'
import { FORMATS, type ProgramFormat } from './formats.ts'

export interface ProgramOptions {
  inputs: readonly string[]
  outputs: readonly string[]
  format: ProgramFormat
  /** Seconds that it may take for a batch. */
  timeout: number
}

/** Events that it is asked before it has answered. */
const BATCH = 1024

/** Characters of its standard error that are kept. */
const LAST_WORDS = 2000

/** Milliseconds that it has to end by itself, and then after SIGTERM; where we end ourselves there is less time. */
const PATIENCE = 2000
const GRACE = 1000
const LAST_GRACE = 100

export function openProgram(command: string, options: ProgramOptions): Model {
  if (command.trim() === '')
    throw new InputError('the command of the teacher is empty, expected a program and its arguments')
  return new ProgramModel(command, options)
}

/** A batch that is being answered. */
interface Batch {
  answers: Float32Array
  length: number
  resolve: () => void
  reject: (error: unknown) => void
}

class ProgramModel implements Model {
  readonly file: Origin
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly optional: ReadonlySet<string> = new Set()
  readonly #options: ProgramOptions
  readonly #child: ChildProcessWithoutNullStreams
  readonly #decode: (bytes: Buffer) => unknown[]
  readonly #ended: Promise<void>
  readonly #kill = () => endAtOnce(this.#child)
  #killing: NodeJS.Timeout | undefined
  #turn: Promise<unknown> = Promise.resolve()
  #batch: Batch | undefined
  /** Answers so far. */
  #answered = 0
  #failure: InputError | undefined
  #lastWords = ''
  readonly #cleared: () => void

  constructor(command: string, options: ProgramOptions) {
    this.file = { path: programName(command) }
    this.inputs = options.inputs
    this.outputs = options.outputs
    this.#options = options
    this.#decode = FORMATS[options.format].decoder(options.outputs)
    // Python would keep its answers back.
    const env = { ...process.env, PYTHONUNBUFFERED: '1' }
    // A group of its own: an interruption is ours to handle, and it ends with all that it started.
    this.#child = spawn(command, { shell: true, detached: process.platform !== 'win32', env })
    this.#ended = this.#listen()
    // It must not keep us from ending, nor outlive us.
    for (const handle of this.#handles()) handle.unref()
    this.#cleared = clearAtEnd(this.#kill)
  }

  #handles(): { ref(): void; unref(): void }[] {
    const { stdin, stdout, stderr } = this.#child
    return [this.#child, ...([stdin, stdout, stderr] as unknown as Socket[])]
  }

  /** One batch after the other, whoever asks. */
  predictBatch(events: Numbers): Promise<Float32Array> {
    const answers = this.#turn.then(() => this.#ask(events))
    this.#turn = answers.catch(() => {})
    return answers
  }

  async #ask(events: Numbers): Promise<Float32Array> {
    const width = this.inputs.length
    const height = this.outputs.length
    const answers = new Float32Array((events.length / width) * height)
    for (let from = 0; from * width < events.length; from += BATCH) {
      const asked = events.subarray(from * width, (from + BATCH) * width)
      await this.#askBatch(asked, answers.subarray(from * height, (from + BATCH) * height))
    }
    return answers
  }

  async #askBatch(events: Numbers, answers: Float32Array): Promise<void> {
    if (this.#failure) throw this.#failure
    const { timeout, format } = this.#options
    const late = () => this.#fail(`no answer within ${timeout} s; does it flush what it writes?`)
    const timer = setTimeout(late, 1000 * timeout)
    try {
      await new Promise<void>((resolve, reject) => {
        this.#batch = { answers, length: 0, resolve, reject }
        this.#child.stdin.write(FORMATS[format].encode(events, this.inputs))
      })
    } finally {
      clearTimeout(timer)
      this.#batch = undefined
    }
    // More answers than events came with the last one.
    if (this.#failure) throw this.#failure
  }

  #listen(): Promise<void> {
    const { stdin, stdout, stderr } = this.#child
    // Why it reads no more is said when it has ended.
    stdin.on('error', () => {})
    stdout.on('data', (bytes: Buffer) => this.#take(bytes))
    stderr.on('data', (bytes: Buffer) => {
      this.#lastWords = (this.#lastWords + bytes.toString()).slice(-LAST_WORDS)
    })
    return new Promise((resolve) => {
      this.#child.on('error', (error) => this.#fail(`cannot be started: ${error.message}`))
      this.#child.on('close', (code, signal) => {
        this.#fail(`ended with ${signal ?? `exit code ${code}`} after ${this.#answered} answers`)
        clearTimeout(this.#killing)
        resolve()
      })
    })
  }

  #take(bytes: Buffer): void {
    try {
      for (const answer of this.#decode(bytes)) this.#receive(answer)
    } catch (error) {
      this.#fail((error as Error).message)
    }
  }

  #receive(answer: unknown): void {
    const batch = this.#batch
    if (!batch) throw new Error(`more answers than events, after ${this.#answered}`)
    const outputs = this.outputs.length
    const number = this.#answered * outputs + (batch.length % outputs)
    batch.answers[batch.length] = checkedAnswer('answer', answer, number, this.outputs)
    batch.length++
    if (batch.length % outputs === 0) this.#answered++
    if (batch.length === batch.answers.length) {
      this.#batch = undefined
      batch.resolve()
    }
  }

  #fail(reason: string): void {
    if (this.#failure) return
    const words = this.#lastWords.trimEnd().split('\n').slice(-10).join('\n  ')
    this.#failure = new InputError(`${this.file.path}: ${reason}${words && `; its last words:\n  ${words}`}`)
    this.#batch?.reject(this.#failure)
    this.#end()
  }

  async close(): Promise<void> {
    this.#failure ??= new InputError(`${this.file.path}: was ended`)
    for (const handle of this.#handles()) handle.ref()
    this.#child.stdin.end()
    const timer = setTimeout(() => this.#end(), PATIENCE)
    await this.#ended
    clearTimeout(timer)
    this.#cleared()
  }

  /** By SIGTERM, and by SIGKILL where it does not listen. Whoever has left its group and holds its output is let go. */
  #end(): void {
    send(this.#child, 'SIGTERM')
    this.#killing ??= setTimeout(() => {
      send(this.#child, 'SIGKILL')
      for (const stream of [this.#child.stdout, this.#child.stderr]) stream.destroy()
    }, GRACE)
  }

  describe(): Description {
    const { format } = this.#options
    return { format: 'program', command: this.file.path, events: format, inputs: this.inputs, outputs: this.outputs }
  }
}

/** The name of the program that a command runs: whatever else a command holds may be a secret. */
function programName(command: string): string {
  const settings = /^\s*(?:\w+=(?:'[^']*'|"(?:\\.|[^"\\$`])*"|\\.|[^\s'"\\$`()])*\s+)*/
  const word = /^(?:'([^']*)'|"([^"]*)"|([^\s;&|<>()]+))/.exec(command.replace(settings, ''))
  const name = basename(word?.slice(1).find((text) => text !== undefined) ?? '')
  return /^[\w.+-]+$/.test(name) ? name : 'the program'
}

/** Sends a signal to it and to all that it started, where processes have groups. */
function send(child: ChildProcessWithoutNullStreams, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    if (process.platform === 'win32') child.kill(signal)
    else if (child.pid !== undefined) process.kill(-child.pid, signal)
  } catch {
    // It has ended.
  }
}

/** Where this process ends, and can wait for no event. */
function endAtOnce(child: ChildProcessWithoutNullStreams): void {
  send(child, 'SIGTERM')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LAST_GRACE)
  send(child, 'SIGKILL')
}
