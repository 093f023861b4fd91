/**
 * Models that run other people's code: in a process of their own, where they can be stopped, and whose death is one clear
 * line. Whatever they do, this process goes on hearing signals.
 */
import type { Numbers } from 'nndrone'
import { InputError } from '../errors.ts'
import type { ModelId, ModelOutline } from '../isolation/models.ts'
import { type Calls, Death, type IsolatedProcess, isolation, type Limits, UNLIMITED } from '../isolation/process.ts'
import { concatenated } from './answers.ts'
import type { Description, Model, ModelFile, ReadOptions } from './model.ts'
import type { ModelTimes } from './timing.ts'

export interface Elsewhere {
  /** By which the other process knows how to read it. */
  id: ModelId
  /** As messages name what runs there. */
  who: string
  /** What it may take until it can be asked; undefined for code of the user's own, which may take what it likes. */
  opening?: Limits
}

/** Events that are sent at once, while others are answered. */
const PIECE = 2048

/** By how much there are fewer where those took too much memory. */
const FEWER = 8

/** How many times as long as a first event another may take, and seconds that are not worth a question. */
const PATIENCE = 20
const QUICK = 1e-3

/** @throws InputError as it was thrown there, or that says how the process died */
export async function openElsewhere(file: ModelFile, options: ReadOptions, elsewhere: Elsewhere): Promise<Model> {
  const host = new Host(file, options, elsewhere)
  return new ModelElsewhere(file, host, await host.start())
}

class ModelElsewhere implements Model {
  readonly file: ModelFile
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly optional: ReadonlySet<string>
  readonly unnamed: boolean | undefined
  readonly unscaled: true | undefined
  readonly #float32: boolean
  readonly #description: Description
  readonly #host: Host

  constructor(file: ModelFile, host: Host, outline: ModelOutline) {
    this.file = file
    this.inputs = outline.inputs
    this.outputs = outline.outputs
    this.optional = outline.optional
    this.unnamed = outline.unnamed
    this.unscaled = outline.unscaled
    this.#float32 = outline.float32 ?? false
    this.#description = outline.description
    this.#host = host
  }

  predictBatch(events: Numbers): Promise<Float32Array> {
    // Half of the bytes, where the model would round the numbers itself.
    return this.#host.answers(this.#float32 ? Float32Array.from(events) : events, this.inputs.length)
  }

  time(events: Float64Array, duration: number): Promise<ModelTimes> {
    return this.#host.call('timeModel', [events, duration], UNLIMITED)
  }

  describe(): Description {
    return this.#description
  }

  close(): Promise<void> {
    return this.#host.end()
  }
}

/** A model's process. */
class Host {
  readonly #file: ModelFile
  readonly #options: ReadOptions
  readonly #elsewhere: Elsewhere
  #process!: IsolatedProcess
  #piece: number
  /** Of the processor, for an event. */
  #seconds = 0

  constructor(file: ModelFile, options: ReadOptions, elsewhere: Elsewhere) {
    this.#file = file
    this.#options = options
    this.#elsewhere = elsewhere
    this.#piece = elsewhere.opening ? PIECE : Number.POSITIVE_INFINITY
  }

  async start(): Promise<ModelOutline> {
    const { id, opening } = this.#elsewhere
    this.#process = opening ? isolation.take() : isolation.takeOwn()
    try {
      const outline = await this.call('openModel', [id, this.#file, this.#options], opening ?? UNLIMITED)
      if (opening) this.#seconds = await this.call('secondsOfOne', [], opening)
      return outline
    } catch (error) {
      await this.end()
      throw error
    }
  }

  /** Where so many events took too much memory, a new process is asked about fewer at once. */
  async answers(events: Numbers, width: number): Promise<Float32Array> {
    const asked = this.#process
    try {
      return await this.#inPieces(events, width)
    } catch (error) {
      const { cause } = error as Error
      const many = Math.min(this.#piece, events.length / width) > 1
      if (!(cause instanceof Death && cause.ofMemory && many)) throw error
      if (asked === this.#process) {
        this.#piece = Math.ceil(this.#piece / FEWER)
        isolation.end(asked)
        await this.start()
      }
      return this.answers(events, width)
    }
  }

  async #inPieces(events: Numbers, width: number): Promise<Float32Array> {
    const ask = (from: number) => this.#ask(events.subarray(from * width, (from + this.#piece) * width), width)
    const count = events.length / width
    if (count <= this.#piece) return ask(0)
    const parts: Float32Array[] = []
    let next = ask(0)
    for (let from = this.#piece; from < count; from += this.#piece) {
      const answered = next
      next = ask(from)
      // Where one fails, nobody asks about the other.
      next.catch(() => {})
      parts.push(await answered)
    }
    parts.push(await next)
    return concatenated(Float32Array, parts)
  }

  #ask(events: Numbers, width: number): Promise<Float32Array> {
    const { opening } = this.#elsewhere
    const allowed = (events.length / width) * Math.max(QUICK, PATIENCE * this.#seconds)
    const limits = opening ? { ...opening, seconds: opening.seconds + allowed } : UNLIMITED
    return this.call('answer', [events], limits)
  }

  /** @throws InputError as it was thrown there, or that says how the process died */
  async call<Name extends keyof Calls>(
    name: Name,
    args: Parameters<Calls[Name]>,
    limits: Limits,
  ): Promise<Awaited<ReturnType<Calls[Name]>>> {
    try {
      return await this.#process.call(name, args, limits)
    } catch (error) {
      if (!(error instanceof Death)) throw error
      throw Object.assign(new InputError(`${this.#file.path}: ${this.#elsewhere.who} ${error.message}`), {
        cause: error,
      })
    }
  }

  /** Where it still works and waits, others may use it. */
  async end(): Promise<void> {
    if (!this.#elsewhere.opening || !this.#process.idle) return isolation.end(this.#process)
    await this.#process.call('closeModel', [], this.#elsewhere.opening).catch(() => {})
    isolation.give(this.#process)
  }
}
