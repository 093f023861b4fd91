/** One worker: it scores until it is told to stop. */
import type { Server } from 'node:http'
import { hostname } from 'node:os'
import { isPlace, placeOf } from '../../brokers/nats/address.ts'
import type { Connection } from '../../brokers/nats/connection.ts'
import { watchDrones } from '../../brokers/nats/drones.ts'
import { NatsBroker } from '../../brokers/nats/index.ts'
import { answerStatus, type WorkerStatus } from '../../brokers/nats/status.ts'
import { type Followed, followDrone, followSwarm } from '../../jobs/stream/follow.ts'
import { checkScoring, scoreMessages, type VersionedModel } from '../../jobs/stream/index.ts'
import { versioned } from '../../jobs/stream/version.ts'
import { openModel } from '../../models/index.ts'
import type { Scaling } from '../../scaling/scaling.ts'
import { INTERRUPTED, type Interruptions } from '../interrupt.ts'
import { connectTo, durableFor, sourceOf, targetOf } from '../options/nats.ts'
import { scaleFromOf } from '../options/scale.ts'
import { notify, say } from '../view/messages.ts'
import { type Done, tell } from './done.ts'
import { StreamMetrics } from './metrics.ts'
import type { StreamCommandOptions } from './options.ts'
import { asWorker } from './workers.ts'

export async function runStream(drone: string, options: StreamCommandOptions, interruptions: Interruptions) {
  const worker = asWorker()
  const done = await interruptions.during(async (signal, savable) => {
    savable()
    return stream(drone, options, worker ? AbortSignal.any([signal, worker.stop]) : signal, worker?.ready)
  })
  // To be told to stop is how a worker ends.
  process.exitCode = interruptions.code === INTERRUPTED ? INTERRUPTED : 0
  if (worker) await worker.finish(done)
  else tell(done, options)
}

async function stream(
  drone: string,
  options: StreamCommandOptions,
  signal: AbortSignal,
  ready: () => void = () => {},
): Promise<Done> {
  const began = performance.now()
  const source = sourceOf(options.from)
  const target = targetOf(options.to)
  const scaleFrom = (await scaleFromOf(options.scaleFrom)) as Scaling | undefined
  // What is wrong with a file is said before the broker is asked.
  const file = isPlace(drone)
    ? undefined
    : versioned(await openModel(drone, { ...options, columns: options.features?.length }))
  const name = (what: string) => `nndrone stream ${what} ${process.pid}`
  const from = await connectTo(source.server, name(source.stream))
  const to = target.server === source.server ? from : await connectTo(target.server, name(target.subject))
  let followed: Followed | undefined
  let server: Server | undefined
  try {
    followed = file ? undefined : await followedDrone(from, drone)
    const model = followed?.model ?? file!
    const { keep, cut, onlyPassing, features, onError } = options
    const scoring = { keep, cut, onlyPassing, features, scaleFrom, onNotice: notify }
    checkScoring(model, scoring)
    const { subject } = target
    const durable = options.durable ?? durableFor(model.name)
    const dead = options.onError === 'dead' ? (options.dead ?? `${subject}.dead`) : undefined
    const { stream, filter } = source
    const { inOrder: ordered } = options
    const broker = await NatsBroker.open({
      ...{ from, to, stream, filter, subject, dead, durable, drone: model.name, ordered, onNotice: notify },
    })
    const watching = new Watching(broker, model)
    answerStatus(from, stream, durable, () => watching.status)
    const metrics = options.metrics === undefined ? undefined : new StreamMetrics(() => broker.counts)
    server = await metrics?.listen(options.metrics!)
    say(`${options.from} → ${options.to}: drone ${model.name}, version ${model.version}, durable ${durable}`)
    ready()
    const counts = await scoreMessages({
      ...{ ...scoring, broker, model, onError, signal },
      follow: followed?.follow,
      onScored(scored, version) {
        watching.see(scored, version)
        metrics?.see(scored, version)
      },
    })
    return { ...counts, ...broker.counts, seconds: (performance.now() - began) / 1000 }
  } finally {
    followed?.stop()
    server?.close()
    await from.close()
    if (to !== from) await to.close()
    await file?.model.close?.()
  }
}

async function followedDrone(connection: Connection, drone: string): Promise<Followed> {
  const place = placeOf(drone)
  const bucket = await watchDrones(connection, place)
  return place.key === undefined ? followSwarm(bucket, { onNotice: notify }) : followDrone(bucket, { onNotice: notify })
}

/** Seconds over which the pace is measured. */
const PACE = 5

/** What this worker says of itself. */
class Watching {
  readonly #broker: NatsBroker
  readonly #since = new Date().toISOString()
  #version: VersionedModel
  #counts = { messages: 0, events: 0, scored: 0, refused: 0 }
  #before = { messages: 0, at: performance.now() }
  #pace = 0

  constructor(broker: NatsBroker, version: VersionedModel) {
    this.#broker = broker
    this.#version = version
  }

  see(scored: { events: number; scored: number; refusals: readonly unknown[] }, version: VersionedModel): void {
    this.#version = version
    const counts = this.#counts
    counts.messages++
    counts.events += scored.events
    counts.scored += scored.scored
    counts.refused += scored.refusals.length
  }

  get status(): WorkerStatus {
    const { name: drone, version, hash } = this.#version
    const seconds = (performance.now() - this.#before.at) / 1000
    if (seconds > PACE || this.#pace === 0) {
      this.#pace = (this.#counts.messages - this.#before.messages) / seconds
      this.#before = { messages: this.#counts.messages, at: performance.now() }
    }
    return {
      worker: `${hostname()} ${process.pid}`,
      ...{ drone, version, hash, since: this.#since },
      ...this.#counts,
      ...this.#broker.counts,
      held: this.#broker.held,
      pace: Math.round(this.#pace),
    }
  }
}
