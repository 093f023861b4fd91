/** A drone: a network that lives in an engine and scores events. */

import { Random } from './arithmetic/random.ts'
import type { Engine, EngineName, Numbers, Resident } from './engines/api.ts'
import { loadEngine, sharedEngine } from './engines/index.ts'
import { EvaluationError, shown } from './errors.ts'
import {
  checkBatch,
  checkMissing,
  checkOut,
  checkRecord,
  type EventRecord,
  ownValue,
  type Row,
  refuseDisposed,
  refuseLength,
} from './events.ts'
import { holds, releases } from './memory.ts'
import { domainOf, type Range } from './model/domain.ts'
import { checkExpandable, deepened, newUnit, type UnitOptions } from './model/growth.ts'
import { type DroneJSON, toNetwork, writeNetwork } from './model/json.ts'
import { hiddenUnits, type Network, parameterCount } from './model/network.ts'
import { Single } from './single/kernels.ts'
import { scoreRecord } from './single/records.ts'
import { scoreRow } from './single/rows.ts'

export interface DroneOptions {
  /** Which engine runs the drone: by name, the one that all share; or one of your own. */
  engine?: EngineName | Engine
}

/** What comes out of a stream: a record with the scores by name, or a row with the scores appended. */
export type ScoredEvent = EventRecord | (number | null | undefined)[]

export interface TransformOptions {
  /**
   * Called with an event that cannot be scored, and its number in the stream, from 0. What it returns comes out in the
   * event's place as it is; undefined leaves the event out; what it throws ends the stream.
   */
  onError?(
    error: EvaluationError,
    event: Row | EventRecord,
    index: number,
  ): ScoredEvent | undefined | Promise<ScoredEvent | undefined>
}

export class Drone {
  /** The inputs' names, in the order of an event's values. */
  readonly inputs: readonly string[]
  /** The outputs' names, in the order of the scores. */
  readonly outputs: readonly string[]
  readonly #engine: Engine
  #resident: Resident
  #network: Network
  #domain: (Range | undefined)[] | undefined
  /** Inputs of an event, or −1 once disposed: then no event has the right length, and the fast path needs no check. */
  #width: number
  readonly #several: boolean
  readonly #single: Single

  private constructor(network: Network, engine: Engine) {
    this.inputs = Object.freeze(network.inputs.map((input) => input.name))
    this.outputs = Object.freeze([...network.outputs])
    this.#network = network
    this.#engine = engine
    this.#resident = engine.place(network)
    this.#width = this.inputs.length
    this.#several = this.outputs.length > 1
    this.#single = new Single(this.inputs, this.outputs.length, engine, this.#resident, (record, ...values) => {
      values.length = this.inputs.length
      if (record) this.#leaveOut(values, record)
      this.#write(values as Row)
      return this.#score()
    })
    holds(this, this.#resident)
  }

  /**
   * A drone from a document, its text, or a network. Compiles the kernels at once if no drone has done so before.
   * @throws ConfigurationError that names the place and the value
   */
  static from(document: unknown, options: DroneOptions = {}): Drone {
    const engine = options?.engine ?? undefined
    return new Drone(toNetwork(document), typeof engine === 'object' ? engine : sharedEngine(engine))
  }

  /** As `from`, but compiles the kernels without blocking, as browsers prefer. */
  static async load(document: unknown, options: DroneOptions = {}): Promise<Drone> {
    const engine = options?.engine ?? undefined
    if (typeof engine !== 'object') await loadEngine(engine)
    return Drone.from(document, options)
  }

  /** Which engine runs it. */
  get engine(): EngineName {
    return this.#engine.name
  }

  /** Weights and biases of all layers. */
  get parameters(): number {
    return parameterCount(this.#network)
  }

  /** Units of every layer but the last. */
  get hidden(): number[] {
    return hiddenUnits(this.#network)
  }

  /** The plain description of what it is; a copy. */
  get network(): Network {
    const { layers, ...rest } = this.#network
    return {
      ...rest,
      layers: layers.map((layer) => ({ ...layer, weights: layer.weights.slice(), bias: layer.bias.slice() })),
    }
  }

  /**
   * Scores one event.
   * @returns the output, where there is one; of several, use `predictInto`
   * @throws EvaluationError on a wrong length, a value that is not a number, or a missing one without a default
   */
  predict(event: Row): number {
    if (event?.length === this.#single.count) return scoreRow(this.#single, event)
    this.#write(event)
    if (this.#several) this.#refuseSeveral('predict')
    return this.#score()
  }

  /** Scores one event given by the names of the inputs; else as `predict`. */
  predictRecord(event: EventRecord): number {
    if (this.#single.count > 0 && typeof event === 'object' && event !== null) {
      return scoreRecord(this.#single, event)
    }
    this.#writeRecord(event)
    if (this.#several) this.#refuseSeveral('predictRecord')
    return this.#score()
  }

  /**
   * Scores one event into `out` [outputs], which is returned. Allocates nothing.
   * @throws EvaluationError as `predict` does, and on an `out` of the wrong length
   */
  predictInto<Out extends Float32Array | Float64Array | number[]>(event: Row, out: Out): Out {
    checkOut(out, this.outputs.length)
    this.#write(event)
    this.#resident.predict()
    return this.#read(out)
  }

  /**
   * Scores many events: [events × inputs] one after the other → [events × outputs].
   * @param out room for the scores; by default new
   * @throws EvaluationError where lengths do not fit
   */
  predictBatch(events: Numbers, out?: Float32Array): Float32Array {
    if (this.#width < 0) refuseDisposed('drone')
    const { count, scores } = checkBatch(events, this.inputs, this.outputs.length, out)
    this.#resident.predictBatch(events, count, scores)
    return scores
  }

  /**
   * Whether every value lies within the range that its input had in training. Missing values and inputs whose range
   * the JSON does not tell are no reason against.
   * @param event a row of as many values as inputs, or a record
   * @throws EvaluationError on anything else
   */
  inDomain(event: Row | EventRecord): boolean {
    const row = Array.isArray(event) || ArrayBuffer.isView(event) ? (event as unknown as Row) : undefined
    if (row && row.length !== this.inputs.length) this.#refuse(row)
    if (!row) checkRecord(event as EventRecord, this.inputs)
    this.#domain ??= domainOf(this.#network)
    return this.#domain.every((range, i) => {
      const value = row ? row[i] : (event as EventRecord)[this.inputs[i]!]
      if (!range || typeof value !== 'number' || !Number.isFinite(value)) return true
      return value >= range[0] && value <= range[1]
    })
  }

  /**
   * A stream that scores what passes: a record comes out with the outputs added by name, a row with the scores
   * appended. An event that cannot be scored ends the stream with its EvaluationError, which carries `event` and
   * `index`, unless `onError` says otherwise.
   * @example
   * const scored = events.pipeThrough(drone.transform({ onError: (error, event) => void rejects.push(event) }))
   */
  transform({ onError }: TransformOptions = {}): TransformStream<Row | EventRecord, ScoredEvent> {
    const scores = new Float32Array(this.outputs.length)
    let count = 0
    return new TransformStream({
      transform: async (event, controller) => {
        const index = count++
        let scored: ScoredEvent | undefined
        try {
          scored = this.#scored(event, scores)
        } catch (error) {
          if (!(error instanceof EvaluationError)) throw error
          Object.assign(error, { event, index })
          // A drone that was disposed scores nothing: that is not for the event to answer.
          if (!onError || this.#width < 0) throw error
          scored = await onError(error, event, index)
        }
        if (scored !== undefined) controller.enqueue(scored)
      },
    })
  }

  /**
   * Gives hidden layer `layer` one unit more, whose outgoing weights are zero: for finite inputs the scores before and
   * after are the same bits.
   * @throws ConfigurationError where there is no such hidden layer, or the unit could never learn
   */
  expand(layer = 0, options: UnitOptions = {}): this {
    if (this.#width < 0) refuseDisposed('drone')
    checkExpandable(this.#network, layer, options)
    // Another seed for each unit, or two of them would be twins.
    const random = new Random(options.seed ?? this.hidden[layer]!)
    const { incoming, bias } = newUnit(this.#network, layer, options.incoming ?? 'random', random)
    this.#resident.expand(layer, incoming, bias)
    this.#single.settle(this.#resident)
    this.#network = { ...this.#network, layers: this.#resident.layers() }
    return this
  }

  /**
   * Puts a layer before layer `layer` that is the identity, so that the scores stay the same bits: linear anywhere,
   * rectified only after rectified.
   * @throws ConfigurationError where it would change the scores
   */
  deepen(layer: number, activation: 'linear' | 'rectified' = 'linear'): this {
    if (this.#width < 0) refuseDisposed('drone')
    const network = deepened(this.#network, layer, activation)
    // Where there is no room for it, the drone stays as it was.
    const resident = this.#engine.place(network)
    this.#resident.release()
    this.#network = network
    this.#resident = resident
    this.#single.settle(resident)
    holds(this, resident)
    return this
  }

  /** As JSON.stringify wants it; `Drone.from` reads it back to the same bits. */
  toJSON(): DroneJSON {
    return writeNetwork(this.#network)
  }

  /** Gives its memory back. It can be described and written still; scoring and growing throw. */
  dispose(): void {
    if (this.#width < 0) return
    this.#width = -1
    this.#single.end()
    releases(this, this.#resident)
  }

  /** As `dispose`, for `using`. */
  [Symbol.dispose](): void {
    this.dispose()
  }

  /** A copy of a record or a row with its scores. @param scores room for them */
  #scored(event: Row | EventRecord, scores: Float32Array): ScoredEvent {
    if (Array.isArray(event) || ArrayBuffer.isView(event)) {
      this.predictInto(event as unknown as Row, scores)
      return [...(event as unknown as number[]), ...scores]
    }
    this.#writeRecord(event as EventRecord)
    this.#resident.predict()
    this.#read(scores)
    return { ...event, ...Object.fromEntries(this.outputs.map((name, i) => [name, scores[i]])) }
  }

  #write(event: Row): void {
    const width = this.#width
    if (event?.length !== width) this.#refuse(event)
    const { input, inputAt } = this.#resident
    let i = 0
    // Three in a turn: the engines of JavaScript don't unroll, and what a turn itself costs is a tenth of a score.
    for (; i + 3 <= width; i += 3) {
      const a = event[i]
      const b = event[i + 1]
      const c = event[i + 2]
      input[inputAt + i] = typeof a === 'number' ? a : this.#missing(i, a)
      input[inputAt + i + 1] = typeof b === 'number' ? b : this.#missing(i + 1, b)
      input[inputAt + i + 2] = typeof c === 'number' ? c : this.#missing(i + 2, c)
    }
    for (; i < width; i++) {
      const value = event[i]
      input[inputAt + i] = typeof value === 'number' ? value : this.#missing(i, value)
    }
  }

  #writeRecord(event: EventRecord): void {
    if (this.#width < 0) refuseDisposed('drone')
    checkRecord(event, this.inputs)
    const { inputs } = this
    const resident = this.#resident
    for (let i = 0; i < inputs.length; i++) {
      const value = event[inputs[i]!]
      const known = typeof value === 'number' ? value : this.#missing(i, ownValue(event, inputs[i]!, value))
      // A getter of the event may have made memory grow: the view is taken anew.
      resident.input[resident.inputAt + i] = known
    }
  }

  /** Takes away what was read from a record, but is not its own. */
  #leaveOut(values: unknown[], record: EventRecord): void {
    for (const [i, value] of values.entries()) {
      if (typeof value !== 'number') values[i] = ownValue(record, this.inputs[i]!, value)
    }
  }

  #score(): number {
    // A getter of the event may have disposed the drone.
    if (this.#width < 0) refuseDisposed('drone')
    const resident = this.#resident
    resident.predict()
    return resident.output[resident.outputAt]!
  }

  #read<Out extends Float32Array | Float64Array | number[]>(out: Out): Out {
    const { output, outputAt } = this.#resident
    for (let i = 0; i < out.length; i++) out[i] = output[outputAt + i]!
    return out
  }

  /** NaN, which becomes the input's default; throws where there is none. */
  #missing(i: number, value: unknown): number {
    checkMissing(this.inputs[i]!, value)
    if (this.#network.inputs[i]!.default === undefined) {
      throw new EvaluationError(`${shown(this.inputs[i])}: missing, and this input has no default`)
    }
    return Number.NaN
  }

  #refuse(event: Row): never {
    if (this.#width < 0) refuseDisposed('drone')
    refuseLength(event, this.inputs)
  }

  #refuseSeveral(method: string): never {
    throw new EvaluationError(`${method}: this drone has ${this.outputs.length} outputs; use predictInto`)
  }
}
