/** Counts answers and dead letters by the messages that they are of: was every event answered, and once? */
import type { ConsumerInfo } from '@nats-io/jetstream'
import type { MsgHdrs } from '@nats-io/transport-node'
import { InputError } from '../../errors.ts'
import { quoted } from '../../text.ts'
import { type Connection, reasonOf } from './connection.ts'
import { type Answering, HEADERS, MESSAGE_ID, numbersOf, rangeOf, sequenceOf } from './headers.ts'
import { type Places, streamOf } from './places.ts'

export interface VerifyOptions extends Places {
  onProgress?(done: number, total: number): void
}

/** What was found, up to the last message before which all are acknowledged. */
export interface Verification {
  /** Messages of the stream that are still there and acknowledged. */
  messages: number
  /** Events that have a score, and those that were set aside. */
  scored: number
  refused: number
  /** Messages of which an event stands twice among answers and dead letters, and the first of them. */
  double: number
  doubles: number[]
  /** Messages of which an event has neither a score nor a dead letter, and the first of them. */
  unanswered: number
  unanswereds: number[]
  /** Answers to messages that are no longer in the stream, and cannot be compared with it. */
  gone: number
  /** Messages that wait to be delivered, and that are delivered and not acknowledged yet. */
  pending: number
  unacknowledged: number
}

/** So many sequences are named. */
const NAMED = 10

/** @throws InputError where there is no such stream or consumer */
export async function verifyStream(options: VerifyOptions): Promise<Verification> {
  const { from, to, stream, filter, subject, dead, durable, drone } = options
  const { created, state } = await streamOf(from, stream)
  const consumer = await durableOf(from, stream, durable)
  const answering = { stream, created: Date.parse(created), durable, drone }
  const seen = new Coverage(answering)
  for (const kept of new Set(dead === undefined ? [subject] : [subject, dead])) {
    await readHeaders(to, kept, (headers) => seen.take(headers), options)
  }
  const there = new Set<number>()
  if (state.messages > 0) {
    const floor = consumer.ack_floor.stream_seq
    await readSequences(from, stream, filter, (sequence) => sequence <= floor && there.add(sequence), options)
  }
  const { num_pending: pending, num_ack_pending: unacknowledged } = consumer
  return { ...seen.compared(there), pending, unacknowledged }
}

export async function durableOf({ jsm, server }: Connection, stream: string, durable: string): Promise<ConsumerInfo> {
  return jsm.consumers.info(stream, durable).catch(async (error) => {
    if (!/not found/i.test(error.message)) throw new InputError(`${server}/${stream}: ${reasonOf(error)}`)
    const names: string[] = []
    for await (const { name } of jsm.consumers.list(stream)) names.push(name)
    const there = names.length > 0 ? `there are ${names.slice(0, 10).join(', ')}` : 'there is none'
    throw new InputError(
      `${server}/${stream}: no durable consumer ${quoted(durable)}; ${there} (\`durable\` names another)`,
    )
  })
}

/** How many events of each message were told of. */
class Coverage {
  readonly #answering: Answering
  /** By sequence: events that the message holds, and how many of them were told of. */
  readonly #known = new Map<number, { of: number; told: number; scored: number }>()

  constructor(answering: Answering) {
    this.#answering = answering
  }

  take(headers: MsgHdrs | undefined): void {
    const found = sequenceOf(this.#answering, headers?.get(MESSAGE_ID) ?? '')
    const range = rangeOf(headers?.get(HEADERS.events))
    if (!found || !range) return
    const entry = this.#known.get(found.sequence) ?? { of: range.of, told: 0, scored: 0 }
    const refused = numbersOf(headers!.get(HEADERS.refused)).length
    const count = range.to - range.from - refused
    entry.told += count
    if (!found.rest.startsWith('dead:')) entry.scored += count
    this.#known.set(found.sequence, entry)
  }

  compared(there: ReadonlySet<number>): Omit<Verification, 'pending' | 'unacknowledged'> {
    const doubles: number[] = []
    const unanswereds: number[] = []
    let [scored, refused, gone] = [0, 0, 0]
    for (const [sequence, entry] of this.#known) {
      scored += entry.scored
      refused += entry.told - entry.scored
      if (entry.told > entry.of) doubles.push(sequence)
      if (!there.has(sequence)) gone++
    }
    for (const sequence of there) {
      const entry = this.#known.get(sequence)
      if (!entry || entry.told < entry.of) unanswereds.push(sequence)
    }
    return {
      ...{ messages: there.size, scored, refused, gone },
      ...{ double: doubles.length, doubles: doubles.slice(0, NAMED) },
      ...{ unanswered: unanswereds.length, unanswereds: unanswereds.slice(0, NAMED) },
    }
  }
}

type Told = Pick<VerifyOptions, 'onProgress'>

async function readHeaders(to: Connection, subject: string, see: (headers: MsgHdrs | undefined) => void, told: Told) {
  const stream = await to.jsm.streams.find(subject).catch(() => undefined)
  if (stream === undefined) throw new InputError(`${to.server}: no stream keeps the subject ${quoted(subject)}`)
  await read(to, stream, subject, ({ headers }) => see(headers), told)
}

async function readSequences(
  from: Connection,
  stream: string,
  filter: string | undefined,
  see: (sequence: number) => void,
  told: Told,
): Promise<void> {
  await read(from, stream, filter, ({ sequence }) => see(sequence), told)
}

/** Reads what a stream holds by now, without the bodies. */
async function read(
  { js }: Connection,
  stream: string,
  subject: string | undefined,
  see: (message: { headers: MsgHdrs | undefined; sequence: number }) => void,
  { onProgress }: Told,
): Promise<void> {
  const consumer = await js.consumers.get(stream, {
    headers_only: true,
    ...(subject !== undefined && { filter_subjects: subject }),
  })
  const total = (await consumer.info()).num_pending
  if (total === 0) return
  let done = 0
  const messages = await consumer.consume({ max_messages: 4096 })
  for await (const message of messages) {
    see({ headers: message.headers, sequence: message.seq })
    if (++done % 1000 === 0) onProgress?.(done, total)
    if (done >= total) break
  }
  messages.stop()
  await consumer.delete().catch(() => {})
}
