/** Messages of a NATS JetStream stream, shared by many workers, each answered exactly once. */

import { setTimeout as sleep } from 'node:timers/promises'
import type { ConsumerConfig, ConsumerInfo, JsMsg, PubAck, StreamInfo } from '@nats-io/jetstream'
import type { MsgHdrs } from '@nats-io/transport-node'
import { InputError, UsageError } from '../../errors.ts'
import { counted, quoted } from '../../text.ts'
import type { Answer, AnswerPart, Broker, Message, Refusal, Version } from '../broker.ts'
import { type Connection, pause, reasonOf } from './connection.ts'
import { type Answering, HEADERS, idOf, isOurs, MESSAGE_ID, numbersOf, rangeOf, rangeText } from './headers.ts'
import { Pull } from './pull.ts'

export interface NatsOptions {
  /** Where messages come from, and where answers go: often the same connection. */
  from: Connection
  to: Connection
  stream: string
  /** Takes only messages of this subject, which may have wildcards. */
  filter?: string
  /** Where answers go. */
  subject: string
  /** Where what cannot be scored goes; without it, it is told and left out. */
  dead?: string
  /** Workers of the same name share the messages. */
  durable: string
  /** The drone's name. */
  drone: string
  /** Answers stand in the order of the messages: one message at a time, over all workers. */
  ordered?: boolean
  onNotice?(text: string): void
}

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

/** Messages that workers may hold unanswered, all of them together, and how long one may before it comes again elsewhere. */
const [MOST_PENDING, ACK_WAIT] = [20_000, 30_000]

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
    const { from, to, stream, subject, dead, onNotice } = options
    const { created } = await streamOf(from, stream)
    const answers = await keptAt(to, subject, 'to')
    const letters = dead === undefined ? undefined : await keptAt(to, dead, 'dead')
    if (from.server === to.server) checkNoCircle(options, [answers, letters])
    const { config } = await consumerOf(options)
    const most = config.max_ack_pending && config.max_ack_pending > 0 ? config.max_ack_pending : MOST_PENDING
    const consumer = await from.js.consumers.get(stream, config.durable_name!)
    let told = false
    const pull = new Pull(consumer, Math.max(1, Math.ceil(most / 4)), (error) => {
      // That the broker is away was told; what a pull has to say of it need not be.
      const { message } = error as Error
      if (told || !/not found|deleted|permission/i.test(message)) return
      told = true
      onNotice?.(`warning: ${stream}, consumer ${config.durable_name}: ${reasonOf(error)}; trying again`)
    })
    const ackWait = (config.ack_wait ?? ACK_WAIT * 1e6) / 1e6
    return new NatsBroker(options, {
      created: Date.parse(created),
      answers,
      dead: letters,
      pull,
      ackWait,
    })
  }

  async next(signal: AbortSignal): Promise<NatsMessage | undefined> {
    const msg = await this.#pull.next(signal)
    if (!msg) return undefined
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

interface Opened {
  created: number
  answers: Kept
  dead: Kept | undefined
  pull: Pull
  /** Milliseconds. */
  ackWait: number
}

/** A subject that a stream keeps. */
interface Kept {
  connection: Connection
  subject: string
  stream: string
  /** The most bytes of a message, headers and all. */
  most: number
  /** Milliseconds in which it drops what it has already. */
  window: number
}

export async function streamOf({ jsm, server }: Connection, name: string): Promise<StreamInfo> {
  try {
    return await jsm.streams.info(name)
  } catch (error) {
    if (!/not found/i.test((error as Error).message)) throw new InputError(`${server}/${name}: ${reasonOf(error)}`)
    const names: string[] = []
    for await (const { config } of jsm.streams.list()) names.push(config.name)
    const known = names.filter((each) => !/^(KV|OBJ)_/.test(each))
    const there = known.length > 0 ? `there are ${known.slice(0, 10).join(', ')}` : 'there is none'
    throw new InputError(`${server}: no stream ${quoted(name)}; ${there}`)
  }
}

async function keptAt(connection: Connection, subject: string, option: 'to' | 'dead'): Promise<Kept> {
  const { jsm, server, nc } = connection
  if (/[*>\s]/.test(subject))
    throw new UsageError(`\`${option}\` ${quoted(subject)}: expected a subject without wildcards`)
  const stream = await jsm.streams.find(subject).catch(() => undefined)
  if (stream === undefined) {
    const otherwise = option === 'dead' ? '; or choose `onError` skip or fail' : ''
    throw new InputError(
      `${server}: no stream keeps the subject ${quoted(subject)} (\`${option}\`), and what is sent there would be lost; make one, as by nats stream add${otherwise}`,
    )
  }
  const { config } = await jsm.streams.info(stream)
  const most = Math.min(
    nc.info?.max_payload ?? 1 << 20,
    config.max_msg_size > 0 ? config.max_msg_size : Number.POSITIVE_INFINITY,
  )
  return { connection, subject, stream, most, window: config.duplicate_window / 1e6 }
}

/** @throws UsageError where an answer would be a message again */
function checkNoCircle({ stream, filter, subject, dead }: NatsOptions, kept: readonly (Kept | undefined)[]): void {
  for (const [i, option] of (['to', 'dead'] as const).entries()) {
    const target = option === 'to' ? subject : dead
    if (kept[i]?.stream !== stream || target === undefined || !(filter === undefined || matches(filter, target)))
      continue
    throw new UsageError(
      `\`${option}\` ${quoted(target)}: what is sent there would come from the stream ${stream} again; choose a subject of another stream, or name one in \`from\``,
    )
  }
}

/** Whether a subject is one of those that a filter with wildcards takes. */
export function matches(filter: string, subject: string): boolean {
  const [parts, tokens] = [filter.split('.'), subject.split('.')]
  for (const [i, part] of parts.entries()) {
    if (part === '>') return tokens.length > i
    if (tokens[i] === undefined || (part !== '*' && part !== tokens[i])) return false
  }
  return parts.length === tokens.length
}

/** The durable consumer: as it is where there is one. */
async function consumerOf({ from, stream, durable, filter, ordered }: NatsOptions): Promise<ConsumerInfo> {
  const { jsm, server } = from
  const wanted: Partial<ConsumerConfig> = {
    durable_name: durable,
    ack_policy: 'explicit',
    ack_wait: ACK_WAIT * 1e6,
    max_ack_pending: ordered ? 1 : MOST_PENDING,
    ...(filter !== undefined && { filter_subject: filter }),
  }
  const known = await jsm.consumers.info(stream, durable).catch(() => undefined)
  // Another worker may make it at the same time, and the same one.
  if (!known) {
    return jsm.consumers.add(stream, wanted).catch((error) => {
      throw new InputError(`${server}/${stream}: no durable consumer ${quoted(durable)}: ${reasonOf(error)}`)
    })
  }
  checkConsumer(known.config, wanted, `${server}/${stream}: the durable consumer ${quoted(durable)}`)
  return known
}

function checkConsumer(known: ConsumerConfig, wanted: Partial<ConsumerConfig>, where: string): void {
  const another = 'name another one by `durable`'
  if (known.deliver_subject !== undefined) throw new InputError(`${where} pushes; ${another}`)
  if (known.ack_policy !== 'explicit') {
    throw new InputError(`${where} does not want each message acknowledged (explicit); ${another}`)
  }
  if ((known.filter_subject ?? '') !== (wanted.filter_subject ?? '')) {
    const subject = known.filter_subject ? `takes ${quoted(known.filter_subject)}` : 'takes all subjects'
    throw new InputError(`${where} ${subject}; ${another}`)
  }
  if (wanted.max_ack_pending === 1 && known.max_ack_pending !== 1) {
    throw new InputError(`${where} gives several messages at a time, which has no order; ${another}`)
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
