/** Opens what a broker works with: the stream, the durable consumer, and the streams that keep what is answered. */
import type { ConsumerConfig, ConsumerInfo } from '@nats-io/jetstream'
import { InputError, UsageError } from '../../errors.ts'
import { quoted } from '../../text.ts'
import { type Connection, reasonOf } from './connection.ts'
import { matches, type Places, streamOf } from './places.ts'
import { Pull } from './pull.ts'

export interface NatsOptions extends Places {
  /** Answers stand in the order of the messages: one message at a time, over all workers. */
  ordered?: boolean
  onNotice?(text: string): void
}

export interface Opened {
  created: number
  answers: Kept
  dead: Kept | undefined
  pull: Pull
  /** Milliseconds. */
  ackWait: number
}

/** A subject that a stream keeps. */
export interface Kept {
  connection: Connection
  subject: string
  stream: string
  /** The most bytes of a message, headers and all. */
  most: number
  /** Milliseconds in which it drops what it has already. */
  window: number
}

/** Messages that workers may hold unanswered, all of them together, and how long one may before it comes again elsewhere. */
const [MOST_PENDING, ACK_WAIT] = [20_000, 30_000]

/** @throws InputError that says what is missing */
export async function opened(options: NatsOptions): Promise<Opened> {
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
  return { created: Date.parse(created), answers, dead: letters, pull, ackWait }
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
