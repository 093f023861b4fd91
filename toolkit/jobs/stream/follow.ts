/** Drones of a bucket: one alone, or all of them as a swarm; newer versions take the places of those that score. */
import { DroneError } from 'nndrone'
import { Swarm } from 'nndrone/swarm'
import type { Bucket, Put } from '../../brokers/broker.ts'
import { InputError } from '../../errors.ts'
import { DroneModel, type Model, readModel } from '../../models/index.ts'
import { listed } from '../../text.ts'
import type { JobOptions } from '../job.ts'
import type { VersionedModel } from './scorer.ts'
import { hashOf } from './version.ts'

/** A model that scores now, and how newer ones are heard of. */
export interface Followed {
  model: VersionedModel
  follow(swap: (next: VersionedModel) => void): void
  stop(): void
}

/** The drone of one key. @throws InputError where it is broken */
export async function followDrone(bucket: Bucket, { onNotice }: JobOptions = {}): Promise<Followed> {
  let current = await droneOf(bucket, bucket.first[0]!)
  const next = async (put: Put) => {
    if (put.gone) throw new InputError('the drone was deleted')
    return droneOf(bucket, put)
  }
  return followed(bucket, current, async (put, swap) => {
    const newer = await replaced(put, bucket, () => current, { next, swap, onNotice })
    current = newer ?? current
  })
}

/** All drones of a bucket as one model, whose scores have the names of the keys. @throws InputError where one is broken */
export async function followSwarm(bucket: Bucket, { onNotice }: JobOptions = {}): Promise<Followed> {
  let puts = new Map(bucket.first.map((put) => [put.key, put]))
  let current = swarmOf(bucket, puts)
  return followed(bucket, current, async (put, swap) => {
    const wanted = new Map(puts)
    if (put.gone) wanted.delete(put.key)
    else wanted.set(put.key, put)
    const next = async () => {
      if (wanted.size === 0) throw new InputError('the last drone was deleted')
      return swarmOf(bucket, wanted)
    }
    const newer = await replaced(put, bucket, () => current, { next, swap, onNotice })
    if (newer) [current, puts] = [newer, wanted]
  })
}

type Swap = Parameters<Followed['follow']>[0]

/** What is put is taken one after the other, in the order in which it was put. */
function followed(bucket: Bucket, model: VersionedModel, take: (put: Put, swap: Swap) => Promise<void>): Followed {
  let last = Promise.resolve()
  return {
    model,
    stop: () => bucket.stop(),
    follow(swap) {
      bucket.follow((put) => {
        last = last.then(() => take(put, swap))
      })
    },
  }
}

interface Replacement extends Pick<JobOptions, 'onNotice'> {
  next(put: Put): Promise<VersionedModel>
  swap(next: VersionedModel): void
}

/** The newer model, which scores now; undefined where it cannot, and the old one goes on. */
async function replaced(
  put: Put,
  { place }: Bucket,
  current: () => VersionedModel,
  { next, swap, onNotice }: Replacement,
): Promise<VersionedModel | undefined> {
  const where = `${place}, version ${put.revision}`
  const old = current()
  try {
    const newer = await next(put)
    swap(newer)
    onNotice?.(`${where}: scores now, instead of ${old.version}`)
    if (old.model instanceof DroneModel) old.model.drone.dispose()
    await old.model.close?.()
    return newer
  } catch (error) {
    if (!(error instanceof InputError || error instanceof DroneError)) throw error
    onNotice?.(`warning: ${where}: ${error.message}; version ${old.version} goes on`)
    return undefined
  }
}

async function droneOf({ place, name }: Bucket, { revision, bytes }: Put): Promise<VersionedModel> {
  const model = await readModel({ path: place, bytes: Buffer.from(bytes) })
  return { model, name, version: String(revision), hash: hashOf(bytes) }
}

function swarmOf({ place, name }: Bucket, puts: ReadonlyMap<string, Put>): VersionedModel {
  const drones = [...puts.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
  const swarm = new Swarm()
  const strict = new Set<string>()
  for (const { key, bytes } of drones) {
    try {
      const drone = new DroneModel({ path: `kv://${name}/${key}`, bytes: Buffer.from(bytes) })
      for (const input of drone.inputs) if (!drone.optional.has(input)) strict.add(input)
      swarm.add(key, drone.drone)
      drone.drone.dispose()
    } catch (error) {
      swarm.dispose()
      throw error instanceof DroneError ? new InputError(`${key}: ${error.message}`) : error
    }
  }
  const { inputs, outputs } = swarm
  const model: Model = {
    ...{ file: { path: place, name }, inputs, outputs },
    optional: new Set(inputs.filter((input) => !strict.has(input))),
    predictBatch: (events) => swarm.predictBatch(events),
    describe: () => ({ format: 'swarm', inputs, outputs, drones: listed(swarm.drones) }),
    close: async () => swarm.dispose(),
  }
  // The revisions of a bucket are counted over all its keys: the newest tells of all.
  const version = String(Math.max(...drones.map(({ revision }) => revision)))
  const hash = hashOf(Buffer.from(drones.map(({ key, bytes }) => `${key} ${hashOf(bytes)}\n`).join('')))
  return { model, strict: true, name, version, hash }
}
