/** Events through a scorer as a stream: each comes out with its scores. */
import { ConfigurationError, EvaluationError } from './errors.ts'
import type { EventStream } from './host.ts'
import { checkOptions, type OptionTypes } from './options.ts'
import type { Gathering, Scoring } from './scored.ts'

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
  /** Whether the scores come out alone (`ScoresOptions`). */
  scores?: false
}

/** Of a stream out of which the scores come alone, which is several times faster than copies of the events. */
export interface ScoresOptions<In extends object = object> {
  /** For each chunk, an event or an array of them, a Float32Array [events × outputs] comes out. */
  scores: true
  prefix?: undefined
  /**
   * Called with an event that cannot be scored, and its number in the stream, from 0. The number that it returns stands
   * for each score of the event; NaN does if it returns undefined, so that the scores stay in step with the events. What
   * it throws ends the stream.
   */
  onError?(error: EvaluationError, event: EventOf<In>, index: number): number | undefined | Promise<number | undefined>
}

const OPTIONS: OptionTypes<TransformOptions> = { onError: 'function', prefix: 'string', scores: 'boolean' }

/** @throws ConfigurationError on an option that does not exist, is of another type, or does not fit another one */
export function scoringStream<In extends object, Out>(
  scoring: Scoring,
  options: TransformOptions<In, Out> | ScoresOptions<In>,
): EventStream<In, Out> {
  checkOptions('transform', options, OPTIONS)
  const { onError, scores, prefix } = options ?? {}
  if (scores && prefix) throw new ConfigurationError('transform: scores that come out alone have no names to prefix')
  let gathering: Gathering
  let count = 0

  /** What `onError` gives in the place of an event that cannot be scored. */
  function answerTo(error: unknown, event: unknown, index: number): unknown {
    if (!(error instanceof EvaluationError)) throw error
    Object.assign(error, { event, index })
    // That a drone was disposed is not for the event to answer.
    if (!onError || scoring.disposed()) throw error
    return onError(error, event as EventOf<In>, index)
  }

  async function gather(events: readonly unknown[]): Promise<unknown[] | Float32Array> {
    gathering.begin(events.length)
    for (let n = gathering.add(events, 0); n < events.length; n = gathering.add(events, n + 1)) {
      gathering.put(await answerTo(gathering.error, events[n], count + n))
    }
    count += events.length
    return gathering.all()
  }

  return new TransformStream<In, Out>({
    async start() {
      // Whoever scores without a stream does not load it.
      const { Copies, Scores } = await import('./scored.ts')
      gathering = scores ? new Scores(scoring) : new Copies(scoring, prefix ?? '')
    },
    async transform(chunk, controller) {
      const several = holdsEvents(chunk)
      const all = await gather(several ? chunk : [chunk])
      if (several || scores) controller.enqueue(all as Out)
      else if (all.length > 0) controller.enqueue(all[0] as Out)
    },
  })
}

/** Whether a chunk is an array of events, which an empty one is too; a row has numbers. */
function holdsEvents(chunk: unknown): chunk is unknown[] {
  if (!Array.isArray(chunk)) return false
  let events = chunk.length === 0
  for (const value of chunk) {
    if (typeof value === 'number') return false
    if (typeof value === 'object' && value !== null) events = true
  }
  return events
}
