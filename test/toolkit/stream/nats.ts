/** A nats-server of the test's own: its port, its folder; stopped and started as the test likes. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect as connectSocket, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream'
import { type ConnectionOptions, connect, type NatsConnection } from '@nats-io/transport-node'

/** Debian puts it where only root's PATH looks. */
const PROGRAM = ['/usr/sbin/nats-server', '/usr/local/bin/nats-server', '/usr/bin/nats-server'].find((path) =>
  existsSync(path),
)

export const hasServer = PROGRAM !== undefined && spawnSync(PROGRAM, ['--version']).status === 0

type Body = () => void | Promise<void>
type Test = ((name: string, body: Body) => void) & { skip: (name: string, body: Body) => void }

/** A test that needs nats-server: says its name where it has to be skipped. */
export function withServer(test: Test, name: string, body: (server: Server) => Promise<void>, config = ''): void {
  if (!hasServer) {
    console.log(`skipped: ${name} (no nats-server)`)
    test.skip(name, () => {})
    return
  }
  test(name, async () => {
    const server = await Server.start(config)
    try {
      await body(server)
    } finally {
      await server.end()
    }
  })
}

export class Server {
  readonly port: number
  readonly folder: string
  #process: ChildProcess | undefined
  readonly #clients: NatsConnection[] = []

  private constructor(port: number) {
    this.port = port
    this.folder = mkdtempSync(join(tmpdir(), 'nndrone-nats-'))
  }

  /** @param config lines of a configuration file */
  static async start(config = ''): Promise<Server> {
    const server = new Server(await freePort())
    const store = `jetstream { store_dir: "${server.folder}/store" }`
    writeFileSync(join(server.folder, 'nats.conf'), `port: ${server.port}\nhost: 127.0.0.1\n${store}\n${config}\n`)
    await server.run()
    return server
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`
  }

  /** Of the process that runs. */
  get pid(): number {
    return this.#process!.pid!
  }

  async run(): Promise<void> {
    this.#process = spawn(PROGRAM!, ['-c', join(this.folder, 'nats.conf')], { stdio: 'ignore' })
    await listening(this.port)
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const running = this.#process
    if (!running || running.exitCode !== null) return
    const ended = once(running, 'exit')
    running.kill(signal)
    await ended
    this.#process = undefined
  }

  async client(options: ConnectionOptions = {}): Promise<Client> {
    const nc = await connect({
      servers: `127.0.0.1:${this.port}`,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 100,
      ...options,
    })
    this.#clients.push(nc)
    return { nc, js: jetstream(nc), jsm: await jetstreamManager(nc) }
  }

  async end(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()))
    await this.stop('SIGKILL')
    rmSync(this.folder, { recursive: true, force: true })
  }
}

export interface Client {
  nc: NatsConnection
  js: JetStreamClient
  jsm: JetStreamManager
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

async function listening(port: number): Promise<void> {
  for (let i = 0; i < 200; i++) {
    const open = await new Promise((resolve) => {
      const socket = connectSocket(port, '127.0.0.1', () => {
        socket.destroy()
        resolve(true)
      }).on('error', () => resolve(false))
    })
    if (open) return
    await sleep(25)
  }
  throw new Error(`nats-server does not listen on port ${port}`)
}

/** What a message of a stream held. */
export interface Stored {
  seq: number
  time: Date
  subject: string
  headers: Map<string, string>
  body: Uint8Array
}

/** All messages of a subject that a stream holds. */
export async function stored({ js, jsm }: Client, stream: string, subject: string): Promise<Stored[]> {
  const consumer = await js.consumers.get(stream, { filter_subjects: subject })
  const { num_pending: count } = await jsm.consumers.info(stream, (await consumer.info()).name)
  const messages: Stored[] = []
  if (count === 0) return messages
  const coming = await consumer.consume({ max_messages: 4096 })
  for await (const { seq, time, subject, headers, data } of coming) {
    const named = new Map<string, string>()
    for (const [key, values] of headers ?? []) named.set(key, values.join())
    messages.push({ seq, time, subject, headers: named, body: data.slice() })
    if (messages.length === count) break
  }
  coming.stop()
  return messages
}

/** Resolves once a condition holds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, seconds = 30): Promise<void> {
  const end = performance.now() + seconds * 1000
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`${what}: not in ${seconds} s`)
    await sleep(50)
  }
}
