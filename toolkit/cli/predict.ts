/** nndrone predict */
import type { Command } from 'commander'
import { shortest, type Teacher } from 'nndrone'
import { UsageError } from '../errors.ts'
import type { EventSource, Kept, Loaded, Piece } from '../events/index.ts'
import { cellJSON, type Layout, type ScoreWriter, scoreFormat } from '../events/write/index.ts'
import type { Model } from '../models/index.ts'
import { type Scaling, scalesFor } from '../scaling/scaling.ts'
import { ask } from './asking.ts'
import {
  choosesEvents,
  columnsOf,
  EVENTS,
  type EventOptions,
  inputColumns,
  loadShown,
  openChosen,
  pace,
  pick,
} from './events.ts'
import { type FaultOptions, Faults, faultOptions } from './faults.ts'
import { Keeping } from './keeping.ts'
import { names } from './options.ts'
import { checkOutput, type Output, openOutput } from './output.ts'
import { progress } from './progress.ts'
import {
  addScaleOption,
  checkScalable,
  type ScaleFrom,
  scaleColumn,
  scaledTeacher,
  scaleOf,
  scalingEvents,
  scalingFile,
  scalingNamed,
} from './scale.ts'
import { openTeacher, type TeacherOptions, teacherOptions, teachersNamed } from './teacher.ts'
import { say } from './terminal.ts'

interface Options extends EventOptions, TeacherOptions, FaultOptions {
  features?: string[]
  keep?: string[]
  out?: string
  scaleFrom?: ScaleFrom
  json?: boolean
}

export function predictCommand(program: Command): void {
  const command = program
    .command('predict')
    .summary('score events with a drone or a teacher')
    .description(
      'Scores events. NDJSON is answered with NDJSON, an object of outputs a line, and all else with CSV, a column an output, unless the name of --out says otherwise. An event that lacks a value gets the score nan (null in JSON), unless the model has a default for it; in NDJSON a key that is absent is a value that is missing.',
    )
    .argument('[model]', 'a drone or any other model; or name a program or a service with the options')
    .requiredOption('--events <files...>', `${EVENTS}, where each line is answered as it arrives`)
    .option(
      '--features <names>',
      "columns in the order of the model's inputs, as a,b,…, where they have other names",
      names,
    )
  addScaleOption(command, 'what the model sees')
    .option('--out <file>', 'write the scores to a file: .csv, .ndjson, .npy or .parquet')
    .option(
      '--keep <names>',
      "write these columns before the scores, their text unchanged, as a,b,…; all means every column; row means the row's number in the input",
      names,
    )
    .option('--json', 'print one JSON object: events, and scores by output unless they go to --out')
    .addHelpText(
      'after',
      `
--keep all: where NDJSON is answered with NDJSON, each line goes through whole, with the scores added at its end. In
other formats the columns are the keys of the first event. --keep row: rows count from 0 through all files, and bad
records count too, whatever --skip, --limit, --where and --sample leave out. With --keep, NPY holds records with named
fields; NPY and Parquet keep these columns in memory until all events are read, to learn what types they have.

--on-error null: a bad record keeps its place, with the score nan (null in JSON). Where the line is not JSON, or has too
many or too few cells, only its row number can be kept. A quote that is never closed makes its own line a bad record, and
reading goes on with the next line. Where a later quote closes it and the cells fit, all those lines are one record.

Examples:
  $ nndrone predict drone.json --events events.csv > scores.csv
  $ nndrone predict drone.json --events events.npy --out scores.npy
  $ nndrone predict drone.json --events 'run*.parquet' tree.root:events --where 'pt > 2 && abs(eta) < 4.5'
  $ tail -f events.ndjson | nndrone predict drone.json --events -
  $ nndrone predict drone.json --events events.ndjson --keep all --on-error skip --rejects bad.ndjson > scored.ndjson
  $ nndrone predict drone.json --events events.csv --where 'pt > 2' --keep row,run,event > scores.csv
  $ nndrone predict teacher.h5 --events events.csv --features pt,eta --scale-from drone.json`,
    )
    .action(run)
  faultOptions(teacherOptions(choosesEvents(command)))
}

async function run(path: string | undefined, options: Options): Promise<void> {
  if (teachersNamed(path, options) === 0) {
    throw new UsageError('what to score with? Name a MODEL, a --teacher-command or a --teacher-url')
  }
  const { events, out, rejects, scaleFrom } = options
  const inputs = { MODEL: path, '--events': events, '--scale-from': scalingFile(scaleFrom) }
  await checkOutput(out, inputs)
  await checkOutput(rejects, inputs, '--rejects')
  const faults = await Faults.open(options, out)
  try {
    await predict(path, { ...options, onFault: faults?.take }, faults)
  } catch (error) {
    await faults?.abandon()
    throw error
  }
}

async function predict(path: string | undefined, options: Options, faults: Faults | undefined): Promise<void> {
  // What is wrong with a file is said before events are waited for.
  const early = path === undefined ? await openChosen(options) : undefined
  const model = (await openTeacher(path, options, () => options.features ?? columnsOf(early!)))!
  try {
    checkScalable(model, options.scaleFrom)
    const scaling = await scalingNamed(options.scaleFrom)
    await score(model, early ?? (await openChosen(options)), scaling, options, faults)
  } finally {
    await model.close?.()
  }
}

async function score(
  model: Model,
  source: EventSource,
  scaling: Scaling | undefined,
  options: Options,
  faults: Faults | undefined,
): Promise<void> {
  const { out, json, keep = [] } = options
  const began = performance.now()
  const whole = json && out === undefined
  const format = whole ? undefined : scoreFormat(out, source.format)
  const keeping = new Keeping(keep, source, model.outputs, format)
  const scores = scored(model, await asked(model, source, scaling, keeping, options), options)
  const layout = { kept: keeping.columns, outputs: model.outputs }
  const events = format
    ? (await writeScores(await format.writer(layout), scores, out)) / model.outputs.length
    : await writeObject(layout, scores, faults)
  await faults?.finish()
  if (!json) say(pace(source, events, (performance.now() - began) / 1000))
  if (!json) faults?.tell()
  if (json && !whole) process.stdout.write(`${JSON.stringify({ events, rejected: faults?.count, out })}\n`)
}

/** Who is asked, and what. */
interface Question {
  /** That hold the inputs. */
  columns: readonly string[]
  teacher: Teacher
  pieces: AsyncIterable<Piece>
  /** For the bar: how much there is, where that is known, and how much of it was asked. */
  size: number | undefined
  done(): number
}

/** Events are asked about as they arrive, unless mean and deviation are those of the events, all of which come first. */
async function asked(
  model: Model,
  source: EventSource,
  scaling: Scaling | undefined,
  keeping: Keeping,
  options: Options,
): Promise<Question> {
  const { features, scaleFrom, json, where, onFault } = options
  const column = scaleColumn(scaleFrom)
  const beside = column === undefined ? [] : [column]
  const columns = inputColumns(model, source, features, beside, scaling)
  const goesAlong = keeping.columns.length > 0 || onFault !== undefined
  const reading = {
    ...(goesAlong && keeping.reading),
    // What an event lacks is missing; whether there is a default for it the model knows.
    optional: new Set([...columns, ...(where?.columns ?? [])]),
  }
  const measured = scalingEvents(scaleFrom)
  if (!measured) {
    const pieces = completed(source.read(columns, reading), keeping)
    return {
      columns,
      teacher: scaledTeacher(model, scaling && scalesFor(scaling, columns, features !== undefined)),
      pieces,
      size: source.size,
      done: () => source.bytesRead(),
    }
  }
  const loaded = await loadShown(source, columns, beside, json, reading)
  const teacher = scaledTeacher(model, await scaleOf(source, loaded, measured))
  const { pieces, ...rest } = inPieces(loaded, columns.length)
  return { columns, teacher, pieces: completed(pieces, keeping), ...rest }
}

async function* completed(pieces: AsyncIterable<Piece>, keeping: Keeping): AsyncGenerator<Piece> {
  for await (const piece of pieces) yield keeping.completed(piece)
}

/** Events that are asked about at once. */
const PIECE = 4096

function inPieces({ events, count, kept }: Loaded, width: number) {
  let done = 0
  async function* pieces(): AsyncGenerator<Piece> {
    for (; done < count; done += PIECE) {
      const rows = events.subarray(done * width, (done + PIECE) * width)
      yield { rows, kept: kept.length > 0 ? kept.slice(done, done + PIECE) : undefined }
    }
  }
  return { pieces: pieces(), size: count, done: () => Math.min(done, count) }
}

/** The scores of a piece [events × outputs], with what goes through. */
interface Scored {
  scores: Float32Array
  kept: readonly Kept[] | undefined
}

/** Scores events, a piece after the other. */
async function* scored(model: Model, question: Question, { out, json }: Options): AsyncGenerator<Scored> {
  const { columns, teacher, pieces, size, done } = question
  // A bar would be torn by scores on the same terminal.
  const bar = progress('scoring', size, json || (process.stdout.isTTY && out === undefined))
  const unseen = new Set(columns.keys())
  let events = 0
  try {
    for await (const piece of pieces) {
      see(piece.rows, columns.length, unseen)
      events += piece.rows.length / columns.length
      yield { scores: await answered(teacher, piece), kept: piece.kept }
      bar.update(done())
      // Answers may come at once, and scores be taken at once: Ctrl-C has its turn all the same.
      await new Promise(setImmediate)
    }
  } finally {
    bar.stop()
  }
  if (events === 0) return
  const missing = [...unseen]
    .filter((i) => !model.optional.has(model.inputs[i]!))
    .map((i) => JSON.stringify(columns[i]))
  if (missing.length > 0) say(`no event has a value of ${missing.join(', ')}`)
}

/** Leaves out of the columns that no event had a value of those in which one has. */
function see(rows: Float64Array, width: number, unseen: Set<number>): void {
  for (let at = 0; at < rows.length && unseen.size > 0; at += width) {
    for (const i of unseen) if (!Number.isNaN(rows[at + i]!)) unseen.delete(i)
  }
}

/** Asks about the events that could be read; the others have no score. */
async function answered(teacher: Teacher, { rows, kept }: Piece): Promise<Float32Array> {
  if (!kept?.some(({ fault }) => fault)) return ask(teacher, rows)
  const outputs = teacher.outputs.length
  const scores = new Float32Array(kept.length * outputs).fill(Number.NaN)
  const good = [...kept.keys()].filter((n) => !kept[n]!.fault)
  if (good.length === 0) return scores
  const answers = await ask(teacher, pick(rows, rows.length / kept.length, good))
  for (const [i, n] of good.entries()) scores.set(answers.subarray(i * outputs, (i + 1) * outputs), n * outputs)
  return scores
}

/** Writes the scores of each piece before the next is read. Returns how many there were. */
async function writeScores(writer: ScoreWriter, pieces: AsyncIterable<Scored>, path?: string): Promise<number> {
  const output = await openOutput(path)
  try {
    const count = await writeTo(output, writer, pieces)
    await output.finish()
    return count
  } catch (error) {
    await output.abandon()
    throw error
  }
}

async function writeTo(output: Output, writer: ScoreWriter, pieces: AsyncIterable<Scored>): Promise<number> {
  let count = 0
  if (writer.begin) await output.write(writer.begin())
  for await (const { scores, kept } of pieces) {
    await output.write(writer.scores(scores, kept))
    count += scores.length
  }
  for (const block of writer.end?.() ?? []) await output.write(block)
  if (writer.beginning) await output.rewrite(writer.beginning())
  return count
}

/** Writes one object when all is known. Returns the number of events. */
async function writeObject(layout: Layout, pieces: AsyncIterable<Scored>, faults: Faults | undefined): Promise<number> {
  const outputs = layout.outputs.map((): string[] => [])
  const columns = layout.kept.map((): string[] => [])
  for await (const { scores, kept } of pieces) {
    for (const [i, score] of scores.entries()) outputs[i % outputs.length]!.push(JSON.stringify(shortest(score)))
    if (columns.length === 0) continue
    for (const { cells, json } of kept!) for (const [i, cell] of cells.entries()) columns[i]!.push(cellJSON(cell, json))
  }
  const events = outputs[0]!.length
  const members = [`"events":${events}`]
  if (faults) members.push(`"rejected":${faults.count}`)
  if (columns.length > 0)
    members.push(
      `"kept":${objectOf(
        layout.kept.map(({ name }) => name),
        columns,
      )}`,
    )
  members.push(`"scores":${objectOf(layout.outputs, outputs)}`)
  process.stdout.write(`{${members.join(',')}}\n`)
  return events
}

/** An object of lists, whose values are JSON already. */
function objectOf(names: readonly string[], lists: readonly (readonly string[])[]): string {
  return `{${names.map((name, i) => `${JSON.stringify(name)}:[${lists[i]!.join(',')}]`).join(',')}}`
}
