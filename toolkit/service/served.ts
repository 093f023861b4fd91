/** One version of a model, ready to score, with what is known of the events that it scored. */
import type { Drone, Numbers, Teacher } from 'nndrone'
import { Counts, type DriftMeasure, DriftWindow, type Reference, referenceOf } from '../drift/index.ts'
import { type Counter, type Histogram, quantileOf, type Registry, type Snapshot } from '../metrics/index.ts'
import { EVENTS, FAILURES, REASONS, REQUESTS, SCORES, SECONDS, TIME } from './meters.ts'
import { type PeerState, windowKey } from './peers.ts'

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

  /** How the latest events of all processes differ from those of the training. */
  measure(peers: readonly PeerState[]): DriftMeasure | undefined {
    if (!this.window) return undefined
    const { counts } = this.window
    const all = new Counts(counts.reference, counts)
    all.merge(counts)
    for (const { windows } of peers) {
      const theirs = windows[windowKey(this)]
      if (theirs) all.mergeJSON(theirs)
    }
    return all.measure()
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
  }

  /** A request was answered, @param seconds after it had come. */
  done(seconds: number): void {
    this.requests.add()
    this.time.add(Math.round(1e6 * seconds))
    this.seconds.observe(seconds)
  }

  /** The figures of all processes: counts, seconds in all, and seconds that half and 99 % of the requests took at most. */
  live(others: readonly Snapshot[]) {
    const sum = ([name]: readonly [string, string]) => this.#registry.numbers(name, this.#labels, others)[0]!
    const { model, version } = this.#labels
    const labels = { model_name: model, model_version: version }
    const seconds = this.#registry.numbers(SECONDS.name, labels, others)
    const requests = sum(REQUESTS)
    const latency = requests > 0 && {
      p50: quantileOf(SECONDS.ends, seconds, 0.5),
      p99: quantileOf(SECONDS.ends, seconds, 0.99),
    }
    const failures = REASONS.reduce((all, reason) => {
      return all + (this.#registry.numbers(FAILURES[0], { ...this.#labels, reason }, others)[0] ?? 0)
    }, 0)
    return { requests, events: sum(EVENTS), failures, seconds: sum(TIME) / 1e6, ...(latency && { latency }) }
  }

  failed(reason: (typeof REASONS)[number]): void {
    this.#registry.counter(...FAILURES, { ...this.#labels, reason }).add()
  }
}
