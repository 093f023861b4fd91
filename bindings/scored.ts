/** What comes out of a stream for the events of a chunk: copies of them with their scores, or the scores alone. */
import { ConfigurationError, EvaluationError, refuse, shown } from './errors.ts'
import { type EventRecord, isRow, type Row } from './events.ts'

/** What scores the events of a stream: a drone or a swarm. */
export interface Scoring {
  /** The names of the scores, as they are now; the same array until they are others. */
  outputs(): readonly string[]
  /** Writes the scores of an event into `out` from `at` on. */
  scoreInto(event: Row | object, out: Float32Array, at: number): void
  disposed(): boolean
}

/** Gathers what comes out for the events of one chunk after the other. */
export interface Gathering {
  /** Begins a chunk of so many events. */
  begin(events: number): void
  /**
   * Adds events from number `from` on, up to the first that cannot be scored, whose error is kept. All in one call, since a
   * loop that leaves nothing but the scoring to others takes two thirds of the time.
   * @returns the number of that event, or how many there are
   */
  add(events: readonly unknown[], from: number): number
  readonly error: unknown
  /** Adds what `onError` gave for an event that cannot be scored. */
  put(given: unknown): void
  /** All that came out for the chunk: a value an event, or their scores. */
  all(): unknown[] | Float32Array
}

/** The events with their scores. */
export class Copies implements Gathering {
  error: unknown
  readonly #scoring: Scoring
  readonly #prefix: string
  #copies: unknown[] = []
  #scores = new Float32Array(0)
  #outputs: readonly string[] = []
  #names: readonly string[] = []

  constructor(scoring: Scoring, prefix: string) {
    this.#scoring = scoring
    this.#prefix = prefix
  }

  begin(): void {
    this.#copies = []
  }

  add(events: readonly unknown[], from: number): number {
    const { outputs, scoreInto } = this.#scoring
    if (outputs() !== this.#outputs) this.#name(outputs())
    const copies = this.#copies
    const scores = this.#scores
    let n = from
    try {
      for (; n < events.length; n++) {
        const event = events[n] as object
        scoreInto(event, scores, 0)
        copies.push(isRow(event) ? longer(event, scores) : this.#named(event as EventRecord))
      }
    } catch (error) {
      this.error = error
    }
    return n
  }

  put(given: unknown): void {
    if (given !== undefined) this.#copies.push(given)
  }

  all(): unknown[] {
    return this.#copies
  }

  #name(outputs: readonly string[]): void {
    const names = outputs.map((name) => this.#prefix + name)
    if (names.includes('__proto__')) {
      throw new ConfigurationError(`prefix: ${shown(this.#prefix)}, but "__proto__" can't be the name of a score`)
    }
    this.#outputs = outputs
    this.#names = names
    this.#scores = new Float32Array(names.length)
  }

  #named(event: EventRecord): object {
    const names = this.#names
    // A key that neither the record nor its prototype has is found missing faster.
    for (const name of names) if (name in event && Object.hasOwn(event, name)) refuseTaken(name)
    const copy = copyOf(event)
    for (let i = 0; i < names.length; i++) copy[names[i]!] = this.#scores[i]
    return copy
  }
}

function refuseTaken(name: string): never {
  const hint = 'transform({ prefix }) gives scores other names'
  throw new EvaluationError(`${shown(name)}: the record has a value of this name, and so has a score; ${hint}`)
}

/**
 * Whether a key is added to a spread copy as fast as to any object. V8 11 (Node 20) takes 1 to 2 µs for it, and copies
 * by `Object.assign` for a tenth of that; those that can take a key are three times faster still, and know this function.
 */
const SPREADS = 'fromAsync' in Array

/** A copy to which keys can be added. An own key "__proto__" would be the prototype of what `Object.assign` makes. */
function copyOf(event: EventRecord): Record<string, unknown> {
  return SPREADS || Object.hasOwn(event, '__proto__') ? { ...event } : Object.assign({}, event)
}

/** A row with its scores at the end; a loop is three times faster than `[...row, ...scores]`. */
function longer(row: Row, scores: Float32Array): unknown[] {
  const { length } = row
  const copy = new Array<unknown>(length + scores.length)
  for (let i = 0; i < length; i++) copy[i] = row[i]
  for (let i = 0; i < scores.length; i++) copy[length + i] = scores[i]
  return copy
}

/** The scores alone, [events × outputs]; NaN for an event that cannot be scored, or the number that was given. */
export class Scores implements Gathering {
  error: unknown
  readonly #scoring: Scoring
  #scores = new Float32Array(0)
  #end = 0

  constructor(scoring: Scoring) {
    this.#scoring = scoring
  }

  begin(events: number): void {
    this.#scores = new Float32Array(events * this.#scoring.outputs().length)
    this.#end = 0
  }

  add(events: readonly unknown[], from: number): number {
    const { outputs, scoreInto } = this.#scoring
    const width = outputs().length
    const scores = this.#room((events.length - from) * width)
    let end = this.#end
    let n = from
    try {
      for (; n < events.length; n++) {
        scoreInto(events[n] as object, scores, end)
        end += width
      }
    } catch (error) {
      this.error = error
    }
    this.#end = end
    return n
  }

  put(given: unknown = Number.NaN): void {
    if (typeof given !== 'number') refuse('onError', given, 'a number or undefined, where scores come out alone')
    const end = this.#end + this.#scoring.outputs().length
    this.#room(end - this.#end).fill(given, this.#end, end)
    this.#end = end
  }

  all(): Float32Array {
    return this.#end === this.#scores.length ? this.#scores : this.#scores.slice(0, this.#end)
  }

  /** The scores with room for so many more: a swarm may have got more drones since the chunk began. */
  #room(more: number): Float32Array {
    if (this.#end + more > this.#scores.length) {
      const scores = new Float32Array(this.#end + more)
      scores.set(this.#scores.subarray(0, this.#end))
      this.#scores = scores
    }
    return this.#scores
  }
}
