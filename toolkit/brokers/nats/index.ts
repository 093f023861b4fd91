/** Messages of a NATS JetStream stream, shared by many workers, each answered exactly once. */

import { setTimeout as sleep } from 'node:timers/promises'
import type { JsMsg, PubAck } from '@nats-io/jetstream'
import type { MsgHdrs } from '@nats-io/transport-node'
import { type AtOnce, andThen } from '../../at-once.ts'
import { InputError } from '../../errors.ts'
import { counted } from '../../text.ts'
import type { Answer, AnswerPart, Broker, Message, Refusal, Version } from '../broker.ts'
import { pause, reasonOf } from './connection.ts'
import { type Answering, HEADERS, idOf, isOurs, MESSAGE_ID, numbersOf, rangeOf, rangeText } from './headers.ts'
import { type Kept, type NatsOptions, type Opened, opened } from './opened.ts'
import type { Pull } from './pull.ts'

/** What was seen of the broker. */
export interface NatsCounts {
  /** Messages that had been delivered before. */
  redelivered: number
  /** Answers and dead letters that were there already, and were dropped. */
  dropped: number
  /** Answers that may be there twice, since the broker had forgotten by then what it had. */
  late: number
}

interface NatsMessage extends Message {
  readonly msg: JsMsg
  readonly arrived: number
}

/** Milliseconds in which a stored message is to be confirmed; then it is sent again, which does no harm. */
const CONFIRMED = 5000

export class NatsBroker implements Broker<NatsMessage> {
  readonly counts: NatsCounts = { redelivered: 0, dropped: 0, late: 0 }
  readonly answering: Answering
  readonly #options: NatsOptions
  readonly #pull: Pull
  readonly #answers: Kept
  readonly #dead: Kept | undefined
  /** Taken and not ended. */
  readonly #held = new Set<NatsMessage>()
  readonly #timer: NodeJS.Timeout
  /** Bytes that a message's id takes at most, and what stands around it. */
  readonly #margin: number
  #length = Number.POSITIVE_INFINITY

  private constructor(options: NatsOptions, opened: Opened) {
    const { stream, durable, drone } = options
    this.#options = options
    this.#answers = opened.answers
    this.#dead = opened.dead
    this.answering = { stream, created: opened.created, durable, drone }
    this.#pull = opened.pull
    this.#margin = idOf(this.answering, Number.MAX_SAFE_INTEGER).length + 64
    // Who is slow says that he is at it, so that nobody else begins with the same.
    this.#timer = setInterval(() => this.#keep(opened.ackWait / 3), opened.ackWait / 3).unref()
  }

  /**
   * Opens the stream, makes the durable consumer where there is none, and checks that answers are kept.
   * @throws InputError that says what is missing
   */
  static async open(options: NatsOptions): Promise<NatsBroker> {
    return new NatsBroker(options, await opened(options))
  }

  next(signal: AbortSignal): AtOnce<NatsMessage | undefined> {
    return andThen(this.#pull.next(signal), (msg) => msg && this.#taken(msg))
  }

  #taken(msg: JsMsg): NatsMessage {
    if (msg.redelivered) this.counts.redelivered++
    const message: NatsMessage = {
      msg,
      arrived: performance.now(),
      name: `${this.#options.stream} ${msg.seq}`,
      body: msg.data,
      format: msg.headers?.get(HEADERS.format) || undefined,
    }
    this.#held.add(message)
    return message
  }

  async answer(message: NatsMessage, answer: Answer): Promise<readonly number[] | undefined> {
    const refused: number[] = []
    let others = false
    for (let from = 0; from < answer.events; ) {
      const fitting = this.#fitting(message, answer, from)
      if (!fitting) {
        await this.#refuseAnswer(message, answer, from++)
        continue
      }
      const { part, headers } = fitting
      let { to } = fitting
      const ack = part.count > 0 ? await this.#store(message, this.#answers, `${from}`, part.body, headers) : undefined
      const stored = ack?.duplicate && answer.events > 1 ? await this.#storedBefore(ack.seq) : undefined
      if (stored) [to, others] = [stored.to, true]
      refused.push(...(stored?.refused ?? answer.refused.filter((index) => index >= from && index < to)))
      from = to
    }
    return others ? refused : undefined
  }

  done(message: NatsMessage, scored: boolean): void {
    this.#held.delete(message)
    if (scored || !this.#dead) message.msg.ack()
    else message.msg.term()
  }

  async refuse(message: NatsMessage, refusal: Refusal): Promise<void> {
    const { index, reason, events, version, body, format } = refusal
    const { onNotice } = this.#options
    if (!this.#dead) {
      onNotice?.(`left out: ${message.name}${index === undefined ? '' : `, event ${index}`}: ${reason}`)
      return
    }
    const headers = this.#headers(message, version)
    // Who reads headers reads lines.
    headers.set(HEADERS.reason, reason.replace(/[\r\n]+/g, ' ').slice(0, 1000))
    headers.set(HEADERS.events, rangeText({ from: index ?? 0, to: (index ?? events - 1) + 1, of: events }))
    if (index !== undefined) headers.set(HEADERS.index, String(index))
    const given = index === undefined ? message.format : format
    if (given !== undefined) headers.set(HEADERS.format, given)
    const room = this.#dead.most - sizeOf(headers) - this.#margin
    const whole = body.length <= room
    if (!whole) {
      headers.set(HEADERS.truncated, String(body.length))
      onNotice?.(
        `warning: ${message.name}: the dead letter holds the first ${room} of ${body.length} bytes, since the broker takes no more`,
      )
    }
    await this.#store(message, this.#dead, `dead:${index ?? 'all'}`, whole ? body : body.subarray(0, room), headers)
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    const { from, to } = this.#options
    await this.#pull.end()
    for (const { msg } of this.#held) msg.nak()
    await from.close()
    if (to !== from) await to.close()
  }

  /** Messages that are held here. */
  get held(): number {
    return this.#held.size + this.#pull.waiting.length
  }

  /** As many events of an answer from one on as the broker takes in a message; undefined where one alone is too large. */
  #fitting(message: NatsMessage, answer: Answer, from: number) {
    let to = Math.min(answer.events, from + this.#length)
    for (;;) {
      const part = answer.part(from, to)
      const headers = this.#answerHeaders(message, answer, part, { from, to, of: answer.events })
      if (part.body.length + sizeOf(headers) + this.#margin <= this.#answers.most) return { part, headers, to }
      if (to === from + 1) return undefined
      to = from + Math.ceil((to - from) / 2)
      this.#length = to - from
    }
  }

  #answerHeaders(
    message: NatsMessage,
    answer: Answer,
    part: AnswerPart,
    range: { from: number; to: number; of: number },
  ) {
    const headers = this.#headers(message, answer.version)
    headers.set(HEADERS.format, answer.format)
    headers.set(HEADERS.events, rangeText(range))
    const refused = answer.refused.filter((index) => index >= range.from && index < range.to)
    if (refused.length > 0) headers.set(HEADERS.refused, refused.join())
    if (answer.format !== 'f32') return headers
    headers.set(HEADERS.outputs, answer.outputs.join())
    if (part.rows) headers.set(HEADERS.rows, part.rows.join())
    return headers
  }

  /** Those of the message go along. */
  #headers({ msg }: NatsMessage, { name, version, hash }: Version): MsgHdrs {
    const headers = this.#options.to.headers()
    if (msg.headers) {
      for (const [key, values] of msg.headers) {
        if (!isOurs(key)) for (const value of values) headers.append(key, value)
      }
    }
    headers.set(HEADERS.drone, name)
    headers.set(HEADERS.version, version)
    if (hash !== '') headers.set(HEADERS.hash, hash)
    headers.set(HEADERS.source, `${this.answering.stream}/${msg.seq}`)
    return headers
  }

  async #refuseAnswer(message: NatsMessage, { version, events, format }: Answer, index: number): Promise<void> {
    const reason = `its answer is larger than the ${counted(this.#answers.most, 'byte')} that the broker takes`
    const body = events === 1 || format === 'f32' ? message.body : lineOf(message.body, index)
    await this.refuse(message, { reason, index, events, body, version })
  }

  /** Stores a message, however long that takes: the broker drops it where it has it already. */
  async #store(
    { msg }: NatsMessage,
    { connection, subject, window }: Kept,
    suffix: string,
    body: Uint8Array,
    headers: MsgHdrs,
  ): Promise<PubAck> {
    const msgID = `${idOf(this.answering, msg.seq)}:${suffix}`
    const began = Date.now()
    for (let attempt = 0; ; attempt++) {
      try {
        const ack = await connection.js.publish(subject, body, { msgID, headers, timeout: CONFIRMED })
        if (ack.duplicate) this.counts.dropped++
        // What was sent before may have been stored, and the broker have forgotten its id since.
        else if (isLate(msg, attempt > 0 ? began : undefined, window)) this.counts.late++
        return ack
      } catch (error) {
        if (connection.nc.isClosed() || isFinal(error)) throw new InputError(`${subject}: ${reasonOf(error)}`)
        if (attempt === 3) this.#options.onNotice?.(`${subject}: not stored yet (${reasonOf(error)}); trying again`)
        await sleep(pause(attempt))
      }
    }
  }

  /** What another process had answered; undefined where that is not there any more. */
  async #storedBefore(seq: number): Promise<{ to: number; refused: number[] } | undefined> {
    const { connection, stream } = this.#answers
    const stored = await connection.jsm.streams.getMessage(stream, { seq }).catch(() => undefined)
    const range = rangeOf(stored?.header.get(HEADERS.events))
    return range && { to: range.to, refused: numbersOf(stored!.header.get(HEADERS.refused)) }
  }

  /** @param age milliseconds */
  #keep(age: number): void {
    const before = performance.now() - age
    for (const { msg, arrived } of this.#held) if (arrived < before) msg.working()
    for (const msg of this.#pull.waiting) msg.working()
  }
}

/** Bytes of headers as they are sent. */
function sizeOf(headers: MsgHdrs): number {
  let size = 'NATS/1.0\r\n\r\n'.length + MESSAGE_ID.length
  for (const [key, values] of headers) for (const value of values) size += Buffer.byteLength(key + value) + 4
  return size
}

/** A line of a message, without those that are blank. */
function lineOf(body: Uint8Array, index: number): Uint8Array {
  const lines = Buffer.from(body)
    .toString()
    .split('\n')
    .filter((line) => line.trim() !== '')
  return Buffer.from(lines[index] ?? '')
}

/** @param sent when it was sent first by this process, if it was */
function isLate(msg: JsMsg, sent: number | undefined, window: number): boolean {
  const since = msg.redelivered ? msg.time.getTime() : sent
  return since !== undefined && Date.now() - since > window
}

/** Errors that another attempt would meet again. */
function isFinal(error: unknown): boolean {
  const { name, message } = error as Error
  return (
    /^(PermissionViolationError|InvalidArgumentError|InvalidSubjectError|TypeError|RangeError)$/.test(name) ||
    /max_payload|message size exceeds/i.test(message)
  )
}
