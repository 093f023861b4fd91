/** Drones that the service grows, one at a time, each in a thread of its own; what is known of the latest one stays. */
import { randomBytes } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import { Failure } from './failure.ts'
import type { Grown, GrowOrder, JobMessage, JobState, ShortEpoch, Told } from './grow-messages.ts'

/** Beside the modules of the built toolkit. */
const PROGRAM = new URL('./growing.js', import.meta.url)

/** Milliseconds between two messages to somebody who looks on. */
const PACE = 100

/** Messages of a job that are kept. */
const NOTICES = 20

export class Jobs {
  #job: JobState | undefined
  #epochs: ShortEpoch[] = []
  #grown: Grown | undefined
  #worker: Worker | undefined
  readonly #listeners = new Set<() => void>()

  get job(): JobState | undefined {
    return this.#job
  }

  /** Of the latest job, once it is done. @throws Failure 404 */
  get grown(): Grown {
    if (!this.#grown) throw new Failure(404, 'no drone has been grown yet')
    return this.#grown
  }

  /** @throws Failure 409 where one is being grown already */
  start(order: GrowOrder, names: { teacher: string; events: string }): JobState {
    if (this.#worker) throw new Failure(409, 'a drone is being grown already; stop it, or wait for its end')
    const id = randomBytes(6).toString('hex')
    const job: JobState = {
      id,
      state: 'running',
      ...names,
      options: order.options,
      stage: 'reading',
      done: 0,
      notices: [],
    }
    this.#job = job
    this.#epochs = []
    this.#grown = undefined
    const worker = new Worker(PROGRAM, { workerData: order })
    this.#worker = worker
    // A service that ends does not wait for it.
    worker.unref()
    // A path of this machine is nobody's business.
    const named = (text: string) => text.replaceAll(order.teacher, names.teacher).replaceAll(order.events, names.events)
    worker.on('message', (told: Told) => this.#hear(job, told, named))
    worker.on('error', (error) => this.#fail(job, `the thread that grows it failed: ${error.message}`))
    worker.on('exit', (code) => {
      this.#worker = undefined
      if (job.state === 'running' || job.state === 'stopping')
        this.#fail(job, `the thread that grows it ended (${code})`)
    })
    this.#changed()
    return job
  }

  #hear(job: JobState, told: Told, named: (text: string) => string): void {
    if (told.what === 'notice') {
      if (job.notices.length < NOTICES) job.notices.push(named(told.text))
    } else if (told.what === 'failed') {
      this.#fail(job, named(told.message))
    } else if (told.what === 'done') {
      const { document: _, report: __, ...grown } = told.grown
      this.#grown = told.grown
      Object.assign(job, { state: 'done', grown })
    } else {
      const { stage, done, total, epoch } = told
      Object.assign(job, { stage, done, total })
      if (epoch) this.#epochs.push(epoch)
    }
    this.#changed()
  }

  #fail(job: JobState, message: string): void {
    if (job.state === 'failed' || job.state === 'done') return
    Object.assign(job, { state: 'failed', message })
    this.#changed()
  }

  /** Ends the training with the best drone so far; asked again, it ends at once, with nothing. */
  stop(): void {
    const job = this.#job
    if (!job || !this.#worker) throw new Failure(409, 'no drone is being grown')
    if (job.state === 'stopping') void this.#worker.terminate()
    else {
      job.state = 'stopping'
      this.#worker.postMessage('stop')
    }
    this.#changed()
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }

  /** Server-sent events: the job as it is, and then whatever changes. */
  stream(signal: AbortSignal): ReadableStream<Uint8Array> {
    const encoder = new TextEncoder()
    let timer: NodeJS.Timeout | undefined
    let pulse: NodeJS.Timeout | undefined
    let listener = () => {}
    let [id, told]: [string | undefined, number] = [undefined, 0]
    const end = () => {
      this.#listeners.delete(listener)
      clearTimeout(timer)
      clearInterval(pulse)
    }
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        const send = () => {
          timer = undefined
          if (this.#job?.id !== id) [id, told] = [this.#job?.id, 0]
          const message: JobMessage = { job: this.#job ?? null, from: told, epochs: this.#epochs.slice(told) }
          told = this.#epochs.length
          controller.enqueue(encoder.encode(`data: ${JSON.stringify(message)}\n\n`))
        }
        listener = () => {
          timer ??= setTimeout(send, PACE).unref()
        }
        this.#listeners.add(listener)
        signal.addEventListener('abort', end)
        // A connection that is gone is found by writing to it.
        pulse = setInterval(() => controller.enqueue(encoder.encode(':\n\n')), 15_000).unref()
        send()
      },
      cancel: end,
    })
  }
}
