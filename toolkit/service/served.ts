/** One version of a model, ready to score, with what is known of the events that it scored. */
import type { Drone, Numbers, Teacher } from 'nndrone'
import { DriftWindow, type Reference, referenceOf } from '../drift/index.ts'
import type { Counter, Histogram, Registry } from '../metrics/index.ts'
import { EVENTS, FAILURES, OUTSIDE, REQUESTS, SCORES, SECONDS, TIME } from './meters.ts'

/** What is served: a drone, or a teacher that was named at the start. */
export interface Source {
  /** What answers. */
  readonly scorer: Teacher
  /** Where it is one. */
  readonly drone?: Drone
  /** The document as it was given; a teacher has none. */
  readonly document?: Uint8Array
  /** What it is, for people. */
  readonly platform: string
  readonly sha256: string
}

export class Served {
  readonly name: string
  readonly version: string
  readonly source: Source
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Where each input stands. */
  readonly places: ReadonlyMap<string, number>
  /** When it was taken up, in milliseconds. */
  readonly since = Date.now()
  /** The latest events beside those of the training; of a drone alone. */
  readonly window: DriftWindow | undefined
  readonly reference: Reference | undefined
  readonly meters: Meters

  constructor(name: string, version: string, source: Source, registry: Registry, window: number) {
    this.name = name
    this.version = version
    this.source = source
    this.inputs = source.scorer.inputs
    this.outputs = source.scorer.outputs
    this.places = new Map(this.inputs.map((input, i) => [input, i]))
    this.reference = source.drone && referenceOf(source.drone.network)
    this.window = this.reference && new DriftWindow(this.reference, window)
    this.meters = new Meters(registry, { model: name, version })
  }

  /** Scores events [n × inputs] → [n × outputs], and counts them. A drone answers at once. */
  score(rows: Numbers): Float32Array | Promise<Float32Array> {
    const answers = this.source.scorer.predictBatch(rows) as Float32Array | Promise<Float32Array>
    return answers instanceof Float32Array
      ? this.#counted(rows, answers)
      : answers.then((some) => this.#counted(rows, some))
  }

  #counted(rows: Numbers, scores: Float32Array): Float32Array {
    const count = rows.length / this.inputs.length
    const height = this.outputs.length
    this.window?.add(rows, scores, count)
    this.meters.events.add(count)
    for (let n = 0; n < count; n++) this.meters.scores.observe(scores[n * height]!)
    return scores
  }
}

/** The figures of one version, asked for once: a request only adds. */
class Meters {
  readonly requests: Counter
  readonly events: Counter
  readonly time: Counter
  readonly seconds: Histogram
  readonly scores: Histogram
  readonly #registry: Registry
  readonly #labels: { model: string; version: string }

  constructor(registry: Registry, labels: { model: string; version: string }) {
    this.#registry = registry
    this.#labels = labels
    this.requests = registry.counter(...REQUESTS, labels)
    this.events = registry.counter(...EVENTS, labels)
    this.time = registry.counter(...TIME, labels)
    const { model, version } = labels
    this.seconds = registry.histogram(SECONDS.name, SECONDS.help, SECONDS.ends, {
      model_name: model,
      model_version: version,
    })
    this.scores = registry.histogram(SCORES.name, SCORES.help, SCORES.ends, labels)
    registry.gauge(...OUTSIDE, labels)
  }

  /** A request was answered, @param seconds after it had come. */
  done(seconds: number): void {
    this.requests.add()
    this.time.add(Math.round(1e6 * seconds))
    this.seconds.observe(seconds)
  }

  /** Requests that failed. */
  failures = 0

  /** Seconds that half of the requests took at most, and 99 %; undefined where there was none. */
  get latency(): { p50: number; p99: number } | undefined {
    const p50 = this.seconds.quantile(0.5)
    return Number.isNaN(p50) ? undefined : { p50, p99: this.seconds.quantile(0.99) }
  }

  failed(reason: string): void {
    this.failures++
    this.#registry.counter(...FAILURES, { ...this.#labels, reason }).add()
  }
}
