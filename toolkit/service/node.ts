/** The service as a process of Node: its server, its log, and how it ends. */
import { write } from 'node:fs'
import type { Server } from 'node:http'
import { serve } from '@hono/node-server'
import { fileError } from '../errors.ts'
import type { Service } from './index.ts'
import type { LogSink } from './log.ts'

/** Seconds that the head of a request may take. */
const HEAD = 10

/** Listens. @throws InputError where the address is taken or not this machine's */
export async function listen(
  service: Service,
  { host, port }: { host: string; port: number },
): Promise<{ server: Server; port: number }> {
  return new Promise((resolve, reject) => {
    const options = {
      headersTimeout: 1000 * HEAD,
      // A stream of events may take as long as it likes; other bodies have a limit of their own.
      requestTimeout: 0,
      keepAliveTimeout: 5000,
      connectionsCheckingInterval: 1000,
      maxHeaderSize: 1 << 14,
    }
    const server = serve({ fetch: service.fetch, hostname: host, port, serverOptions: options }, (address) => {
      server.off('error', fail)
      resolve({ server, port: address.port })
    }) as Server
    const fail = (error: unknown) => reject(fileError(`${host}:${port}`, error))
    server.on('error', fail)
    server.setMaxListeners(0)
  })
}

/** Milliseconds for which lines of the log are gathered, and the bytes of a chunk of them. */
const GATHERED = { time: 100, length: 1 << 16 }

/** Bytes that wait where the log cannot be written: lines that come then are lost, and counted. */
const WAITING = 1 << 24

/**
 * Writes lines to a file that is open, many at a time, and without keeping anybody waiting.
 * @returns the sink, and what writes the rest at the end
 */
export function logTo(file: number): { sink: LogSink; flush(): Promise<void> } {
  // Lines become bytes at once: texts that waited would be moved again and again by the collection of garbage.
  const full: Buffer[] = []
  let chunk = Buffer.allocUnsafe(GATHERED.length)
  let length = 0
  let lost = 0
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> | undefined
  const close = (room: number): void => {
    full.push(chunk.subarray(0, length))
    chunk = Buffer.allocUnsafe(Math.max(room, GATHERED.length))
    length = 0
  }
  const flush = async (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    while (writing) await writing
    if (length > 0) close(0)
    if (full.length === 0) return
    const some = full.splice(0)
    if (lost > 0) some.push(Buffer.from(`{"level":"warning","message":"lines were lost","lines":${lost}}\n`))
    lost = 0
    writing = written(file, some.length === 1 ? some[0]! : Buffer.concat(some))
    await writing
    writing = undefined
  }
  const sink = (line: string): void => {
    if (full.length * GATHERED.length > WAITING) {
      lost++
      return
    }
    // A character takes at most three bytes.
    const most = 3 * line.length + 1
    if (length + most > chunk.length) close(most)
    length += chunk.write(line, length)
    chunk[length++] = LINE_FEED
    if (full.length > 0 && !writing) void flush()
    else timer ??= setTimeout(() => void flush(), GATHERED.time)
  }
  return { sink, flush }
}

const LINE_FEED = 10

/** Writes all; a log that nobody reads any more is none. */
async function written(file: number, bytes: Buffer, from = 0): Promise<void> {
  const count = await new Promise<number>((resolve) => {
    write(file, bytes, from, bytes.length - from, null, (error, count) => {
      if (!error) resolve(count)
      // A pipe that is full.
      else if (error.code === 'EAGAIN') setTimeout(() => resolve(0), 10)
      else resolve(bytes.length - from)
    })
  })
  if (from + count < bytes.length) await written(file, bytes, from + count)
}
