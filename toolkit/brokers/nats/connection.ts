/** A connection to a NATS server, by the clients that the user installs. */
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { type ConnectionOptions as ConnectionOptionsOfTLS, checkServerIdentity } from 'node:tls'
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream'
import type { Kvm } from '@nats-io/kv'
import type { Authenticator, ConnectionOptions, MsgHdrs, NatsConnection, TlsOptions } from '@nats-io/transport-node'
import { fileError, InputError } from '../../errors.ts'
import { optional } from '../../optional.ts'
import { quoted } from '../../text.ts'

/** Who we are to the server: none of it belongs on a command line. */
export interface Credentials {
  user?: string
  password?: string
  token?: string
  /** The seed of an nkey, or a file that holds it. */
  nkey?: string
  /** A file of credentials. */
  credentials?: string
  /** Files: certificates of those who may sign the server's, and our own certificate and key. */
  ca?: string
  certificate?: string
  key?: string
}

export interface ConnectOptions {
  credentials?: Credentials
  /** As the server lists this connection. */
  name?: string
  /** Is told once that the server is away, and once that it is back. */
  onNotice?(text: string): void
}

export interface Connection {
  /** As it was named. */
  readonly server: string
  readonly nc: NatsConnection
  readonly js: JetStreamClient
  readonly jsm: JetStreamManager
  readonly kvm: Kvm
  headers(): MsgHdrs
  /** Sends what is still to be sent, and ends. */
  close(): Promise<void>
}

interface Clients {
  transport: typeof import('@nats-io/transport-node')
  jetstream: typeof import('@nats-io/jetstream')
  kv: typeof import('@nats-io/kv')
}

/** The newest that runs on Node 20: 3.4 brings a package that asks for Node 22. */
const INSTALL = 'npm install @nats-io/transport-node@3.3 @nats-io/jetstream@3.3 @nats-io/kv@3.3'

/** Milliseconds: a server that does not answer two pings is taken for gone. */
const PING = 5000

/** Milliseconds between attempts, the first and the longest. */
const [FIRST_PAUSE, LONGEST_PAUSE] = [100, 15_000]

/** @throws InputError where the clients are not installed, or the server does not answer */
export async function connect(server: string, options: ConnectOptions = {}): Promise<Connection> {
  const clients = await clientsOf()
  const { transport, jetstream, kv } = clients
  let away = 0
  const nc = await transport
    .connect({
      servers: serversOf(server),
      name: options.name ?? 'nndrone',
      ...{ maxReconnectAttempts: -1, pingInterval: PING, maxPingOut: 2, ignoreAuthErrorAbort: true },
      // Otherwise the client records a stack trace for each message that it sends, in case it fails.
      noAsyncTraces: true,
      // The client does not notice that a connection is lost before it is greeted.
      timeout: 2 * PING,
      reconnectDelayHandler: () => pause(away++),
      ...(await authentication(transport, options.credentials ?? {})),
      ...(await encryption(server, options.credentials ?? {})),
    })
    .catch((error) => {
      throw new InputError(`${server}: ${reasonOf(error)}`)
    })
  void tell(nc, server, options, () => {
    away = 0
  })
  const jsm = await jetstream.jetstreamManager(nc).catch(async (error) => {
    await nc.close()
    throw new InputError(`${server}: JetStream does not answer (${reasonOf(error)}); start the server with -js`)
  })
  return {
    ...{ server, nc, jsm, js: jetstream.jetstream(nc), kvm: new kv.Kvm(nc) },
    headers: transport.headers,
    close: async () => {
      // What cannot be sent now comes again elsewhere, since it was never acknowledged.
      await Promise.race([nc.drain().catch(() => {}), new Promise((resolve) => setTimeout(resolve, PING).unref())])
      await nc.close()
    },
  }
}

async function clientsOf(): Promise<Clients> {
  const [transport, jetstream, kv] = await Promise.all(
    ['transport-node', 'jetstream', 'kv'].map((name) => optional(`@nats-io/${name}`)),
  )
  if (transport && jetstream && kv) return { transport, jetstream, kv } as Clients
  throw new InputError(`NATS needs its clients, which are not installed: ${INSTALL}`)
}

/** Milliseconds before an attempt: longer each time, and by chance, so that many workers do not come back at once. */
export function pause(attempt: number): number {
  return Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(attempt, 20)) * (0.5 + Math.random() / 2)
}

async function authentication(
  transport: Clients['transport'],
  given: Credentials,
): Promise<Partial<ConnectionOptions>> {
  const { user, password, token, nkey, credentials } = given
  const authenticators: Authenticator[] = []
  if (user !== undefined) authenticators.push(transport.usernamePasswordAuthenticator(user, password))
  if (token !== undefined) authenticators.push(transport.tokenAuthenticator(token))
  if (nkey !== undefined) {
    const seed = /^S[A-Z0-9]{50,}$/.test(nkey) ? Buffer.from(nkey) : await content(nkey)
    authenticators.push(transport.nkeyAuthenticator(new TextEncoder().encode(seed.toString().trim())))
  }
  if (credentials !== undefined) authenticators.push(transport.credsAuthenticator(await content(credentials)))
  return authenticators.length === 0 ? {} : { authenticator: authenticators }
}

async function encryption(server: string, { ca, certificate, key }: Credentials): Promise<{ tls?: TlsOptions }> {
  if (!server.startsWith('tls:') && ca === undefined && certificate === undefined) return {}
  return {
    tls: {
      ...namedByAddress(server),
      ...(ca !== undefined && { ca: (await content(ca)).toString() }),
      ...(certificate !== undefined && { cert: (await content(certificate)).toString() }),
      ...(key !== undefined && { key: (await content(key)).toString() }),
    },
  }
}

/** Hosts, each with its port where that was given. */
function serversOf(server: string): string[] {
  return server.replace(/^\w+:\/\//, '').split(',')
}

/**
 * The client names no host to TLS where it is an address, since none may be asked for; Node then takes "localhost" for what
 * the certificate has to be of. It has to be of an address that the user named.
 */
function namedByAddress(server: string): TlsOptions {
  const hosts = serversOf(server).map((host) => host.replace(/:\d+$/, '').replace(/^\[|\]$/g, ''))
  if (!hosts.every((host) => isIP(host) > 0)) return {}
  const check: ConnectionOptionsOfTLS['checkServerIdentity'] = (_, certificate) => {
    const reasons = hosts.map((host) => checkServerIdentity(host, certificate))
    return reasons.every((reason) => reason !== undefined) ? reasons[0] : undefined
  }
  return { checkServerIdentity: check } as TlsOptions
}

async function content(path: string): Promise<Buffer> {
  return readFile(path).catch((error) => {
    throw fileError(path, error)
  })
}

/** Tells once that the server is away, however long that lasts, and once that it is back. */
async function tell(nc: NatsConnection, server: string, { onNotice }: ConnectOptions, onBack: () => void) {
  let since: number | undefined
  for await (const status of nc.status()) {
    if (status.type === 'disconnect' && since === undefined && !nc.isClosed() && !nc.isDraining()) {
      since = Date.now()
      onNotice?.(`${server} is away; trying again until it is back`)
    } else if (status.type === 'reconnect' && since !== undefined) {
      onNotice?.(`${server} is back after ${((Date.now() - since) / 1000).toFixed(1)} s`)
      since = undefined
      onBack()
    }
  }
}

/** The reasons of the client in our words, where it has none that a person would understand. */
export function reasonOf(error: unknown): string {
  const { name, message, cause } = error as Error
  const text = message || (cause as Error | undefined)?.message || name
  if (/ECONNREFUSED|connection refused/i.test(`${text} ${cause}`)) return 'connection refused; is the server running?'
  if (/undefined error|ECONNRESET/.test(`${text} ${cause}`)) return 'the connection was cut before the server answered'
  if (name === 'TimeoutError') return 'no answer in time'
  if (/ENOTFOUND|EAI_AGAIN/.test(`${text} ${cause}`)) return 'no such host'
  if (name === 'AuthorizationError') {
    return `${text.toLowerCase()}; NATS_USER and NATS_PASSWORD, NATS_TOKEN, NATS_NKEY or NATS_CREDS say who you are`
  }
  return text === '' ? quoted(String(error)) : text
}
