/** Scores events with any model, a piece after the other. */
import { setImmediate as turn } from 'node:timers/promises'
import type { Teacher } from 'nndrone'
import { UsageError } from '../errors.ts'
import type { EventSource, Kept, Loaded, Piece } from '../events/index.ts'
import type { KeptColumn } from '../events/write/index.ts'
import type { Model } from '../models/index.ts'
import { scalesFor } from '../scaling/scaling.ts'
import { listed } from '../text.ts'
import { ask, PIECE } from './ask.ts'
import { inputColumns } from './columns.ts'
import { cutOf, type KnownCut, passing, withPassing } from './cuts.ts'
import { checkDefaults, fillMissing } from './defaults.ts'
import type { JobOptions } from './job.ts'
import { Keeping } from './keep.ts'
import { asModel } from './models.ts'
import { readEvents } from './read.ts'
import {
  checkScalable,
  isScaling,
  type ScaleFrom,
  scaleColumn,
  scaledTeacher,
  scaleOf,
  scalingEvents,
} from './scaling.ts'
import { pick } from './tables.ts'

export interface ScoreOptions extends JobOptions {
  /** A drone, or any other model. */
  model: Teacher | Model
  events: EventSource
  /** Columns in the order of the model's inputs, where they have other names. */
  features?: readonly string[]
  /** How events are standardised for a model whose file does not tell. */
  scaleFrom?: ScaleFrom
  /** Columns that go along with the scores; `all` of them, and `row`, the row's number in the input. */
  keep?: readonly string[]
  /** Whether NDJSON events may go along whole instead of column by column, where all are kept. */
  whole?: boolean
  /** A cut of the drone: its name is one output more, 1 where an event passes and else 0. */
  cut?: string
  /** Gives the events alone that pass the cut, and no such output. */
  onlyPassing?: boolean
  /** What a missing value becomes, by column; what the model has for it unless given. */
  default?: Readonly<Record<string, number>>
}

/** The scores of some events. */
export interface ScoredEvents {
  /** [events × outputs], NaN where an event has none. */
  scores: Float32Array
  /** What goes along with each event; undefined where nothing was asked for. */
  kept: readonly Kept[] | undefined
}

/** The scores of a source, piece by piece as its events arrive; they can be read once. */
export interface Scores extends AsyncIterable<ScoredEvents> {
  readonly outputs: readonly string[]
  /** The columns that go along. */
  readonly kept: readonly KeptColumn[]
  /** How many events have been scored by now. */
  readonly count: number
  /** How many of them passed the cut; undefined where there is none. */
  readonly passed: number | undefined
}

/**
 * Scores events as they arrive. Where mean and deviation are taken from these very events, all are read first.
 * @throws UsageError where options do not fit, InputError that names what is wrong in a file or an answer
 * @example
 * const scores = await score({ model: drone, events: await openEvents('test.csv'), keep: ['run', 'event'] })
 * for await (const { scores: piece, kept } of scores) console.log(piece, kept)
 */
export async function score(options: ScoreOptions): Promise<Scores> {
  const { events: source, keep = [], whole = false, scaleFrom } = options
  const model = asModel(options.model)
  checkScalable(model, scaleFrom)
  const cut = cutAskedFor(model, options)
  const outputs = cut && !options.onlyPassing ? [...model.outputs, cut.name] : model.outputs
  const keeping = new Keeping(keep, source, outputs, whole)
  const question = await questionOf(model, source, keeping, options)
  let [count, passed] = [0, 0]
  async function* pieces() {
    for await (const piece of scored(model, question, options)) {
      count += piece.scores.length / model.outputs.length
      const passes = cut && passing(piece.scores, model.outputs, cut)
      passed += passes?.reduce((sum, pass) => sum + pass, 0) ?? 0
      yield passes ? (options.onlyPassing ? passingOf : withColumn)(piece, model.outputs.length, passes) : piece
    }
  }
  return {
    outputs,
    kept: keeping.columns,
    get count() {
      return count
    },
    get passed() {
      return cut && passed
    },
    [Symbol.asyncIterator]: pieces,
  }
}

function cutAskedFor(model: Model, { cut, onlyPassing }: ScoreOptions): KnownCut | undefined {
  if (cut !== undefined) return cutOf(model, cut)
  if (onlyPassing) throw new UsageError('`onlyPassing` needs `cut`, the name of a cut of the drone')
  return undefined
}

function passingOf({ scores, kept }: ScoredEvents, outputs: number, passes: Uint8Array): ScoredEvents {
  const rows = [...passes.keys()].filter((n) => passes[n])
  return { scores: pick(scores, outputs, rows), kept: kept && rows.map((n) => kept[n]!) }
}

/** The scores with one output more. */
function withColumn({ scores, kept }: ScoredEvents, outputs: number, passes: Uint8Array): ScoredEvents {
  return { scores: withPassing(scores, outputs, passes), kept }
}

/** Who is asked, and about what. */
interface Question {
  /** That hold the inputs. */
  columns: readonly string[]
  teacher: Teacher
  pieces: AsyncIterable<Piece>
  /** How much there is, where that is known, and how much of it was asked about. */
  total: number | undefined
  done(): number
}

/** Events are asked about as they arrive, unless mean and deviation are those of the events, all of which come first. */
async function questionOf(
  model: Model,
  source: EventSource,
  keeping: Keeping,
  options: ScoreOptions,
): Promise<Question> {
  const { features, scaleFrom, onNotice } = options
  const column = scaleColumn(scaleFrom)
  const beside = column === undefined ? [] : [column]
  const known = isScaling(scaleFrom) ? scaleFrom : undefined
  const columns = inputColumns(model, source, { features, beside, known, onNotice })
  checkDefaults(columns, options)
  // What an event lacks is missing; whether there is a default for it the model knows.
  const reading = { ...(keeping.columns.length > 0 && keeping.reading), optional: 'all' as const }
  const measured = scalingEvents(scaleFrom)
  if (!measured) {
    const teacher = scaledTeacher(model, known && scalesFor(known, columns, features !== undefined), options)
    const pieces = keeping.completedAll(source.read(columns, reading))
    return { columns, teacher, pieces, total: source.size, done: () => source.bytesRead() }
  }
  const loaded = await readEvents(source, columns, beside, options, reading)
  const teacher = scaledTeacher(model, await scaleOf(source, loaded, measured, options))
  const { pieces, ...rest } = inPieces(loaded, columns.length)
  return { columns, teacher, pieces: keeping.completedAll(pieces), ...rest }
}

function inPieces({ events, count, kept }: Loaded, width: number) {
  let done = 0
  async function* pieces(): AsyncGenerator<Piece> {
    for (; done < count; done += PIECE) {
      const rows = events.subarray(done * width, (done + PIECE) * width)
      yield { rows, kept: kept.length > 0 ? kept.slice(done, done + PIECE) : undefined }
    }
  }
  return { pieces: pieces(), total: count, done: () => Math.min(done, count) }
}

async function* scored(model: Model, question: Question, options: ScoreOptions): AsyncGenerator<ScoredEvents> {
  const { columns, teacher, pieces, total, done } = question
  const { onProgress, onNotice, signal } = options
  const unseen = new Set(columns.keys())
  let any = false
  for await (const piece of pieces) {
    signal?.throwIfAborted()
    findValues(piece.rows, columns.length, unseen)
    any ||= piece.rows.length > 0
    fillMissing(piece.rows, columns, options)
    yield { scores: await askAboutGood(teacher, piece), kept: piece.kept }
    onProgress?.({ stage: 'scoring', done: done(), total })
    // Answers may come at once, and scores be taken at once: timers and signals have their turn all the same.
    await turn()
  }
  if (!any) return
  const given = (i: number) => model.optional.has(model.inputs[i]!) || Object.hasOwn(options.default ?? {}, columns[i]!)
  const missing = [...unseen].filter((i) => !given(i)).map((i) => columns[i]!)
  if (missing.length > 0) onNotice?.(`no event has a value of ${listed(missing.map((name) => JSON.stringify(name)))}`)
}

/** Leaves out of the columns that no event had a value of those in which one has. */
function findValues(rows: Float64Array, width: number, unseen: Set<number>): void {
  for (let at = 0; at < rows.length && unseen.size > 0; at += width) {
    for (const i of unseen) if (!Number.isNaN(rows[at + i]!)) unseen.delete(i)
  }
}

/** Asks about the events that could be read; the others have no score. */
async function askAboutGood(teacher: Teacher, { rows, kept }: Piece): Promise<Float32Array> {
  if (!kept?.some(({ fault }) => fault)) return ask(teacher, rows)
  const outputs = teacher.outputs.length
  const scores = new Float32Array(kept.length * outputs).fill(Number.NaN)
  const good = [...kept.keys()].filter((n) => !kept[n]!.fault)
  if (good.length === 0) return scores
  const answers = await ask(teacher, pick(rows, rows.length / kept.length, good))
  for (const [i, n] of good.entries()) scores.set(answers.subarray(i * outputs, (i + 1) * outputs), n * outputs)
  return scores
}
