/** Pulls messages ahead of who takes them: as many as he takes in half a second, so that others get the rest. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream'
import type { AtOnce } from '../../at-once.ts'
import { pause } from './connection.ts'

/** Seconds that what was pulled lasts. */
const AHEAD = 0.5

/** What is pulled before anything was measured, and the most bytes. */
const [FIRST, MOST_BYTES] = [8, 1 << 24]

/** Milliseconds after which a pull that was not filled is made again, and between two measurements of the pace. */
const [EXPIRES, MEASURED] = [5000, 200]

export class Pull {
  readonly #consumer: Consumer
  /** The most messages that may be ahead. */
  readonly #most: number
  readonly #onError: (error: unknown) => void
  readonly #came: JsMsg[] = []
  /** The first of them that is not taken. */
  #first = 0
  /** Asked for, and not there yet. */
  #asked = 0
  #ahead = FIRST
  /** Whether nothing was there to take since a pull ended, and whether that pull had got all that it asked for. */
  #waited = false
  #hungry = false
  #taken = 0
  #bytes = 0
  #since = performance.now()
  #ended = false
  #wake = () => {}
  /** Those under way, each with its end. */
  readonly #pulls = new Map<ConsumerMessages, Promise<void>>()
  /** Pulls that failed in a row. */
  #failures = 0

  /** @param onError is told of a pull that failed; it is made again */
  constructor(consumer: Consumer, most: number, onError: (error: unknown) => void) {
    this.#consumer = consumer
    this.#most = most
    this.#onError = onError
  }

  /** The next message, at once where one is there; undefined once the signal has aborted. */
  next(signal: AbortSignal): AtOnce<JsMsg | undefined> {
    if (signal.aborted || this.#ended) return undefined
    this.#refill()
    return this.#first < this.#came.length ? this.#take() : this.#coming(signal)
  }

  /** The next message, once there is one. */
  async #coming(signal: AbortSignal): Promise<JsMsg | undefined> {
    const wake = () => this.#wake()
    signal.addEventListener('abort', wake)
    try {
      while (this.#first === this.#came.length) {
        this.#waited = true
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
        if (signal.aborted || this.#ended) return undefined
        this.#refill()
      }
      return this.#take()
    } finally {
      signal.removeEventListener('abort', wake)
    }
  }

  /** Ends the pulling, and gives back what came and was not taken. */
  async end(): Promise<void> {
    this.#ended = true
    this.#wake()
    for (const pull of this.#pulls.keys()) pull.stop()
    await Promise.all(this.#pulls.values())
    for (const message of this.#came.splice(this.#first)) message.nak()
  }

  /** What came and was not taken. */
  get waiting(): readonly JsMsg[] {
    return this.#came.slice(this.#first)
  }

  #take(): JsMsg {
    const message = this.#came[this.#first++]!
    this.#taken++
    this.#bytes += message.data.length
    if (this.#first === this.#came.length || this.#first >= 4096) {
      this.#came.splice(0, this.#first)
      this.#first = 0
    }
    return message
  }

  #refill(): void {
    this.#measure()
    const there = this.#came.length - this.#first + this.#asked
    if (there > this.#ahead / 2) return
    void this.#pull(Math.max(1, Math.ceil(this.#ahead - there)))
  }

  #measure(): void {
    const seconds = (performance.now() - this.#since) / 1000
    if (seconds * 1000 < MEASURED || this.#taken === 0) return
    const size = Math.max(1, this.#bytes / this.#taken)
    // Who had to wait, though the broker had more, would take more than he was given.
    const wanted = this.#hungry ? 2 * this.#ahead : Math.max(1, (AHEAD * this.#taken) / seconds)
    this.#hungry = false
    this.#ahead = Math.max(1, Math.min(wanted, this.#most, MOST_BYTES / size))
    this.#taken = this.#bytes = 0
    this.#since = performance.now()
  }

  async #pull(count: number): Promise<void> {
    this.#asked += count
    let left = count
    try {
      const messages = await this.#consumer.fetch({ max_messages: count, expires: EXPIRES })
      await this.#during(messages, async () => {
        for await (const message of messages) {
          if (left > 0) this.#asked--
          left = Math.max(0, left - 1)
          if (this.#ended) message.nak()
          else this.#came.push(message)
          this.#wake()
        }
      })
      this.#failures = 0
      this.#hungry ||= left === 0 && this.#waited
      this.#waited = false
    } catch (error) {
      if (!this.#ended) {
        this.#onError(error)
        await sleep(pause(this.#failures++))
      }
    }
    this.#asked -= left
    this.#wake()
  }

  /** Keeps the pull among those that are stopped at the end. */
  async #during(messages: ConsumerMessages, work: () => Promise<void>): Promise<void> {
    const done = work()
    const settled = done.catch(() => {})
    this.#pulls.set(messages, settled)
    if (this.#ended) messages.stop()
    try {
      await done
    } finally {
      this.#pulls.delete(messages)
    }
  }
}
