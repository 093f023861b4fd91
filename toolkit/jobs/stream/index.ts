/** Scores the messages of a broker as they come: each is answered, or set aside with the reason, and then ended. */
import { setImmediate as turn } from 'node:timers/promises'
import type { Teacher } from 'nndrone'
import { andThen } from '../../at-once.ts'
import type { Answer, Broker, Message, Refusal } from '../../brokers/broker.ts'
import { InputError } from '../../errors.ts'
import type { Model } from '../../models/index.ts'
import type { JobOptions } from '../job.ts'
import { type ScoredMessage, Scorer, type ScorerOptions, type VersionedModel } from './scorer.ts'
import { versioned } from './version.ts'

export { checkScoring, type ScoredMessage, type VersionedModel } from './scorer.ts'

/** What becomes of an event that cannot be scored: it is set aside by the broker, ends the job, or is left out. */
export const ON_ERROR = ['dead', 'fail', 'skip'] as const

export interface ScoreMessagesOptions extends Omit<JobOptions, 'onProgress'>, ScorerOptions {
  broker: Broker
  /** A drone, or any other model; as a version where its name and hash are known. */
  model: Teacher | Model | VersionedModel
  /** Calls `swap` with a newer version whenever there is one; messages that come later are scored by it. */
  follow?(swap: (next: VersionedModel) => void): void
  onError?: (typeof ON_ERROR)[number]
  /** How many messages are on their way to be stored at most, and their bytes. */
  inFlight?: { messages: number; bytes: number }
  /** Is told of each message once it is scored. */
  onScored?(scored: ScoredMessage, version: VersionedModel): void
}

/** What was done by now. */
export interface StreamCounts {
  messages: number
  events: number
  scored: number
  passed: number
  refused: number
}

const IN_FLIGHT = { messages: 1024, bytes: 1 << 24 }

/** Messages may come and be answered at once: timers and signals have their turn after so many milliseconds. */
const LONGEST = 20

/**
 * Scores messages until the broker has no more, or `signal` aborts: then those that have come are finished.
 * @throws UsageError where options do not fit, InputError where an event cannot be scored and that is to end the job;
 * whatever the broker throws
 * @example
 * const counts = await scoreMessages({ broker, model: drone, keep: ['all'] })
 * console.log(counts.messages, counts.scored, counts.refused)
 */
export async function scoreMessages(options: ScoreMessagesOptions): Promise<StreamCounts> {
  return new MessageScoring(options).run()
}

class MessageScoring {
  readonly #options: ScoreMessagesOptions
  readonly #limit: { messages: number; bytes: number }
  readonly #counts: StreamCounts = { messages: 0, events: 0, scored: 0, passed: 0, refused: 0 }
  /** Messages that are being stored, and their bytes. */
  #pending = 0
  #bytes = 0
  /** Is called when one of them is stored. */
  #onStored = () => {}
  #current: { scorer: Scorer; model: VersionedModel }
  /** What ended the job, if something did. */
  #failure: unknown
  readonly #failed = new AbortController()

  constructor(options: ScoreMessagesOptions) {
    this.#options = options
    this.#limit = options.inFlight ?? IN_FLIGHT
    this.#current = this.#opened(versioned(options.model))
  }

  async run(): Promise<StreamCounts> {
    const { broker, follow, signal } = this.#options
    // The new version is whole before it takes the place of the old one, which stays where it cannot.
    follow?.((next) => {
      this.#current = this.#opened(next)
    })
    const ended = signal ? AbortSignal.any([signal, this.#failed.signal]) : this.#failed.signal
    try {
      let turned = performance.now()
      for (;;) {
        // Messages that are already there are sent on together: a wait between them would send each by itself.
        const coming = broker.next(ended)
        const message = coming instanceof Promise ? await coming : coming
        if (!message) break
        const taken = this.#take(message)
        if (taken) await taken
        if (performance.now() - turned < LONGEST) continue
        await turn()
        turned = performance.now()
      }
    } catch (error) {
      this.#fail(error)
    }
    while (this.#pending > 0) await this.#stored()
    await broker.close()
    if (this.#failure !== undefined) throw this.#failure
    return this.#counts
  }

  #opened(model: VersionedModel) {
    return { scorer: new Scorer(model, this.#options), model }
  }

  /** Scores a message, and lets it be stored while the next ones come; the promise of that where it takes time. */
  #take(message: Message): Promise<void> | undefined {
    const { scorer, model } = this.#current
    return andThen(scorer.score(message), (scored) => this.#send(message, scored, model)) as Promise<void> | undefined
  }

  /** @returns the promise of room for more, where there is none */
  #send(message: Message, scored: ScoredMessage, model: VersionedModel): Promise<void> | undefined {
    this.#checkRefusals(message, scored.refusals)
    this.#options.onScored?.(scored, model)
    const size = message.body.length
    this.#bytes += size
    this.#pending++
    void this.#store(message, scored)
      .catch((error) => this.#fail(error))
      .finally(() => {
        this.#pending--
        this.#bytes -= size
        this.#onStored()
      })
    return this.#isFull ? this.#room() : undefined
  }

  get #isFull(): boolean {
    const { messages, bytes } = this.#limit
    return this.#pending >= messages || (this.#bytes > bytes && this.#pending > 1)
  }

  async #room(): Promise<void> {
    while (this.#isFull) await this.#stored()
  }

  /** Resolves when one more message is stored. */
  #stored(): Promise<void> {
    return new Promise((resolve) => {
      this.#onStored = resolve
    })
  }

  #checkRefusals(message: Message, [first]: readonly Refusal[]): void {
    if (this.#options.onError !== 'fail' || !first) return
    throw new InputError(`${message.name}${placeOf(first)}: ${first.reason}`)
  }

  async #store(message: Message, { answer, refusals, events, scored, passed }: ScoredMessage): Promise<void> {
    const { broker, onError } = this.#options
    const refused = (answer && (await broker.answer(message, answer))) ?? undefined
    if (onError === 'skip') this.#tellFirst(message, refusals)
    else {
      for (const refusal of agreed(message, answer, refusals, refused)) await broker.refuse(message, refusal)
    }
    await broker.done(message, scored > 0)
    const counts = this.#counts
    counts.messages++
    counts.events += events
    counts.scored += scored
    counts.passed += passed
    counts.refused += refusals.length
  }

  /** The first event that is left out; the others are counted. */
  #tellFirst({ name }: Message, [first]: readonly Refusal[]): void {
    if (!first || this.#counts.refused > 0) return
    this.#options.onNotice?.(`left out: ${name}${placeOf(first)}: ${first.reason}; others are only counted`)
  }

  #fail(error: unknown): void {
    this.#failure ??= error
    this.#failed.abort()
  }
}

function placeOf({ index }: Refusal): string {
  return index === undefined ? '' : `, event ${index}`
}

/**
 * The refusals that go with the answer that is stored. Where another version had answered before and refused other events,
 * these are the ones that have no score.
 */
function agreed(
  { body }: Message,
  answer: Answer | undefined,
  refusals: readonly Refusal[],
  refused: readonly number[] | undefined,
): readonly Refusal[] {
  if (!answer || !refused) return refusals
  const { events, version } = answer
  const reason = 'refused by the version of the drone that answered this message first'
  return refused.map((index) => {
    return refusals.find((refusal) => refusal.index === index) ?? { reason, index, events, body, version }
  })
}
