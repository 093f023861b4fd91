/**
 * A pool of workers for when one core is not enough: batches of events in, scores out, through memory that is shared.
 * For Node, Deno and Bun, which all have `node:worker_threads`.
 */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { EngineName, Numbers } from '../bindings/engines/api.ts'
import { ConfigurationError, DroneError, EvaluationError, shown } from '../bindings/errors.ts'
import { checkBatch } from '../bindings/events.ts'
import type { EventStream } from '../bindings/host.ts'
import { checkOptions, type OptionTypes } from '../bindings/options.ts'
import { NEEDED } from './needed.ts'
import { type Answer, type Slot, type Start, slotBytes, slotsIn, type Task } from './slots.ts'

/** As it is built: not every runtime starts workers from TypeScript. */
const WORKER = new URL(import.meta.url.endsWith('.ts') ? '../dist/pool-worker.js' : './pool-worker.js', import.meta.url)

/** Slots of a worker: for the piece at work, and for the next one, which waits. */
const SLOTS = 2
/** Of a slot: room for 10,000 events of a drone of six inputs, or for 200 of a swarm of 600 drones. */
const SLOT_BYTES = 2 ** 19
/** A batch is not cut into smaller pieces, since each costs two messages. */
const FEWEST_EVENTS = 64

/** What a pool can run: a `Drone` or a `Swarm`, as it is when the pool starts. */
export interface Scorer {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly engine: EngineName
  toJSON(): unknown
}

export interface PoolOptions {
  /** By default as many as the machine runs at once. */
  workers?: number
}

const OPTIONS: OptionTypes<PoolOptions> = { workers: '' }

/** A part of a batch: `count` events [× inputs], room for their scores [× outputs], and who waits for them. */
interface Piece {
  count: number
  events: Numbers
  scores: Float32Array
  resolve(): void
  reject(error: Error): void
}

/** A worker with its slots, and the pieces that lie in them. */
interface PoolWorker {
  thread: Worker
  slots: Slot[]
  pieces: (Piece | undefined)[]
}

/**
 * Workers that score batches.
 * @example
 * const pool = await Pool.start(drone, { workers: 4 })
 * const scores = await pool.predictBatch(events)
 * await pool.dispose()
 */
export class Pool {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly workers: number
  readonly #workers: PoolWorker[] = []
  readonly #queue: Piece[] = []
  /** Events that fit in a slot. */
  readonly #most: number
  /** Why nothing can be asked any more. */
  #end: Error | undefined

  private constructor(scorer: Scorer, workers: number) {
    this.inputs = [...scorer.inputs]
    this.outputs = [...scorer.outputs]
    this.workers = workers
    this.#most = Math.max(1, Math.floor(SLOT_BYTES / (this.inputs.length * 8 + this.outputs.length * 4)))
  }

  /**
   * Starts the workers, each with a copy of the drone or the swarm.
   * @throws ConfigurationError on anything else, where a worker cannot build its copy, and where the host has no workers
   * @example const pool = await Pool.start(drone, { workers: 4 })
   */
  static async start(scorer: Scorer, options: PoolOptions = {}): Promise<Pool> {
    if (typeof Worker !== 'function' || typeof SharedArrayBuffer !== 'function') throw new ConfigurationError(NEEDED)
    checkOptions('Pool.start', options, OPTIONS)
    const { workers = availableParallelism() } = options
    if (typeof scorer?.toJSON !== 'function') {
      throw new ConfigurationError(`pool: ${shown(scorer)}, expected a drone or a swarm`)
    }
    if (!Number.isInteger(workers) || workers < 1) {
      throw new ConfigurationError(`workers: ${shown(workers)}, expected a whole number from 1`)
    }
    const pool = new Pool(scorer, workers)
    const { engine } = scorer
    const document = JSON.stringify(scorer)
    try {
      await Promise.all(Array.from({ length: workers }, () => pool.#startWorker(document, engine)))
    } catch (error) {
      await pool.dispose()
      throw error
    }
    return pool
  }

  /**
   * Scores many events: [events × inputs] one after the other → [events × outputs], each with the bits that it would
   * have without a pool. Batches that are asked for while others are at work wait for their turn; what is shared with
   * the workers does not grow. The events must stay as they are until the scores are there.
   * @param out room for the scores; by default new
   * @throws EvaluationError where lengths do not fit, where the memory of either is transferred meanwhile, and after `dispose`
   * @example const scores = await pool.predictBatch(new Float64Array(100_000 * pool.inputs.length))
   */
  async predictBatch(events: Numbers, out?: Float32Array): Promise<Float32Array> {
    if (this.#end) throw this.#end
    for (const [name, numbers] of Object.entries({ events, out })) if (isTransferred(numbers)) throw transferred(name)
    const { count, scores } = checkBatch(events, this.inputs, this.outputs.length, out)
    if (scores.length === 0) return scores
    const [inputs, outputs] = [this.inputs.length, this.outputs.length]
    const size = Math.min(this.#most, Math.max(FEWEST_EVENTS, Math.ceil(count / this.workers)))
    const pieces: Promise<void>[] = []
    for (let first = 0; first < count; first += size) {
      const last = Math.min(count, first + size)
      const done = new Promise<void>((resolve, reject) => {
        const part = {
          count: Math.min(size, count - first),
          events: events.subarray(first * inputs, last * inputs),
          scores: scores.subarray(first * outputs, last * outputs),
        }
        this.#queue.push({ ...part, resolve, reject })
      })
      pieces.push(done)
    }
    this.#assign()
    await Promise.all(pieces)
    return scores
  }

  /**
   * A stream that scores batches: events in, scores out, in the same order. At most twice as many batches as there are
   * workers are under way; a batch that cannot be scored ends the stream with its error.
   * @example for await (const scores of batches.pipeThrough(pool.transform())) console.log(scores.length)
   */
  transform(): EventStream<Numbers, Float32Array> {
    const underway: Promise<void>[] = []
    return new TransformStream<Numbers, Float32Array>({
      transform: async (events, controller) => {
        const scores = this.predictBatch(events)
        const earlier = underway.at(-1)
        const send = async () => {
          const [, answer] = await Promise.all([earlier, scores])
          controller.enqueue(answer)
        }
        const sent = send()
        sent.catch((error) => controller.error(error))
        underway.push(sent)
        if (underway.length === 2 * this.workers) await underway.shift()
      },
      flush: async () => {
        await underway.at(-1)
      },
    })
  }

  /**
   * Ends the workers. What is at work or waits is rejected, and so is all that is asked for later.
   * @example await pool.dispose()
   */
  async dispose(): Promise<void> {
    this.#stop(new EvaluationError('this pool was disposed'))
    await Promise.all(this.#workers.map(({ thread }) => thread.terminate()))
  }

  /** As `dispose`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose()
  }

  /** Starts a worker; resolves once it has built its copy. */
  #startWorker(document: string, engine: EngineName): Promise<void> {
    const inputs = this.inputs.length
    const outputs = this.outputs.length
    const events = this.#most
    const memory = new SharedArrayBuffer(SLOTS * slotBytes(events, inputs, outputs))
    const start: Start = { document, engine, memory, events, inputs, outputs }
    const thread = new Worker(WORKER, { workerData: start })
    const worker: PoolWorker = { thread, slots: slotsIn(start), pieces: new Array(SLOTS).fill(undefined) }
    this.#workers.push(worker)
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => {
        reject(error)
        this.#stop(error)
      }
      thread.on('error', (error) => fail(new DroneError(`a worker failed: ${error.message}`, { cause: error })))
      thread.on('exit', (code) => fail(new DroneError(`a worker ended by itself, with exit code ${code}`)))
      thread.once('message', (first: Answer) => {
        if (first.error) return fail(revived(first.error))
        thread.on('message', (answer: Answer) => this.#finish(worker, answer))
        // A pool that nobody waits for keeps no process alive.
        thread.unref()
        resolve()
      })
    })
  }

  /** Puts pieces into free slots: first into those of the worker that has the least to do. */
  #assign(): void {
    while (this.#queue.length > 0) {
      const free = ({ pieces }: PoolWorker) => pieces.filter((piece) => piece === undefined).length
      const worker = this.#workers.reduce((most, other) => (free(other) > free(most) ? other : most))
      const at = worker.pieces.indexOf(undefined)
      if (at < 0) return
      const piece = this.#queue.shift()!
      if (piece.events.length !== piece.count * this.inputs.length) {
        piece.reject(transferred('events'))
        continue
      }
      worker.pieces[at] = piece
      worker.slots[at]!.events.set(piece.events)
      worker.thread.ref()
      const task: Task = { slot: at, count: piece.count }
      worker.thread.postMessage(task)
    }
  }

  #finish(worker: PoolWorker, { slot, error }: Answer): void {
    const piece = worker.pieces[slot]
    if (!piece) return
    worker.pieces[slot] = undefined
    if (worker.pieces.every((other) => other === undefined)) worker.thread.unref()
    if (error) {
      piece.reject(revived(error))
    } else if (piece.scores.length !== piece.count * this.outputs.length) {
      piece.reject(transferred('out'))
    } else {
      piece.scores.set(worker.slots[slot]!.scores.subarray(0, piece.scores.length))
      piece.resolve()
    }
    this.#assign()
  }

  /** Rejects everything, from now on, for one reason: the first. */
  #stop(reason: Error): void {
    if (this.#end) return
    this.#end = reason
    const pieces = [...this.#workers.flatMap(({ pieces }) => pieces.splice(0)), ...this.#queue.splice(0)]
    for (const piece of pieces) piece?.reject(reason)
    for (const { thread } of this.#workers) thread.terminate()
  }
}

/** Whether the memory of an array is elsewhere: it then has no length. */
function isTransferred(numbers: Numbers | undefined): boolean {
  if (numbers?.length !== 0 || !(numbers.buffer instanceof ArrayBuffer)) return false
  try {
    new Uint8Array(numbers.buffer)
    return false
  } catch {
    return true
  }
}

function transferred(name: string): EvaluationError {
  return new EvaluationError(`${name}: its memory was transferred elsewhere before the pool was done with it`)
}

/** An error as the worker had it: classes do not survive a message. */
function revived({ name, message }: NonNullable<Answer['error']>): DroneError {
  if (name === 'ConfigurationError') return new ConfigurationError(message)
  if (name === 'EvaluationError') return new EvaluationError(message)
  return new DroneError(`a worker failed: ${message}`)
}
