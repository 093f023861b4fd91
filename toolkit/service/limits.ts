/** How much a request may send, how long it may take for it, and how many are answered at a time. */
import { Failure } from './failure.ts'

export interface Limits {
  /** Bytes of a request; 16 MiB unless given. A stream of events may be 64 times as long, because it is not held. */
  body?: number
  /** Seconds for a request to come, and for each further piece of a stream of events; 30 unless given. */
  time?: number
  /** Requests that are answered at a time; 256 unless given. */
  requests?: number
}

/** A request, and its headers by their names in small letters. */
export interface Incoming {
  readonly request: Request
  header(name: string): string | undefined
}

export const LIMITS: Readonly<Required<Limits>> = { body: 1 << 24, time: 30, requests: 256 }

/** Streams of events may be so many times as long as other bodies. */
export const STREAMS = 64

/** A body that is refused is not read: the connection ends with the answer. */
const CLOSED = { connection: 'close' }

export function tooLarge(limit: number): Failure {
  return new Failure(413, `more than ${limit.toLocaleString('en')} bytes, the most that a request may have`, CLOSED)
}

export function tooSlow(seconds: number): Failure {
  return new Failure(408, `the request did not come within ${seconds} s`, CLOSED)
}

/** @throws Failure where a request says that it is longer */
export function checkLength(incoming: Incoming, limit: number): void {
  const declared = incoming.header('content-length')
  if (declared !== undefined && !(Number(declared) <= limit)) throw tooLarge(limit)
}

/** The bytes of a body. @throws Failure where they are too many or too slow */
export async function bytesOf(incoming: Incoming, { body, time }: Required<Limits>): Promise<Uint8Array> {
  checkLength(incoming, body)
  const { request } = incoming
  const whole = incoming.header('content-length') !== undefined ? request.arrayBuffer() : collected(request, body)
  return new Uint8Array(await within(time, whole))
}

/** The text of a body. */
export async function textOf(incoming: Incoming, limits: Required<Limits>): Promise<string> {
  checkLength(incoming, limits.body)
  const { request } = incoming
  if (incoming.header('content-length') !== undefined) return within(limits.time, request.text())
  return new TextDecoder().decode(await within(limits.time, collected(request, limits.body)))
}

async function collected(request: Request, limit: number): Promise<ArrayBuffer> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body ?? []) {
    length += chunk.length
    if (length > limit) throw tooLarge(limit)
    chunks.push(chunk)
  }
  const all = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.length
  }
  return all.buffer
}

/** @throws Failure 408 where it takes longer; what ends a connection early is a Failure too */
export function within<Value>(seconds: number, promise: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(tooSlow(seconds)), 1000 * seconds)
    promise.then(
      (value) => {
        clearTimeout(timer)
        resolve(value)
      },
      (error) => {
        clearTimeout(timer)
        reject(error instanceof Failure ? error : new Failure(400, 'the request ended before all of it had come'))
      },
    )
  })
}
