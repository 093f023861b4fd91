/** --metrics: what a worker did and how its events differ from the training, as Prometheus reads it; by the service's names. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { NatsCounts } from '../../brokers/nats/index.ts'
import { DriftWindow, referenceOf } from '../../drift/index.ts'
import { InputError } from '../../errors.ts'
import type { ScoredMessage, VersionedModel } from '../../jobs/stream/index.ts'
import { type Counter, type Histogram, Registry } from '../../metrics/index.ts'
import { DroneModel } from '../../models/index.ts'

const MESSAGES = ['nv_inference_request_success', 'Messages of which an event was scored.'] as const
const FAILURES = ['nv_inference_request_failure', 'Events that could not be scored.'] as const
const EVENTS = ['nv_inference_count', 'Events that were scored.'] as const
const SCORES = ['nndrone_score', 'Scores of the first output.'] as const
const ENDS = Array.from({ length: 20 }, (_, k) => (k + 1) / 20)
const VERSION = ['nndrone_model_version', '1 for the version that scores.'] as const
const OUTSIDE = [
  'nndrone_out_of_domain_fraction',
  'The fraction of the events of the window with a value out of the range of the training.',
] as const
const WINDOW_EVENTS = ['nndrone_window_events', 'Events in the window of the drift.'] as const
const PSI = [
  'nndrone_drift_psi',
  'Population stability index of an input or a score against the training, over the window.',
] as const
const KS = [
  'nndrone_drift_ks',
  'Statistic of Kolmogorov and Smirnov of an input or a score against the training, over the window.',
] as const
const BROKER = {
  redelivered: ['nndrone_stream_redelivered', 'Messages that had been delivered before.'],
  dropped: ['nndrone_stream_dropped', 'Answers and dead letters that the broker had already.'],
  late: ['nndrone_stream_late', 'Answers that may be there twice, since the broker had forgotten what it had.'],
} as const

/** The figures of one version. */
interface Meters {
  model: VersionedModel
  messages: Counter
  events: Counter
  failures: Counter
  scores: Histogram
  window: DriftWindow | undefined
}

export class StreamMetrics {
  readonly #registry = new Registry()
  #meters: Meters | undefined

  /** @param broker what was seen of it by now */
  constructor(broker: () => NatsCounts) {
    const registry = this.#registry
    registry.onCollect(() => {
      for (const [key, [name, help]] of Object.entries(BROKER)) {
        registry.gauge(name, help).value = broker()[key as keyof NatsCounts]
      }
      for (const [name] of [VERSION, PSI, KS, OUTSIDE, WINDOW_EVENTS]) registry.forget({}, name)
      if (this.#meters) this.#tell(this.#meters)
    })
  }

  see({ rows, scores, scored, refusals }: ScoredMessage, model: VersionedModel): void {
    if (this.#meters?.model !== model) this.#meters = this.#metersOf(model)
    const { messages, events, failures, window, scores: histogram } = this.#meters
    if (scored > 0) messages.add()
    events.add(scored)
    failures.add(refusals.length)
    const width = model.model.outputs.length
    for (let at = 0; at < scores.length; at += width) histogram.observe(scores[at]!)
    window?.add(rows, scores)
  }

  text(): string {
    return this.#registry.text()
  }

  /** @throws InputError where nobody can listen there */
  async listen(port: number): Promise<Server> {
    const server = createServer((request, response) => {
      const known = request.url === '/metrics'
      response.writeHead(known ? 200 : 404, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
      response.end(known ? this.text() : 'see /metrics\n')
    }).listen(port, '127.0.0.1')
    await once(server, 'listening').catch((error) => {
      throw new InputError(`\`metrics\` ${port}: ${error.code === 'EADDRINUSE' ? 'the port is taken' : error.message}`)
    })
    return server
  }

  #metersOf(model: VersionedModel): Meters {
    const labels = { model: model.name, version: model.version }
    const registry = this.#registry
    const drone = model.model instanceof DroneModel ? model.model.drone : undefined
    return {
      model,
      messages: registry.counter(...MESSAGES, labels),
      events: registry.counter(...EVENTS, labels),
      failures: registry.counter(...FAILURES, labels),
      scores: registry.histogram(...SCORES, ENDS, labels),
      window: drone && new DriftWindow(referenceOf(drone.network)),
    }
  }

  #tell({ model, window }: Meters): void {
    const registry = this.#registry
    const labels = { model: model.name, version: model.version }
    registry.gauge(...VERSION, { ...labels, sha256: model.hash }).value = 1
    if (!window) return
    const { events, outside, variables } = window.measure()
    registry.gauge(...WINDOW_EVENTS, labels).value = events
    registry.gauge(...OUTSIDE, labels).value = events > 0 ? outside : 0
    for (const { kind, name, psi, ks } of variables) {
      registry.gauge(...PSI, { ...labels, kind, name }).value = psi
      registry.gauge(...KS, { ...labels, kind, name }).value = ks
    }
  }
}
