/** Where things are at a NATS server: `nats://HOST:PORT/STREAM/SUBJECT`, and in its key-value buckets: `kv://BUCKET/KEY`. */
import { UsageError } from '../../errors.ts'
import { quoted } from '../../text.ts'

/** Servers of one cluster, as `nats://a:4222,b:4222`, and what stands behind them. */
export interface Address {
  readonly server: string
  /** What follows the server, in parts between slashes. */
  readonly path: readonly string[]
}

/** A bucket, or one of its keys. */
export interface Place {
  readonly bucket: string
  readonly key?: string
}

const FORM = /^((?:nats|tls):\/\/[^/]+)\/*(.*)$/

/**
 * @param expected as the message shows it
 * @throws UsageError where it is no such address
 */
export function addressOf(option: string, text: string, expected: string): Address {
  const [, server, path] = FORM.exec(text) ?? []
  // What stands before the @ is a secret, which a message would show.
  if (/^\w+:\/\/[^/]*@/.test(text)) {
    throw new UsageError(
      `\`${option}\`: leave user and password out, since others can read the command line; give them by NATS_USER and NATS_PASSWORD`,
    )
  }
  if (server !== undefined) return { server, path: path!.split('/').filter((part) => part !== '') }
  throw new UsageError(`\`${option}\` ${quoted(text)}: expected ${expected}`)
}

const BUCKET = /^[-\w]+$/
const KEY = /^[-/=.\w]+$/

export function isPlace(text: string): boolean {
  return text.startsWith('kv://')
}

/** @throws UsageError where it is no bucket, or a key is wanted and missing */
export function placeOf(text: string, wantsKey = false): Place {
  const [, bucket, key] = /^kv:\/\/([^/]*)(?:\/(.*))?$/.exec(text) ?? []
  const fits = bucket !== undefined && BUCKET.test(bucket) && (key ? KEY.test(key) : !wantsKey)
  if (fits) return { bucket, key: key || undefined }
  throw new UsageError(
    `${quoted(text)}: expected kv://BUCKET/KEY${wantsKey ? '' : ' or kv://BUCKET'}, of letters, digits, - and _`,
  )
}
