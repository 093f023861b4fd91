/** Events through a scorer as a stream: each comes out with its scores. */
import { EvaluationError, shown } from './errors.ts'
import { isRow, type Row } from './events.ts'
import type { EventStream } from './host.ts'
import { checkOptions, type OptionTypes } from './options.ts'

/** What comes out for one event where its type is not known: a record with the scores by name, or a row with them. */
export type ScoredEvent = Readonly<Record<string, unknown>> | (number | null | undefined)[]

/** The type of what comes out of a stream for the type of what goes in: a record, a row, or an array of either. */
export type Scored<In> = object extends In
  ? ScoredEvent | ScoredEvent[]
  : In extends readonly (infer Value)[]
    ? [Value] extends [object]
      ? Scored<Value>[]
      : (Value | number)[]
    : In extends ArrayLike<infer Value>
      ? (Value | number)[]
      : In & Readonly<Record<string, unknown>>

/** One event of what goes in or comes out, which may be an array of events. */
export type EventOf<Chunk> = Chunk extends readonly (infer Value)[] ? ([Value] extends [object] ? Value : Chunk) : Chunk

export interface TransformOptions<In extends object = object, Out = Scored<In>> {
  /**
   * Called with an event that cannot be scored, and its number in the stream, from 0. What it returns comes out in the
   * event's place as it is; undefined leaves the event out; what it throws ends the stream.
   */
  onError?(
    error: EvaluationError,
    event: EventOf<In>,
    index: number,
  ): EventOf<Out> | undefined | Promise<EventOf<Out> | undefined>
  /** Put before the names of the scores, so that none of them is the name of a value that records have already. */
  prefix?: string
}

const OPTIONS: OptionTypes<TransformOptions> = { onError: 'function', prefix: 'string' }

/** What scores the events of a stream: a drone or a swarm. */
export interface Scoring {
  /** The names of the scores, as they are now. */
  outputs(): readonly string[]
  /** Writes the scores of an event into `out`, which has room for exactly them. */
  scoreInto(event: Row | object, out: Float32Array): void
  disposed(): boolean
}

/** @throws ConfigurationError on an option that does not exist, or is of another type */
export function scoringStream<In extends object, Out>(
  scoring: Scoring,
  options: TransformOptions<In, Out>,
): EventStream<In, Out> {
  checkOptions('transform', options, OPTIONS)
  const { onError, prefix = '' } = options ?? {}
  let scores = new Float32Array(0)
  let count = 0

  /** A copy of a record or a row with its scores. */
  function scored(event: object): unknown {
    const outputs = scoring.outputs()
    if (scores.length !== outputs.length) scores = new Float32Array(outputs.length)
    scoring.scoreInto(event, scores)
    if (isRow(event)) return [...(event as unknown as number[]), ...scores]
    const names = outputs.map((name) => prefix + name)
    const taken = names.find((name) => Object.hasOwn(event, name))
    if (taken !== undefined) {
      const hint = 'transform({ prefix }) gives scores other names'
      throw new EvaluationError(`${shown(taken)}: the record has a value of this name, and so has a score; ${hint}`)
    }
    return { ...event, ...Object.fromEntries(names.map((name, i) => [name, scores[i]])) }
  }

  /** What comes out for one event; undefined leaves it out. */
  function outcome(event: object): unknown {
    const index = count++
    try {
      return scored(event)
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error
      Object.assign(error, { event, index })
      // That a drone was disposed is not for the event to answer.
      if (!onError || scoring.disposed()) throw error
      return onError(error, event as EventOf<In>, index)
    }
  }

  return new TransformStream<In, Out>({
    async transform(chunk, controller) {
      if (!holdsEvents(chunk)) {
        const out = await outcome(chunk)
        if (out !== undefined) controller.enqueue(out as Out)
        return
      }
      const out: unknown[] = []
      for (const event of chunk) {
        const one = await outcome(event as object)
        if (one !== undefined) out.push(one)
      }
      controller.enqueue(out as Out)
    },
  })
}

/** Whether a chunk is an array of events, which an empty one is too; a row has numbers. */
function holdsEvents(chunk: unknown): chunk is unknown[] {
  if (!Array.isArray(chunk)) return false
  const isEvent = (value: unknown) => typeof value === 'object' && value !== null
  return chunk.length === 0 || (chunk.some(isEvent) && !chunk.some((value) => typeof value === 'number'))
}
