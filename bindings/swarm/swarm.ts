/** A swarm: many drones that score one event together, each by the inputs that it names. */
import type { Numbers } from '../engines/api.ts'
import { ConfigurationError, EvaluationError, shown } from '../errors.ts'
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
} from '../events.ts'
import type { EventStream } from '../host.ts'
import { holds, releases } from '../memory.ts'
import { contentOf, type DroneJSON, writeNetwork } from '../model/json.ts'
import { checkNames } from '../model/network.ts'
import { checkOptions, type OptionTypes } from '../options.ts'
import { type Scored, type ScoresOptions, scoringStream, type TransformOptions } from '../scoring.ts'
import type { Member, SwarmEngineName, SwarmRunner } from './api.ts'
import { inputsWith, memberOf, namesOf, outputNames, strictDrones } from './members.ts'
import { runnerOf, type SwarmEngineOptions } from './runner.ts'

export interface SwarmOptions extends SwarmEngineOptions {
  /**
   * The names of an event's values, in order; a drone with another input is refused. Without them they are those of
   * the drones: a drone's new names are appended, in its order, when it is added, and none is ever taken away.
   */
  inputs?: readonly string[]
}

const OPTIONS: OptionTypes<SwarmOptions> = { inputs: '', engine: '', module: '' }

/** A swarm as text: its inputs, and its drones in their order. */
export interface SwarmJSON {
  inputs: string[]
  drones: { name: string; drone: DroneJSON }[]
}

/**
 * Every score is, to the bit, what the drone would give alone.
 * @example
 * const swarm = new Swarm({ inputs: ['pt', 'eta'] }).add('one', readFileSync('one.json')).add('two', drone)
 * swarm.predict([5, 2.9]) // a Float32Array in the order of swarm.outputs
 */
export class Swarm {
  readonly #runner: SwarmRunner
  /** Whether drones may bring inputs of their own. */
  readonly #open: boolean
  #inputs: readonly string[] = []
  #members: readonly Member[] = []
  /** The names of the scores of all drones. */
  #outputs: readonly string[] = []
  /** The names of drones and of outputs. */
  readonly #taken = new Set<string>()
  /** For each input the first drone that has no default for it, once that was asked. */
  #strict: (string | undefined)[] | undefined
  /** The values of an event while it is read: a getter of the event may score another one, or change the swarm. */
  #event = new Float64Array(0)
  /** Room for the scores of one event. */
  #answer = new Float32Array(0)
  /** Inputs of an event, or −1 once disposed: then no event has the right length. */
  #width = 0

  /**
   * @throws ConfigurationError on names that are no names, or that come twice
   * @example const swarm = new Swarm({ inputs: ['pt', 'eta'] })
   */
  constructor(given: SwarmOptions = {}) {
    checkOptions('Swarm', given, OPTIONS)
    const { inputs, ...options } = given
    if (inputs !== undefined && !Array.isArray(inputs)) {
      throw new ConfigurationError(`inputs: ${shown(inputs)}, expected an array of names`)
    }
    checkNames(inputs ?? [], (i) => `inputs[${i}]`)
    this.#runner = runnerOf(options)
    this.#open = inputs === undefined
    this.#inputs = Object.freeze([...(inputs ?? [])])
    this.#width = this.#inputs.length
    this.#event = new Float64Array(this.#width)
    holds(this, this.#runner)
  }

  /**
   * A swarm from what `toJSON` gave, its text or its bytes. Its inputs are those that the document names, and no others.
   * @throws ConfigurationError that names the place and the value
   * @example const copy = Swarm.from(JSON.stringify(swarm))
   */
  static from(document: unknown, options: SwarmEngineOptions = {}): Swarm {
    const { inputs, drones } = contentOf(document, 'swarm') as Partial<SwarmJSON>
    if (!Array.isArray(inputs)) throw new ConfigurationError(`inputs: ${shown(inputs)}, expected an array of names`)
    if (!Array.isArray(drones)) throw new ConfigurationError(`drones: ${shown(drones)}, expected an array`)
    const swarm = new Swarm({ ...options, inputs })
    try {
      for (const entry of drones) swarm.add(entry?.name, entry?.drone)
    } catch (error) {
      swarm.dispose()
      throw error
    }
    return swarm
  }

  /** Which engine runs it. */
  get engine(): SwarmEngineName {
    return this.#runner.name
  }

  /** The names of an event's values, in order. */
  get inputs(): readonly string[] {
    return this.#inputs
  }

  /** The names of the drones, in the order in which they were added. */
  get drones(): readonly string[] {
    return this.#members.map(({ name }) => name)
  }

  /** The names of the scores, in order: of a drone with one output its own, else `drone.output` for each. */
  get outputs(): readonly string[] {
    return this.#outputs
  }

  /**
   * Adds a drone at the end: JSON as text, bytes or an object, a network, or a drone, which is copied.
   * @throws ConfigurationError on a name that is taken, an input that is not the swarm's, or what `Drone.from` refuses
   * @example swarm.add('tight', readFileSync('tight.json'))
   */
  add(name: string, drone: unknown): this {
    checkNames([name], () => 'name')
    const member = this.#member(name, drone)
    this.#change(this.#members.length, member)
    return this
  }

  /**
   * Puts another drone in the place of one. Where it has another number of outputs, those of later drones move.
   * @throws ConfigurationError where there is none of that name, and as `add` does; the old one stays then
   * @example swarm.replace('tight', readFileSync('tighter.json'))
   */
  replace(name: string, drone: unknown): this {
    const member = this.#member(name, drone)
    this.#change(this.#find(name), member)
    return this
  }

  /**
   * Takes a drone out; later ones move up. The inputs stay as they are.
   * @throws ConfigurationError where there is none of that name
   * @example swarm.remove('tight')
   */
  remove(name: string): this {
    this.#change(this.#find(name))
    return this
  }

  /**
   * Scores one event with all drones.
   * @returns all outputs in order, in an array of its own
   * @throws EvaluationError on a wrong length, a value that is not a number, or one that is missing and for which one
   * of the drones has no default
   * @example const [one, two] = swarm.predict([5, 2.9])
   */
  predict(event: Row): Float32Array {
    return this.predictInto(event, new Float32Array(this.#outputs.length))
  }

  /**
   * Scores one event into `out` [outputs], which is returned; else as `predict`. Allocates nothing.
   * @example swarm.predictInto([5, 2.9], new Float32Array(swarm.outputs.length))
   */
  predictInto<Out extends Float32Array | Float64Array | number[]>(event: Row, out: Out): Out {
    const width = this.#width
    if (event?.length !== width) this.#refuse(event)
    const values = this.#event
    for (let i = 0; i < width; i++) {
      const value = event[i]
      values[i] = typeof value === 'number' ? value : this.#missing(i, value)
    }
    return this.#score(values, out)
  }

  /**
   * Scores one event given by the names of the inputs, other keys do not matter; else as `predict`.
   * @example const [one, two] = swarm.predictRecord({ pt: 5, eta: 2.9 })
   */
  predictRecord(event: object): Float32Array {
    return this.#scoreRecord(event as EventRecord, new Float32Array(this.#outputs.length))
  }

  /**
   * Scores one event, a row or a record.
   * @param into the object that gets the scores by name and is returned, where nothing is to be allocated; by default new
   * @throws EvaluationError as `predict` does
   * @example const { one, two } = swarm.scores({ pt: 5, eta: 2.9 })
   */
  scores<Into extends object = Record<string, number>>(event: Row | object, into = {} as Into): Into {
    const outputs = this.#outputs
    this.#scoreInto(event, this.#answer)
    const scores = into as Record<string, number>
    for (let i = 0; i < outputs.length; i++) scores[outputs[i]!] = this.#answer[i]!
    return into
  }

  /**
   * A stream that scores what passes, as that of a drone: records come out with the scores by name, rows with the scores
   * appended, arrays of them as arrays of these; with `scores`, the scores alone as a Float32Array [events × outputs].
   * @throws ConfigurationError on an option that does not exist, or is of another type
   * @example const scored = events.pipeThrough(swarm.transform({ prefix: 'score_' }))
   */
  transform<In extends object = object>(options: ScoresOptions<In>): EventStream<In, Float32Array>
  transform<In extends object = object, Out = Scored<In>>(options?: TransformOptions<In, Out>): EventStream<In, Out>
  transform<In extends object, Out>(options: TransformOptions<In, Out> | ScoresOptions<In> = {}): EventStream<In, Out> {
    const scoreInto = (event: Row | object, out: Float32Array, at: number) => {
      const scores = this.#answer
      this.#scoreInto(event, scores)
      for (let i = 0; i < scores.length; i++) out[at + i] = scores[i]!
    }
    return scoringStream({ outputs: () => this.#outputs, scoreInto, disposed: () => this.#width < 0 }, options)
  }

  /**
   * Scores many events: [events × inputs] one after the other → [events × outputs].
   * @param out room for the scores; by default new
   * @throws EvaluationError where lengths do not fit
   * @example const scores = swarm.predictBatch(new Float64Array(1000 * swarm.inputs.length))
   */
  predictBatch(events: Numbers, out?: Float32Array): Float32Array {
    if (this.#width < 0) refuseDisposed('swarm')
    const { count, scores } = checkBatch(events, this.#inputs, this.#outputs.length, out)
    if (scores.length > 0) this.#runner.predictBatch(events, count, scores)
    return scores
  }

  /**
   * As JSON.stringify wants it; `Swarm.from` reads it back to the same bits.
   * @example writeFileSync('swarm.json', JSON.stringify(swarm))
   */
  toJSON(): SwarmJSON {
    return {
      inputs: [...this.#inputs],
      drones: this.#members.map(({ name, network }) => ({ name, drone: writeNetwork(network) })),
    }
  }

  /**
   * Gives its memory back. It can be described and written still; all else throws.
   * @example swarm.dispose()
   */
  dispose(): void {
    if (this.#width < 0) return
    this.#width = -1
    this.#event = new Float64Array(0)
    releases(this, this.#runner)
  }

  /** As `dispose`, for `using`. */
  [Symbol.dispose](): void {
    this.dispose()
  }

  #find(name: string): number {
    const at = this.#members.findIndex((member) => member.name === name)
    if (at < 0) throw new ConfigurationError(`no drone of this swarm is named ${shown(name)}`)
    return at
  }

  #member(name: string, drone: unknown): Member {
    return memberOf(name, drone, this.#inputs, this.#open)
  }

  /** Takes a drone from a place, if there is one, and puts another there, if it is given; or nothing changes. */
  #change(at: number, next?: Member): void {
    if (this.#width < 0) refuseDisposed('swarm')
    const old = this.#members[at]
    const leaving = old ? namesOf(old) : new Set<string>()
    const coming = next ? namesOf(next) : new Set<string>()
    for (const name of coming) {
      if (!this.#taken.has(name) || leaving.has(name)) continue
      throw new ConfigurationError(`name: ${shown(name)} is taken in this swarm`)
    }
    const inputs = next ? inputsWith(this.#inputs, next) : this.#inputs
    const members = this.#members.toSpliced(at, 1, ...(next ? [next] : []))
    const outputs = members.flatMap(outputNames)
    if (next) this.#runner.put(next, inputs.length, outputs.length)
    if (old) this.#runner.drop(old)
    this.#members = members
    for (const name of leaving) this.#taken.delete(name)
    for (const name of coming) this.#taken.add(name)
    this.#inputs = inputs
    this.#outputs = Object.freeze(outputs)
    this.#width = inputs.length
    this.#event = new Float64Array(inputs.length)
    this.#answer = new Float32Array(outputs.length)
    this.#strict = undefined
    let place = 0
    for (const member of this.#members) {
      member.place = place
      place += member.network.outputs.length
    }
    this.#runner.arrange(inputs.length, outputs.length)
  }

  #scoreInto(event: Row | object, out: Float32Array): void {
    if (isRow(event)) this.predictInto(event, out)
    else this.#scoreRecord(event as EventRecord, out)
  }

  #scoreRecord(event: EventRecord, out: Float32Array): Float32Array {
    if (this.#width < 0) refuseDisposed('swarm')
    checkRecord(event, this.#inputs)
    const values = this.#event
    for (const [i, name] of this.#inputs.entries()) {
      const value = event[name]
      values[i] = typeof value === 'number' ? value : this.#missing(i, ownValue(event, name, value))
    }
    return this.#score(values, out)
  }

  #score<Out extends Float32Array | Float64Array | number[]>(values: Float64Array, out: Out): Out {
    if (values !== this.#event) throw new EvaluationError('this swarm was changed while it read the event')
    checkOut(out, this.#outputs.length)
    if (out.length === 0) return out
    const runner = this.#runner
    const { input, inputAt } = runner
    for (let i = 0; i < values.length; i++) input[inputAt + i] = values[i]!
    runner.predict()
    const { output, outputAt } = runner
    for (let i = 0; i < out.length; i++) out[i] = output[outputAt + i]!
    return out
  }

  /** NaN, which becomes each drone's default; throws where one of them has none. */
  #missing(i: number, value: unknown): number {
    const input = this.#inputs[i]!
    checkMissing(input, value)
    this.#strict ??= strictDrones(this.#members)
    const drone = this.#strict[i]
    if (drone === undefined) return Number.NaN
    throw new EvaluationError(`${shown(input)}: missing, and drone ${shown(drone)} has no default for it`)
  }

  #refuse(event: Row): never {
    if (this.#width < 0) refuseDisposed('swarm')
    refuseLength(event, this.#inputs)
  }
}
