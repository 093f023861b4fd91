/** The headers by which answers and dead letters tell what they are, and the ids by which the broker drops what is double. */

export const HEADERS = {
  /** How a message holds its events; its sender sets it for rows of numbers. */
  format: 'Nndrone-Format',
  drone: 'Nndrone-Drone',
  version: 'Nndrone-Version',
  hash: 'Nndrone-Hash',
  /** The message that was answered: STREAM/SEQUENCE. */
  source: 'Nndrone-Source',
  /** Which of its events an answer is about: FIRST-LAST/COUNT, from 0. */
  events: 'Nndrone-Events',
  /** Those of them that could not be scored. */
  refused: 'Nndrone-Refused',
  /** Those that the answer holds, where it leaves out others; of rows of numbers alone. */
  rows: 'Nndrone-Rows',
  /** The names of the scores, for rows of numbers. */
  outputs: 'Nndrone-Outputs',
  /** Of a dead letter: why, and which event of the message. */
  reason: 'Nndrone-Reason',
  index: 'Nndrone-Index',
  /** How many bytes a dead letter should have had. */
  truncated: 'Nndrone-Truncated',
} as const

export const MESSAGE_ID = 'Nats-Msg-Id'

/** Headers that tell the broker or us what to do; those of others go along. */
export function isOurs(name: string): boolean {
  return /^(nats|nndrone)-/i.test(name)
}

/** The events of an answer. */
export interface Range {
  from: number
  /** Behind the last. */
  to: number
  of: number
}

export function rangeText({ from, to, of }: Range): string {
  return `${from}-${to - 1}/${of}`
}

export function rangeOf(text: string | undefined): Range | undefined {
  const [, from, last, of] = /^(\d+)-(\d+)\/(\d+)$/.exec(text ?? '') ?? []
  return from === undefined ? undefined : { from: Number(from), to: Number(last) + 1, of: Number(of) }
}

export function numbersOf(text: string | undefined): number[] {
  return text ? text.split(',').map(Number) : []
}

/** Whose answers they are: a stream, since it was made, as one durable consumer's drone answers it. */
export interface Answering {
  stream: string
  /** When the stream was made, in milliseconds since 1970: another one of its name begins again at sequence 1. */
  created: number
  durable: string
  drone: string
}

/** The beginning of the ids of all answers to a message. */
export function idOf({ stream, created, durable, drone }: Answering, sequence: number): string {
  return `${stream}:${created}:${sequence}:${encodeURIComponent(durable)}:${encodeURIComponent(drone)}`
}

/** The sequence of the message that an id answers, where it is one of these answers; and what follows. */
export function sequenceOf(answering: Answering, id: string): { sequence: number; rest: string } | undefined {
  const before = `${answering.stream}:${answering.created}:`
  const at = id.indexOf(':', before.length)
  const sequence = Number(id.slice(before.length, at))
  const whole = idOf(answering, sequence)
  return at > 0 && id.startsWith(`${whole}:`) ? { sequence, rest: id.slice(whole.length + 1) } : undefined
}
