/** What a source of messages is to the job that scores them: five functions, whatever broker is behind them. */

import type { AtOnce } from '../at-once.ts'

/** How a message holds its events: one as JSON, one a line, or rows of little-endian numbers. */
export const MESSAGE_FORMATS = ['json', 'ndjson', 'f32', 'f64'] as const
export type MessageFormat = (typeof MESSAGE_FORMATS)[number]

/** What came: one event, or many. */
export interface Message {
  /** As notices and errors name it: `EVENTS 17`. */
  readonly name: string
  readonly body: Uint8Array
  /** What the sender said of its format; where he said nothing it is JSON or NDJSON, which the text tells. */
  readonly format?: string
}

/** Who scored: told with every answer. */
export interface Version {
  /** The drone's name. */
  readonly name: string
  /** Which of its versions it is: the revision in a bucket, or the beginning of the hash. */
  readonly version: string
  /** SHA-256 of its file, in hexadecimal digits. */
  readonly hash: string
}

/** The scores of a message's events. */
export interface Answer {
  readonly version: Version
  /** How it is written: NDJSON where the message was, JSON where it held one event, and f32 rows where it held rows. */
  readonly format: 'json' | 'ndjson' | 'f32'
  /** The names of the scores, in order. */
  readonly outputs: readonly string[]
  /** How many events the message held. */
  readonly events: number
  /** Those that could not be scored, by their places in the message from 0, in order. */
  readonly refused: readonly number[]
  /**
   * The scores of the events `from` to `to` (not included), without those that were refused or that pass no cut; all by
   * default. A broker whose messages are limited sends several.
   */
  part(from?: number, to?: number): AnswerPart
}

export interface AnswerPart {
  readonly body: Uint8Array
  /** How many events are in it. */
  readonly count: number
  /** Their places in the message, where it does not hold all of its part. */
  readonly rows?: readonly number[]
}

/** An event, or a whole message, that cannot be scored. */
export interface Refusal {
  readonly reason: string
  /** Which event of its message, from 0; undefined where it is the message that cannot be read. */
  readonly index?: number
  /** How many events the message holds. */
  readonly events: number
  /** As it came. */
  readonly body: Uint8Array
  readonly format?: MessageFormat
  readonly version: Version
}

/**
 * Where messages come from, and where their answers go. The job calls `answer`, `refuse` for each event that cannot be
 * scored, and then `done`; several messages are on their way at a time.
 * @example
 * const broker = {
 *   next: async () => messages.shift(), // undefined is the end
 *   answer: async (message, answer) => send(answer.part().body),
 *   done: (message) => acknowledge(message),
 *   refuse: async (message, { reason, body }) => setAside(body, reason),
 *   close: async () => {},
 * }
 */
export interface Broker<M extends Message = Message> {
  /** The next message, at once or once there is one; undefined at the end, and after `signal` aborts. */
  next(signal: AbortSignal): AtOnce<M | undefined>
  /**
   * Stores an answer: resolves once it cannot be lost any more. Resolves with the events that were refused, where another
   * process had stored an answer to this message before.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: who has nothing to say need not say undefined
  answer(message: M, answer: Answer): Promise<readonly number[] | undefined | void>
  /** Ends a message, which never comes again. @param scored whether any of its events was */
  done(message: M, scored: boolean): Promise<void> | void
  /** Stores what cannot be scored, with the reason: resolves once it cannot be lost any more. */
  refuse(message: M, refusal: Refusal): Promise<void>
  /** Gives back what was not finished, and lets go of the source. */
  close(): Promise<void>
}

/** A version of a drone as it stands in a bucket that keeps them. */
export interface Put {
  readonly key: string
  readonly revision: number
  readonly bytes: Uint8Array
  readonly created: Date
  /** The key was deleted. */
  readonly gone: boolean
}

/** What stands in a bucket, and what is put there. */
export interface Bucket {
  /** As messages name it, with the key where it is one alone. */
  readonly place: string
  readonly name: string
  /** The newest of each key as it was at the beginning. */
  readonly first: readonly Put[]
  /** Calls `see` with whatever is put, or deleted, since then. */
  follow(see: (put: Put) => void): void
  stop(): void
}
