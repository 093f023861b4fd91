/** Where messages of NATS come from, and where what is answered goes. */
import type { StreamInfo } from '@nats-io/jetstream'
import { InputError } from '../../errors.ts'
import { quoted } from '../../text.ts'
import { type Connection, reasonOf } from './connection.ts'

export interface Places {
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

/** Whether a subject is one of those that a filter with wildcards takes. */
export function matches(filter: string, subject: string): boolean {
  const [parts, tokens] = [filter.split('.'), subject.split('.')]
  for (const [i, part] of parts.entries()) {
    if (part === '>') return tokens.length > i
    if (tokens[i] === undefined || (part !== '*' && part !== tokens[i])) return false
  }
  return parts.length === tokens.length
}
