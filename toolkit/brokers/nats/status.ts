/** How far the workers of a stream are: what the broker knows, and what each worker says of itself. */
import type { Connection } from './connection.ts'
import { streamOf } from './places.ts'
import { durableOf } from './verify.ts'

/** What a worker says of itself. */
export interface WorkerStatus {
  /** Host and process. */
  worker: string
  drone: string
  version: string
  hash: string
  /** Since when it runs, as ISO 8601 has it. */
  since: string
  messages: number
  events: number
  scored: number
  refused: number
  redelivered: number
  dropped: number
  late: number
  /** Messages that it holds unanswered. */
  held: number
  /** Messages a second, over the last seconds. */
  pace: number
}

export interface StreamStatus {
  stream: string
  durable: string
  /** Messages in the stream. */
  messages: number
  /** Messages that were not delivered to any worker yet, and since when the oldest waits, in seconds, where one does. */
  pending: number
  /** Delivered, and not acknowledged yet. */
  unacknowledged: number
  /** Of these, how many were delivered before. */
  redelivered: number
  /** Before this sequence everything is acknowledged. */
  acknowledged: number
  workers: WorkerStatus[]
}

/** Milliseconds in which workers answer. */
const WAIT = 700

/** Answers whoever asks, until the connection ends. */
export function answerStatus({ nc }: Connection, stream: string, durable: string, status: () => WorkerStatus): void {
  nc.subscribe(subjectOf(stream, durable), {
    callback: (error, message) => {
      if (!error) message.respond(JSON.stringify(status()))
    },
  })
}

/** @throws InputError where there is no such stream or consumer */
export async function statusOf(connection: Connection, stream: string, durable: string): Promise<StreamStatus> {
  const { state } = await streamOf(connection, stream)
  const consumer = await durableOf(connection, stream, durable)
  const workers: WorkerStatus[] = []
  try {
    const answers = await connection.nc.requestMany(subjectOf(stream, durable), '', {
      strategy: 'timer',
      maxWait: WAIT,
    })
    for await (const answer of answers) workers.push(answer.json())
  } catch {
    // Nobody is there to answer.
  }
  return {
    ...{ stream, durable, messages: state.messages },
    pending: consumer.num_pending,
    unacknowledged: consumer.num_ack_pending,
    redelivered: consumer.num_redelivered,
    acknowledged: consumer.ack_floor.stream_seq,
    workers: workers.sort((a, b) => (a.worker < b.worker ? -1 : 1)),
  }
}

function subjectOf(stream: string, durable: string): string {
  return `nndrone.status.${stream}.${durable}`
}
