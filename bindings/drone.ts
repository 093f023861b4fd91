/** A drone: a network that lives in an engine and scores events. */

import { Random } from './arithmetic/random.ts'
import type { Engine, EngineName, Numbers, Resident } from './engines/api.ts'
import { checkEngine, loadEngine, sharedEngine } from './engines/index.ts'
import { EvaluationError, shown } from './errors.ts'
import {
  checkBatch,
  checkMissing,
  checkOut,
  checkRecord,
  type EventRecord,
  isRow,
  ownValue,
  type Row,
  refuseDisposed,
  refuseLength,
} from './events.ts'
import type { EventStream } from './host.ts'
import { holds, releases } from './memory.ts'
import { type Cut, type Cuts, comparedBy, cutsOf } from './model/cuts.ts'
import { domainOf, type Range } from './model/domain.ts'
import { checkExpandable, deepened, newUnit, type UnitOptions } from './model/growth.ts'
import { type DroneJSON, toNetwork, writeNetwork } from './model/json.ts'
import { hiddenUnits, type Network, parameterCount } from './model/network.ts'
import { checkOptions, type OptionTypes } from './options.ts'
import { type Scored, type ScoresOptions, scoringStream, type TransformOptions } from './scoring.ts'
import { Single } from './single/kernels.ts'
import { scoreRecord } from './single/records.ts'
import { scoreRow } from './single/rows.ts'

export interface DroneOptions {
  /** Which engine runs the drone: by name, the one that all share; or one of your own. */
  engine?: EngineName | Engine
  /** Whether to warn, once, where the host has no WebAssembly with SIMD and `js` takes over; true unless given. */
  warn?: boolean
}

const OPTIONS: OptionTypes<DroneOptions> = { engine: '', warn: 'boolean' }

/**
 * A network that scores events.
 * @example
 * const drone = await Drone.load(readFileSync('drone.json'))
 * drone.predict([5, 2.9, 0.7, 3.2, 1.6, 3.1]) // the values in the order of drone.inputs
 */
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
  /** Once they were asked for. */
  #cuts: Cuts | undefined
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
   * A drone from JSON: its text, its bytes, or the parsed document; or from a network or a drone. Compiles the kernels at once if
   * no drone has done so before.
   * @throws ConfigurationError that names the place and the value
   * @example const drone = Drone.from(readFileSync('drone.json', 'utf8'))
   */
  static from(document: unknown, options: DroneOptions = {}): Drone {
    checkOptions('Drone', options, OPTIONS)
    const engine = options?.engine ?? undefined
    const network = toNetwork(document)
    return new Drone(network, typeof engine === 'object' ? checkEngine(engine) : sharedEngine(engine, options?.warn))
  }

  /**
   * As `from`, but compiles the kernels without blocking, as browsers prefer.
   * @example const drone = await Drone.load(await (await fetch('drone.json')).text())
   */
  static async load(document: unknown, options: DroneOptions = {}): Promise<Drone> {
    checkOptions('Drone', options, OPTIONS)
    const engine = options?.engine ?? undefined
    if (typeof engine !== 'object') await loadEngine(engine, options?.warn)
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
   * @returns the output, where there is one; of several, use `predictInto` or `scores`
   * @throws EvaluationError on a wrong length, a value that is not a number, or a missing one without a default
   * @example drone.predict([5, 2.9, 0.7, 3.2, 1.6, 3.1])
   */
  predict(event: Row): number {
    if (event?.length === this.#single.count) return scoreRow(this.#single, event)
    this.#write(event)
    if (this.#several) this.#refuseSeveral('predict')
    return this.#score()
  }

  /**
   * Scores one event given by the names of the inputs; else as `predict`.
   * @example drone.predictRecord({ pt: 5, eta: 2.9, min_pt: 0.7, max_pt: 3.2, min_eta: 1.6, max_eta: 3.1 })
   */
  predictRecord(event: object): number {
    if (this.#single.count > 0 && typeof event === 'object' && event !== null) {
      return scoreRecord(this.#single, event as EventRecord)
    }
    this.#writeRecord(event as EventRecord)
    if (this.#several) this.#refuseSeveral('predictRecord')
    return this.#score()
  }

  /**
   * Scores one event into `out` [outputs], which is returned. Allocates nothing.
   * @throws EvaluationError as `predict` does, and on an `out` of the wrong length
   * @example drone.predictInto([5, 2.9, 0.7, 3.2, 1.6, 3.1], new Float32Array(drone.outputs.length))
   */
  predictInto<Out extends Float32Array | Float64Array | number[]>(event: Row, out: Out): Out {
    checkOut(out, this.outputs.length)
    this.#write(event)
    this.#resident.predict()
    return this.#read(out)
  }

  /**
   * Scores one event, a row or a record.
   * @param into the object that gets the scores by name and is returned, where nothing is to be allocated; by default new
   * @throws EvaluationError as `predict` does
   * @example const { signal, background } = drone.scores({ pt: 5, eta: 2.9 })
   */
  scores<Into extends object = Record<string, number>>(event: Row | object, into = {} as Into): Into {
    this.#evaluate(event)
    const { outputs } = this
    const { output, outputAt } = this.#resident
    const scores = into as Record<string, number>
    for (let i = 0; i < outputs.length; i++) scores[outputs[i]!] = output[outputAt + i]!
    return into
  }

  /** The cuts on the score, by name. */
  get cuts(): Cuts {
    this.#cuts ??= cutsOf(this.#network)
    return this.#cuts
  }

  /**
   * Whether the score of an event, a row or a record, or a share of its scores, is at least the threshold of a cut; NaN
   * never is.
   * @throws EvaluationError where there is no cut of this name, and as `predict` does
   * @example if (drone.passes({ pt: 5, eta: 2.9 }, 'tight')) keep(event)
   */
  passes(event: Row | object, cut: string): boolean {
    const { cuts } = this
    if (!Object.hasOwn(cuts, cut)) {
      throw new EvaluationError(`there is no cut ${shown(cut)}; cuts are ${Object.keys(cuts).join(', ') || 'none'}`)
    }
    this.#evaluate(event)
    const { output, outputAt } = this.#resident
    return comparedBy(cuts[cut]!, output, outputAt, this.outputs) >= cuts[cut]!.threshold
  }

  /**
   * Keeps a cut by a name, also in the JSON; one of the same name is replaced.
   * @throws ConfigurationError on what is no cut of this drone; nothing changes then
   * @example drone.setCut('tight', atEfficiency(scores, labels, 0.9))
   */
  setCut(name: string, cut: Cut): this {
    const { nndrone } = this.#network
    const network = { ...this.#network, nndrone: { ...nndrone, cuts: { ...(nndrone?.cuts as Cuts), [name]: cut } } }
    this.#cuts = cutsOf(network)
    this.#network = network
    return this
  }

  /**
   * Scores many events: [events × inputs] one after the other → [events × outputs].
   * @param out room for the scores; by default new
   * @throws EvaluationError where lengths do not fit
   * @example const scores = drone.predictBatch(new Float64Array(1000 * drone.inputs.length))
   */
  predictBatch(events: Numbers, out?: Float32Array): Float32Array {
    if (this.#width < 0) refuseDisposed('drone')
    const { count, scores } = checkBatch(events, this.inputs, this.outputs.length, out)
    this.#resident.predictBatch(events, count, scores)
    return scores
  }

  /**
   * Whether every value lies within the range that its input had in training. Missing values do not
   * count, nor do inputs whose range the JSON does not tell.
   * @param event a row of as many values as inputs, or a record
   * @throws EvaluationError on anything else
   * @example if (!drone.inDomain(row)) console.warn('unlike the events of the training')
   */
  inDomain(event: Row | object): boolean {
    const row = isRow(event) ? event : undefined
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
   * A stream that scores what passes: a record comes out with the scores by name, a row with the scores appended, an
   * array of records or rows as an array of these; with `scores`, their scores alone as a Float32Array [events × outputs].
   * An event that cannot be scored ends the stream with its EvaluationError, which carries `event` and `index`, unless
   * `onError` says otherwise. So does a record that has a value of a score's name already, unless `prefix` gives the scores
   * other names.
   * @throws ConfigurationError on an option that does not exist, or is of another type
   * @example
   * const scored = events.pipeThrough(drone.transform({ onError: (error, event) => void rejects.push(event) }))
   * const scores = events.pipeThrough(drone.transform({ scores: true }))
   */
  transform<In extends object = object>(options: ScoresOptions<In>): EventStream<In, Float32Array>
  transform<In extends object = object, Out = Scored<In>>(options?: TransformOptions<In, Out>): EventStream<In, Out>
  transform<In extends object, Out>(options: TransformOptions<In, Out> | ScoresOptions<In> = {}): EventStream<In, Out> {
    const scoreOne = (event: Row | object, out: Float32Array, at: number) => {
      out[at] = isRow(event) ? this.predict(event) : this.predictRecord(event)
    }
    const scoreSeveral = (event: Row | object, out: Float32Array, at: number) => {
      this.#evaluate(event)
      const { output, outputAt } = this.#resident
      for (let i = 0; i < this.outputs.length; i++) out[at + i] = output[outputAt + i]!
    }
    const scoreInto = this.#several ? scoreSeveral : scoreOne
    return scoringStream({ outputs: () => this.outputs, scoreInto, disposed: () => this.#width < 0 }, options)
  }

  /**
   * Gives hidden layer `layer` one unit more, whose outgoing weights are zero: for finite inputs the scores before and
   * after are the same bits.
   * @throws ConfigurationError where there is no such hidden layer, or the unit could never learn
   * @example drone.expand(0)
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
   * @example drone.deepen(1)
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

  /**
   * As JSON.stringify wants it; `Drone.from` reads it back to the same bits.
   * @example writeFileSync('drone.json', formatJSON(drone))
   */
  toJSON(): DroneJSON {
    return writeNetwork(this.#network)
  }

  /**
   * Gives its memory back. It can be described and written still; scoring and growing throw.
   * @example drone.dispose()
   */
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

  /** Scores a row or a record: the scores are in the engine then. */
  #evaluate(event: Row | object): void {
    if (isRow(event)) this.#write(event)
    else this.#writeRecord(event as EventRecord)
    this.#resident.predict()
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
    throw new EvaluationError(`${method}: this drone has ${this.outputs.length} outputs; use predictInto or scores`)
  }
}
