/** Scores messages with one version of a model. */
import { type AtOnce, andThen } from '../../at-once.ts'
import type { Answer, AnswerPart, Message, Refusal, Version } from '../../brokers/broker.ts'
import { OptionError, UsageError } from '../../errors.ts'
import type { Kept } from '../../events/index.ts'
import { Reader } from '../../events/read/ndjson.ts'
import type { ScoreWriter } from '../../events/write/index.ts'
import { ndjson } from '../../events/write/ndjson.ts'
import { DroneModel, type Model } from '../../models/index.ts'
import { type Scaling, scalesFor } from '../../scaling/scaling.ts'
import { counted, listed, quoted } from '../../text.ts'
import { ask } from '../ask.ts'
import { cutOf, type KnownCut, passing, withPassing } from '../cuts.ts'
import type { JobOptions } from '../job.ts'
import { ALL, checkOutputs, ROW } from '../keep.ts'
import { checkScalable, scaledTeacher } from '../scaling.ts'
import { pick } from '../tables.ts'
import { type Content, contentOf, UnreadableMessage } from './messages.ts'

/** A model, and which version of it this is. */
export interface VersionedModel extends Version {
  readonly model: Model
  /** A missing value is refused where the model has no default for it, as a drone does; others answer it as they do. */
  readonly strict?: boolean
}

export interface ScorerOptions extends Pick<JobOptions, 'onNotice'> {
  /** Keys in the order of the model's inputs, where records have other names. */
  features?: readonly string[]
  /** How events are standardised for a teacher whose file does not tell. */
  scaleFrom?: Scaling
  /** Keys of records that go along with the scores; `all` of them, and `row`, the event's place in its message. */
  keep?: readonly string[]
  /** A cut of the drone: its name is one output more, 1 where an event passes and else 0. */
  cut?: string
  /** Answers the events alone that pass the cut, without such an output. */
  onlyPassing?: boolean
}

/** What became of a message. */
export interface ScoredMessage {
  /** Undefined where none of its events could be scored, or none passes the cut. */
  answer: Answer | undefined
  refusals: Refusal[]
  /** How many events it held. */
  events: number
  /** How many of them were scored, and how many of these pass the cut. */
  scored: number
  passed: number
  /** The events that were scored, [scored × inputs], and their scores, [scored × outputs] of the model. */
  rows: Float32Array | Float64Array
  scores: Float32Array
}

/** Events that were read, and what goes along with those. */
interface Events {
  format: Answer['format']
  /** [events × inputs], NaN where an event cannot be read. */
  rows: Float32Array | Float64Array
  count: number
  kept: readonly Kept[] | undefined
  refusals: Refusal[]
}

export class Scorer {
  readonly version: Version
  /** The names of what is answered. */
  readonly outputs: readonly string[]
  readonly #model: Model
  readonly #strict: boolean
  readonly #columns: readonly string[]
  readonly #cut: KnownCut | undefined
  readonly #onlyPassing: boolean
  readonly #reader: Reader
  /** How many keys go along that are read. */
  readonly #keys: number
  readonly #writer: ScoreWriter
  /** Where the place of an event stands among what is kept, −1 where it is not wanted. */
  readonly #rowAt: number

  /** @throws UsageError where options do not fit the model */
  constructor({ model, strict, name, version, hash }: VersionedModel, options: ScorerOptions) {
    const { features, scaleFrom, keep = [], cut, onlyPassing = false } = options
    checkScalable(model, scaleFrom)
    this.version = { name, version, hash }
    this.#columns = columnsOf(model, features)
    this.#model = scaledTeacher(
      model,
      scaleFrom && scalesFor(scaleFrom, this.#columns, features !== undefined),
      options,
    )
    this.#strict = strict ?? model instanceof DroneModel
    if (onlyPassing && cut === undefined) {
      throw new UsageError('`onlyPassing` needs `cut`, the name of a cut of the drone')
    }
    this.#cut = cut === undefined ? undefined : cutOf(model, cut)
    this.#onlyPassing = onlyPassing
    this.outputs = this.#cut && !onlyPassing ? [...model.outputs, this.#cut.name] : model.outputs
    const whole = keep.includes(ALL)
    const names = whole ? keep.filter((name) => name === ROW) : keep
    checkOutputs(names, this.outputs, whole)
    this.#rowAt = names.indexOf(ROW)
    const read = names.filter((name) => name !== ROW)
    const taken = this.#rowAt < 0 ? this.outputs : [...this.outputs, ROW]
    this.#keys = read.length
    const wanted = { name: 'message', wanted: this.#columns, tolerant: true, optional: this.#optional() }
    this.#reader = new Reader({ ...wanted, keep: read, whole: whole ? { taken } : undefined }, 1)
    this.#writer = ndjson.writer({ kept: names.map((name) => ({ name })), outputs: this.outputs }) as ScoreWriter
  }

  /** @throws InputError where the model does not answer */
  score(message: Message): AtOnce<ScoredMessage> {
    const events = this.#read(message)
    const { refusals, count } = events
    if (refusals[0] && refusals[0].index === undefined) return nothing(refusals, 1)
    const refused = new Set(refusals.map(({ index }) => index!))
    const good = refused.size === 0 ? undefined : [...Array(count).keys()].filter((n) => !refused.has(n))
    if (good?.length === 0) return nothing(refusals, count)
    const rows = good ? pick(events.rows, this.#columns.length, good) : events.rows
    return andThen(ask(this.#model, rows), (scores) => this.#scored(events, good, [...refused], rows, scores))
  }

  /** @param good the places of the events that were scored; all of them unless given */
  #scored(
    events: Events,
    good: readonly number[] | undefined,
    refused: number[],
    rows: ScoredMessage['rows'],
    scores: Float32Array,
  ): ScoredMessage {
    const { refusals, count } = events
    const passes = this.#cut && passing(scores, this.#model.outputs, this.#cut)
    const answered = this.#onlyPassing
      ? [...(good ?? Array(count).keys())].filter((_, i) => passes![i])
      : (good ?? undefined)
    const values = this.#valuesOf(scores, passes)
    const passed = passes?.reduce((sum, pass) => sum + pass, 0) ?? 0
    const answer = answered?.length === 0 ? undefined : this.#answer(events, answered, values, refused)
    return { answer, refusals, events: count, scored: scores.length / this.#model.outputs.length, passed, rows, scores }
  }

  /** What is answered of each event that is answered. */
  #valuesOf(scores: Float32Array, passes: Uint8Array | undefined): Float32Array {
    if (!passes) return scores
    const outputs = this.#model.outputs.length
    const chosen = [...passes.keys()].filter((n) => passes[n])
    if (this.#onlyPassing) return pick(scores, outputs, chosen)
    return withPassing(scores, outputs, passes)
  }

  /** @param answered the places of the events that `values` are of; all of them unless given */
  #answer(
    { format, count, kept }: Events,
    answered: readonly number[] | undefined,
    values: Float32Array,
    refused: number[],
  ): Answer {
    const width = this.outputs.length
    const part = (from = 0, to = count): AnswerPart => {
      const [first, last] = answered ? [lowerBound(answered, from), lowerBound(answered, to)] : [from, to]
      const rows = answered?.slice(first, last)
      const chosen = kept && (rows ? rows.map((n) => kept[n]!) : kept.slice(first, last))
      const body = this.#write(format, values.subarray(first * width, last * width), chosen)
      return { body, count: last - first, rows: last - first === to - from ? undefined : rows }
    }
    return { version: this.version, format, outputs: this.outputs, events: count, refused, part }
  }

  #write(format: Answer['format'], values: Float32Array, kept: readonly Kept[] | undefined): Uint8Array {
    if (format === 'f32') return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    const lines = this.#writer.scores(values, kept)
    // The writer writes over its bytes when it is called again, and this answer is still on its way then.
    const bytes = typeof lines === 'string' ? Buffer.from(lines) : Buffer.copyBytesFrom(lines)
    return format === 'json' ? bytes.subarray(0, -1) : bytes
  }

  #read(message: Message): Events {
    try {
      const content = contentOf(message, this.#columns)
      if ('rows' in content) {
        const { rows } = content
        return { format: 'f32', rows, count: rows.length / this.#columns.length, kept: undefined, refusals: [] }
      }
      return this.#readEvents(content)
    } catch (error) {
      if (!(error instanceof UnreadableMessage)) throw error
      const refusal = { reason: error.message, events: 1, body: message.body, version: this.version }
      return { format: 'json', rows: new Float64Array(0), count: 1, kept: undefined, refusals: [refusal] }
    }
  }

  /** @throws UnreadableMessage where there is none */
  #readEvents(content: Extract<Content, { text: string } | { bytes: Buffer }>): Events {
    const reader = this.#reader.begin()
    const [piece] = 'text' in content ? reader.elements([[content.text, 1]]) : reader.pieces(content.bytes)
    if (!piece) throw new UnreadableMessage('empty, expected an event as JSON')
    const { rows, kept } = piece
    const events = kept!.length
    let lines: readonly string[] | undefined
    const lineOf = (index: number) => {
      lines ??= 'text' in content ? [content.text] : linesOf(content.bytes)
      return lines[index]!
    }
    const refusals: Refusal[] = []
    for (const [index, { fault }] of kept!.entries()) {
      const reason = fault?.reason ?? (this.#strict ? this.#missing(rows, index) : undefined)
      if (reason === undefined) continue
      const body = Buffer.from(fault?.text ?? lineOf(index))
      refusals.push({ reason, index, events, body, format: 'json', version: this.version })
    }
    const isOne = events === 1 && !('named' in content && content.named)
    return { format: isOne ? 'json' : 'ndjson', rows, count: events, kept: this.#completed(kept!), refusals }
  }

  /** Why a drone refuses an event of which a value is null. */
  #missing(rows: Float64Array, index: number): string | undefined {
    const width = this.#columns.length
    for (let i = 0; i < width; i++) {
      if (!Number.isNaN(rows[index * width + i]!) || this.#model.optional.has(this.#model.inputs[i]!)) continue
      return `${quoted(this.#columns[i]!)}: missing, and this input has no default`
    }
    return undefined
  }

  #completed(kept: readonly Kept[]): readonly Kept[] {
    const width = this.#keys
    if (this.#rowAt < 0 && width === 0) return kept
    return kept.map((one) => {
      const cells = Array.from({ length: width }, (_, i) => one.cells[i])
      if (this.#rowAt >= 0) cells.splice(this.#rowAt, 0, String(one.row))
      return { ...one, cells }
    })
  }

  /** The keys that a record may lack. */
  #optional(): ReadonlySet<string> {
    const { inputs, optional } = this.#model
    return new Set(this.#columns.filter((_, i) => optional.has(inputs[i]!)))
  }
}

/** Checks that options fit a model, before anything is read. @throws UsageError where they do not */
export function checkScoring(model: VersionedModel, options: ScorerOptions): void {
  new Scorer(model, { ...options, onNotice: undefined })
}

function columnsOf({ file, inputs }: Model, features: readonly string[] | undefined): readonly string[] {
  if (!features || features.length === inputs.length) return features ?? inputs
  const wanted = `${file.path} has ${counted(inputs.length, 'input')} (${listed(inputs)})`
  throw new OptionError('features', `${counted(features.length, 'name')}, but ${wanted}`)
}

function nothing(refusals: Refusal[], events: number): ScoredMessage {
  const none = new Float32Array(0)
  return { answer: undefined, refusals, events, scored: 0, passed: 0, rows: none, scores: none }
}

/** The lines of a message that are not blank. */
function linesOf(bytes: Buffer): string[] {
  return bytes
    .toString()
    .split('\n')
    .filter((line) => line.trim() !== '')
}

/** How many of the ascending numbers are below `limit`. */
function lowerBound(ascending: readonly number[], limit: number): number {
  let [low, high] = [0, ascending.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (ascending[middle]! < limit) low = middle + 1
    else high = middle
  }
  return low
}
