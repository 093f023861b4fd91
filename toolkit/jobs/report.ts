/** Gathers what a report of a drone shows, in one reading of the events: they are counted as they pass. */
import { cpus } from 'node:os'
import { basename } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { atEfficiency } from 'nndrone'
import { InputError } from '../errors.ts'
import { type EventSource, quoted } from '../events/index.ts'
import { checkedAnswers } from '../models/answers.ts'
import type { DroneModel, Model } from '../models/index.ts'
import { scalingKeptOf } from '../scaling/kept.ts'
import { standardising } from '../scaling/scale.ts'
import { type Scaling, scalesFor } from '../scaling/scaling.ts'
import { clockCost } from '../timing.ts'
import { cardOf, cutsOf } from './report/card.ts'
import { type Chunk, numbersOf } from './report/chunk.ts'
import { type Cut, Cuts, Differences, Inputs, Reliabilities, Scores } from './report/counts.ts'
import { importance } from './report/importance.ts'
import type { Report } from './report/numbers.ts'
import { Outside, outsideOf } from './report/outside.ts'
import { RocScores } from './report/roc.ts'
import { Sample } from './report/sample.ts'
import { timesOf } from './report/times.ts'
import { WorstEvents } from './report/worst.ts'

export type { Report } from './report/numbers.ts'

export interface ReportOptions {
  drone: DroneModel
  /** What the drone is compared with. */
  teacher?: Model
  /** Read once, from front to back, and closed. */
  events: EventSource
  /** Columns of recorded answers, in place of a teacher. */
  target?: readonly string[]
  /** The column that is 1 for signal and 0 for background. */
  label?: string
  /** How events are standardised for a teacher whose file does not tell. @default as the drone keeps it of this teacher */
  scaling?: Scaling
  /** Of the sample that the importance of inputs is measured on. @default 1 */
  seed?: number
  /** Whether times are measured; without them the same input gives the same report. @default true */
  times?: boolean
  onProgress?(progress: ReportProgress): void
  signal?: AbortSignal
}

export interface ReportProgress {
  stage: 'reading' | 'asking' | 'measuring'
  /** Bytes, inputs, models. */
  done: number
  total: number | undefined
}

/** Events that are counted at once. */
const CHUNK = 4096

/** The first events choose the bins: so many, or fewer that are wide. */
const FIRST = { events: 1 << 16, numbers: 1 << 22 }

/** Of the sample for the importance of inputs, and questions that are asked for it. */
const SAMPLE = { events: 20_000, questions: 1_000_000 }

/** Signal that passes the cuts of a drone that keeps none of its own. */
const EFFICIENCIES = [0.5, 0.9]

/** @throws InputError where there is no event, or where a label is neither 1 nor 0 */
export async function report(options: ReportOptions): Promise<Report> {
  const { events } = options
  try {
    return await gathered(prepared(options))
  } finally {
    await events.close()
  }
}

/** All that is known before the first event is read. */
interface Setting extends ReportOptions {
  /** As it is to be asked: with standardised events. */
  asked: Model | undefined
  /** What drone and teacher see, together. */
  columns: readonly string[]
  own: readonly string[]
  theirs: readonly string[]
  /** Columns of a row that is read: those, the answers and the label. */
  read: readonly string[]
}

/** @throws InputError where models and columns do not go together */
function prepared(options: ReportOptions): Setting {
  const { drone, teacher, target = [], label } = options
  const outputs = drone.outputs.length
  if (label !== undefined && outputs > 1) {
    throw new InputError(
      `label: ${quoted(label)} needs a drone of one output, but ${drone.file.path} has ${outputs} (${drone.outputs.join(', ')})`,
    )
  }
  if (target.length > 0 && target.length !== outputs) {
    throw new InputError(`target: columns of ${target.length} outputs, but ${drone.file.path} has ${outputs}`)
  }
  if (teacher && teacher.outputs.length !== outputs) {
    throw new InputError(
      `${teacher.file.path} has ${teacher.outputs.length} outputs, but ${drone.file.path} ${outputs}`,
    )
  }
  const own = drone.inputs
  const theirs = teacher ? columnsOf(teacher, own) : []
  const columns = [...new Set([...own, ...theirs])]
  const scaling = options.scaling ?? (teacher && scalingKeptOf(teacher, drone))
  const asked = teacher && scaling ? standardising(teacher, scalesFor(scaling, theirs, true)) : teacher
  const read = [...columns, ...target, ...(label === undefined ? [] : [label])]
  return { ...options, asked, columns, own, theirs, read }
}

/** A model that does not name its inputs has those of the drone, if there are as many. */
function columnsOf({ unnamed, inputs }: Model, drone: readonly string[]): readonly string[] {
  return unnamed && inputs.length === drone.length ? drone : inputs
}

async function gathered(setting: Setting): Promise<Report> {
  const { events } = setting
  const held: Chunk[] = []
  let counting: Counting | undefined
  let count = 0
  for await (const chunk of chunks(setting)) {
    count += chunk.count
    if (counting) counting.add(chunk)
    else held.push(chunk)
    if (!counting && (count >= FIRST.events || count * setting.columns.length >= FIRST.numbers)) {
      counting = new Counting(setting, joined(setting, held.splice(0)))
    }
  }
  if (count === 0) throw new InputError(`${events.name}: no events`)
  counting ??= new Counting(setting, joined(setting, held))
  return counting.result()
}

/** The events with the answers of both, so many at once whatever the pieces are that they come in. */
async function* chunks(setting: Setting): AsyncGenerator<Chunk> {
  const { drone, asked, events, read, onProgress, signal } = setting
  const optional = new Set([...drone.optional, ...(asked?.optional ?? [])])
  const rows = new Float64Array(CHUNK * read.length)
  let [first, filled] = [0, 0]
  for await (const piece of events.read(read, { optional })) {
    for (let at = 0; at < piece.rows.length; ) {
      const part = piece.rows.subarray(at, at + rows.length - filled)
      rows.set(part, filled)
      at += part.length
      filled += part.length
      if (filled < rows.length) continue
      signal?.throwIfAborted()
      yield await answered(setting, first, rows)
      first += CHUNK
      filled = 0
      // Answers may come at once: whoever waits for a turn gets one all the same.
      await turn()
    }
    onProgress?.({ stage: 'reading', done: events.bytesRead(), total: events.size })
  }
  signal?.throwIfAborted()
  if (filled > 0) yield await answered(setting, first, rows.subarray(0, filled))
}

/** @param rows [n × columns that are read] */
async function answered(setting: Setting, first: number, rows: Float64Array): Promise<Chunk> {
  const { drone, asked, read, own, theirs, target = [], label } = setting
  const project = (names: readonly string[]) => projected(rows, read, names)
  const events = project(own)
  const answers = asked ? await ask(asked, project(theirs)) : undefined
  return chunkOf(setting, {
    ...{ first, count: rows.length / read.length, events },
    rows: project(setting.columns),
    drone: drone.predictBatch(events),
    teacher: answers ?? (target.length > 0 ? Float32Array.from(project(target)) : undefined),
    labels: label === undefined ? undefined : project([label]),
  })
}

/** Some columns of a table, in an order of their own. */
function projected(rows: Float64Array, columns: readonly string[], chosen: readonly string[]): Float64Array {
  const at = chosen.map((name) => columns.indexOf(name))
  const count = rows.length / columns.length
  const table = new Float64Array(count * at.length)
  for (let n = 0; n < count; n++) {
    for (let i = 0; i < at.length; i++) table[n * at.length + i] = rows[n * columns.length + at[i]!]!
  }
  return table
}

async function ask(model: Model, events: Float64Array): Promise<Float32Array> {
  const answers = await model.predictBatch(events)
  return checkedAnswers(model.file.path, answers, events.length / model.inputs.length, model.outputs)
}

/** A chunk, with the events of each kind told apart. */
function chunkOf(setting: Setting, known: Omit<Chunk, 'outside' | 'kinds' | 'scored'>): Chunk {
  const { events, label } = setting
  const { first, count, drone, teacher, labels } = known
  const outputs = drone.length / count
  const all = numbersOf(count, () => true)
  const scored = numbersOf(count, (n) => {
    for (let i = n * outputs; i < (n + 1) * outputs; i++) {
      if (!Number.isFinite(drone[i]! + (teacher?.[i] ?? 0))) return false
    }
    return true
  })
  const { domain } = setting.drone.record
  const outside = domain.some((range) => range !== undefined) ? outsideOf(domain, known.events) : undefined
  if (!labels) return { ...known, outside, scored, kinds: [{ kind: 'all', all, scored }] }
  const wrong = labels.findIndex((value) => value !== 0 && value !== 1)
  if (wrong >= 0) {
    throw new InputError(
      `${events.name}: column ${quoted(label!)} of event ${first + wrong} (from 0): ${Number.isNaN(labels[wrong]) ? 'missing' : labels[wrong]}, expected 1 (signal) or 0 (background)`,
    )
  }
  const kinds = (['background', 'signal'] as const).map((kind, value) => {
    const its = (rows: Uint32Array) => rows.filter((n) => labels[n] === value)
    return { kind, all: its(all), scored: its(scored) }
  })
  return { ...known, outside, scored, kinds: kinds.reverse() }
}

function joined(setting: Setting, chunks: readonly Chunk[]): Chunk {
  const whole = <Part extends Float32Array | Float64Array>(part: (chunk: Chunk) => Part): Part => {
    const parts = chunks.map(part)
    const all = parts[0]!.constructor as new (length: number) => Part
    const table = new all(parts.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const one of parts) {
      table.set(one, at)
      at += one.length
    }
    return table
  }
  const [{ teacher, labels }] = chunks as [Chunk]
  return chunkOf(setting, {
    first: 0,
    count: chunks.reduce((sum, { count }) => sum + count, 0),
    rows: whole(({ rows }) => rows),
    events: whole(({ events }) => events),
    drone: whole(({ drone }) => drone),
    teacher: teacher && whole((chunk) => chunk.teacher!),
    labels: labels && whole((chunk) => chunk.labels!),
  })
}

/** All that is counted while the events pass. */
class Counting {
  readonly #setting: Setting
  readonly #inputs: Inputs
  readonly #scores: Scores
  readonly #differences: Differences | undefined
  readonly #worst = new WorstEvents()
  readonly #roc: RocScores | undefined
  readonly #reliabilities: Reliabilities | undefined
  readonly #cuts: Cuts | undefined
  readonly #outside: Outside | undefined
  readonly #sample: Sample
  #events = 0
  #unscored = 0
  #kinds = { signal: 0, background: 0, all: 0 }

  constructor(setting: Setting, first: Chunk) {
    const { columns, drone, seed = 1 } = setting
    this.#setting = setting
    this.#inputs = new Inputs(first)
    this.#scores = new Scores(first)
    this.#differences = first.teacher && new Differences(first)
    this.#roc = first.labels && new RocScores()
    this.#reliabilities = first.labels && arePossible(first) ? new Reliabilities(first) : undefined
    this.#cuts = first.labels && new Cuts(cutsFor(drone, first), first)
    this.#outside = first.outside && new Outside(drone.record.domain)
    const most = Math.min(SAMPLE.events, Math.ceil(SAMPLE.questions / columns.length))
    this.#sample = new Sample(columns.length, most, seed)
    this.add(first)
  }

  add(chunk: Chunk): void {
    this.#events += chunk.count
    this.#unscored += chunk.count - chunk.scored.length
    for (const { kind, all } of chunk.kinds) this.#kinds[kind] += all.length
    this.#inputs.add(chunk)
    this.#scores.add(chunk)
    this.#differences?.add(chunk)
    if (chunk.teacher) this.#worst.add(chunk)
    this.#roc?.add(chunk)
    this.#reliabilities?.add(chunk)
    this.#cuts?.add(chunk)
    this.#outside?.add(chunk)
    this.#sample.add(chunk.rows)
  }

  async result(): Promise<Report> {
    const { drone, teacher, target, label, events, own } = this.#setting
    if (this.#unscored === this.#events) {
      throw new InputError(`${events.name}: every event lacks a value that has no default`)
    }
    const { signal, background } = this.#kinds
    return {
      drone: cardOf(drone),
      teacher: teacher
        ? { name: teacher.file.name ?? basename(teacher.file.path), description: teacher.describe() }
        : target && { name: `column ${target.join(', ')}` },
      events: { name: basename(events.name), count: this.#events, unscored: this.#unscored },
      labels: label === undefined ? undefined : { column: label, signal, background },
      inputs: this.#inputs.result(own),
      scores: this.#scores.result(drone.outputs),
      fidelity: this.#differences && { ...this.#differences.result(drone.outputs), worst: this.#worst.result() },
      roc: this.#roc?.result(),
      reliability: this.#reliabilities?.result(),
      cuts: this.#cuts?.result() ?? [],
      outside: this.#outside?.result(own),
      importance: await importanceOf(this.#setting, this.#sample.rows),
      times: this.#setting.times === false ? undefined : await measured(this.#setting, this.#sample.rows),
    }
  }
}

/** Whether scores can be probabilities. */
function arePossible({ drone, teacher }: Chunk): boolean {
  const possible = (scores: Float32Array | undefined) => !scores?.some((score) => score < 0 || score > 1)
  return possible(drone) && possible(teacher)
}

/** The drone's own, or those that pass some of the signal among the first events. */
function cutsFor(model: DroneModel, { drone, labels, scored }: Chunk): Cut[] {
  const own = cutsOf(model)
  if (own.length > 0) return own
  const pick = (values: Float32Array | Float64Array) => Float64Array.from(scored, (n) => values[n]!)
  const [scores, kinds] = [pick(drone), pick(labels!)]
  if (!kinds.includes(1) || !kinds.includes(0)) return []
  return EFFICIENCIES.map((efficiency) => {
    const { threshold } = atEfficiency(scores, kinds, efficiency)
    return { name: `${100 * efficiency} % of the signal`, threshold }
  })
}

async function importanceOf(setting: Setting, rows: Float64Array) {
  const { columns, own, theirs, drone, asked, seed = 1, onProgress, signal } = setting
  const inChunks = (
    sees: readonly string[],
    model: Pick<Model, 'outputs'>,
    ask: (events: Float64Array) => unknown,
  ) => ({
    sees,
    async ask(rows: Float64Array) {
      const events = projected(rows, columns, sees)
      const scores = new Float32Array((events.length / sees.length) * model.outputs.length)
      for (let at = 0; at < events.length; at += CHUNK * sees.length) {
        signal?.throwIfAborted()
        const answers = (await ask(events.subarray(at, at + CHUNK * sees.length))) as Float32Array
        scores.set(answers, (at / sees.length) * model.outputs.length)
      }
      return scores
    },
  })
  return importance({
    ...{ columns, rows, seed },
    drone: inChunks(own, drone, (events) => drone.predictBatch(events)),
    teacher: asked && inChunks(theirs, asked, (events) => ask(asked, events)),
    onColumn: (done) => onProgress?.({ stage: 'asking', done, total: columns.length }),
  })
}

async function measured({ columns, own, theirs, drone, asked, onProgress }: Setting, rows: Float64Array) {
  const total = asked ? 2 : 1
  onProgress?.({ stage: 'measuring', done: 0, total })
  const ours = await timesOf(drone, projected(rows, columns, own))
  onProgress?.({ stage: 'measuring', done: 1, total })
  const teacher = asked && (await timesOf(asked, projected(rows, columns, theirs)))
  const machine = `${cpus()[0]?.model ?? process.arch}, Node ${process.versions.node}`
  return { clock: await clockCost(), machine, drone: ours, teacher }
}
