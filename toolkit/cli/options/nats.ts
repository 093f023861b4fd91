/** Servers of NATS as commands take them; who we are to them stands in the environment. */
import type { Command } from 'commander'
import { addressOf } from '../../brokers/nats/address.ts'
import { type Connection, type Credentials, connect } from '../../brokers/nats/connection.ts'
import { UsageError } from '../../errors.ts'
import { notify } from '../view/messages.ts'

/** For the help of what connects. */
export const ENVIRONMENT = `
Who you are to the server stands in the environment, under the names of NATS' own command: NATS_USER and NATS_PASSWORD;
NATS_TOKEN; NATS_NKEY (a seed, or a file of it); NATS_CREDS (a file); and for TLS files of certificates and keys, NATS_CA,
NATS_CERT and NATS_KEY. An address that begins with tls:// is only spoken to by TLS.
The clients are installed beside this command: npm install @nats-io/transport-node@3.3 @nats-io/jetstream@3.3 @nats-io/kv@3.3`

export function credentialsOf(env: NodeJS.ProcessEnv): Credentials {
  const given = (name: string) => env[name] || undefined
  return {
    user: given('NATS_USER'),
    password: given('NATS_PASSWORD'),
    token: given('NATS_TOKEN'),
    nkey: given('NATS_NKEY'),
    credentials: given('NATS_CREDS'),
    ca: given('NATS_CA'),
    certificate: given('NATS_CERT'),
    key: given('NATS_KEY'),
  }
}

export async function connectTo(server: string, name: string): Promise<Connection> {
  return connect(server, { credentials: credentialsOf(process.env), name, onNotice: notify })
}

/** For commands that only need a server. */
export function addServerOption(command: Command): Command {
  return command.option('--server <url>', 'the NATS server, by default NATS_URL or nats://127.0.0.1:4222')
}

export function serverOf(given: string | undefined): string {
  const text = given ?? (process.env.NATS_URL || 'nats://127.0.0.1:4222')
  return addressOf('server', text, 'nats://HOST:PORT').server
}

export interface FromOptions {
  from: string
  durable?: string
}

/** The stream that messages come from, and which of them. */
export function sourceOf(from: string): { server: string; stream: string; filter?: string } {
  const expected = 'nats://HOST:PORT/STREAM, or nats://HOST:PORT/STREAM/SUBJECT'
  const { server, path } = addressOf('from', from, expected)
  if (path.length < 1 || path.length > 2) throw new UsageError(`\`from\` ${from}: expected ${expected}`)
  return { server, stream: path[0]!, filter: path[1] }
}

/** Where answers go. */
export function targetOf(to: string): { server: string; subject: string } {
  const expected = 'nats://HOST:PORT/SUBJECT'
  const { server, path } = addressOf('to', to, expected)
  if (path.length !== 1) throw new UsageError(`\`to\` ${to}: expected ${expected}`)
  return { server, subject: path[0]! }
}

/** A durable consumer's name has no dots and no spaces. */
export function durableFor(drone: string): string {
  return `nndrone-${drone.replace(/[^-\w]+/g, '_')}`
}
