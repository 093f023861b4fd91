/** Drones in a key-value bucket: versions by number, and the newest as soon as it is put. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { KV, KvEntry } from '@nats-io/kv'
import { InputError } from '../../errors.ts'
import { counted, quoted } from '../../text.ts'
import type { Bucket, Put } from '../broker.ts'
import type { Place } from './address.ts'
import { type Connection, pause, reasonOf } from './connection.ts'

/** Versions of each drone that a bucket keeps, which is what NATS allows. */
const HISTORY = 64

/** Puts a version, in a bucket that is made where there is none. Returns its number. */
export async function putDrone({ kvm, nc, server }: Connection, { bucket, key }: Place, bytes: Uint8Array) {
  const most = nc.info?.max_payload ?? 1 << 20
  if (bytes.length > most - 512) {
    throw new InputError(
      `kv://${bucket}/${key}: ${counted(bytes.length, 'byte')}, but ${server} takes ${most} in a message (max_payload)`,
    )
  }
  return during(`kv://${bucket}/${key}`, async () => {
    const kv = await kvm.create(bucket, { history: HISTORY })
    return kv.put(key!, bytes)
  })
}

/** The versions of a drone that are kept, the oldest first. */
export async function historyOf(connection: Connection, { bucket, key }: Place): Promise<Put[]> {
  const kv = await bucketOf(connection, bucket)
  return during(`kv://${bucket}/${key}`, async () => {
    const versions: Put[] = []
    for await (const entry of await kv.history({ key: key! })) versions.push(putOf(entry))
    return versions
  })
}

/** @throws InputError where the version is not kept any more */
export async function versionOf(connection: Connection, { bucket, key }: Place, revision: number): Promise<Put> {
  const versions = await historyOf(connection, { bucket, key })
  const found = versions.find((version) => version.revision === revision && !version.gone)
  if (found) return found
  const kept = versions.filter(({ gone }) => !gone).map((version) => version.revision)
  const there = kept.length > 0 ? `there are ${kept.join(', ')}` : 'there is none'
  throw new InputError(`kv://${bucket}/${key}: no version ${revision}; ${there}`)
}

/**
 * @param place a key, or a whole bucket
 * @throws InputError where there is nothing yet
 */
export async function watchDrones(connection: Connection, { bucket, key }: Place): Promise<Bucket> {
  const kv = await bucketOf(connection, bucket)
  const place = `kv://${bucket}${key === undefined ? '' : `/${key}`}`
  const first = await during(place, () => standing(kv, key))
  if (first.length === 0) throw new InputError(`${place}: nothing was put there yet; nndrone publish drone.json does`)
  let seen = Math.max(...first.map(({ revision }) => revision))
  let watch: Awaited<ReturnType<KV['watch']>> | undefined
  let stopped = false
  async function follow(see: (put: Put) => void): Promise<void> {
    for (let attempt = 0; !stopped; attempt++) {
      try {
        // From here on, whatever is newer than what was seen.
        watch = await kv.watch({ key: key ?? '>', resumeFromRevision: seen + 1 })
        if (stopped) watch.stop()
        for await (const entry of watch) {
          seen = entry.revision
          attempt = 0
          see(putOf(entry))
        }
      } catch {
        // The connection tells when it is lost; it comes back.
      }
      if (!stopped) await sleep(pause(attempt))
    }
  }
  return {
    ...{ place, name: key ?? bucket, first },
    follow: (see) => void follow(see),
    stop() {
      stopped = true
      watch?.stop()
    },
  }
}

async function standing(kv: KV, key: string | undefined): Promise<Put[]> {
  const keys: string[] = []
  if (key !== undefined) keys.push(key)
  else for await (const each of await kv.keys()) keys.push(each)
  const entries = await Promise.all(keys.map((each) => kv.get(each)))
  return entries
    .filter((entry) => entry !== null)
    .map(putOf)
    .filter(({ gone }) => !gone)
}

async function bucketOf({ kvm, jsm, server }: Connection, bucket: string): Promise<KV> {
  await jsm.streams.info(`KV_${bucket}`).catch((error) => {
    if (!/not found/i.test(error.message)) throw new InputError(`kv://${bucket}: ${reasonOf(error)}`)
    throw new InputError(`${server}: no bucket ${quoted(bucket)}; nndrone publish makes it`)
  })
  return kvm.open(bucket)
}

function putOf({ key, revision, value, created, operation }: KvEntry): Put {
  return { key, revision, bytes: value, created, gone: operation !== 'PUT' }
}

async function during<Result>(place: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof InputError) throw error
    throw new InputError(`${place}: ${reasonOf(error)}`)
  }
}
