/** nndrone predict */
import type { Command } from 'commander'
import { shortest, type Teacher } from 'nndrone'
import { UsageError } from '../errors.ts'
import type { EventSource, Loaded, Piece } from '../events/index.ts'
import type { Model } from '../models/index.ts'
import { type ScoreWriter, scoreFormat } from '../scores/index.ts'
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
} from './events.ts'
import { names } from './options.ts'
import { checkOutput, type Output, openOutput } from './output.ts'
import { progress } from './progress.ts'
import { addScaleOption, checkScalable, type ScaleFrom, scaleColumn, scaledTeacher, scaleOf } from './scale.ts'
import { openTeacher, type TeacherOptions, teacherOptions, teachersNamed } from './teacher.ts'
import { say } from './terminal.ts'

interface Options extends EventOptions, TeacherOptions {
  features?: string[]
  out?: string
  scaleFrom?: ScaleFrom
  json?: boolean
}

export function predictCommand(program: Command): void {
  const command = program
    .command('predict')
    .summary('score events with a drone or a teacher')
    .description(
      'Scores events. NDJSON is answered with NDJSON, an object of outputs a line, and all else with CSV, a column an output, unless the name of --out says otherwise. An event that lacks a value gets the score nan (null in JSON), unless the model has a default for it.',
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
    .option('--json', 'print one JSON object: events, and scores by output unless they go to --out')
    .addHelpText(
      'after',
      `
Examples:
  $ nndrone predict drone.json --events events.csv > scores.csv
  $ nndrone predict drone.json --events events.npy --out scores.npy
  $ nndrone predict drone.json --events 'run*.parquet' tree.root:events --where 'pt > 2 && abs(eta) < 4.5'
  $ tail -f events.ndjson | nndrone predict drone.json --events -
  $ nndrone predict teacher.h5 --events events.csv --features pt,eta --scale-from label=1`,
    )
    .action(run)
  teacherOptions(choosesEvents(command))
}

async function run(path: string | undefined, options: Options): Promise<void> {
  if (teachersNamed(path, options) === 0) {
    throw new UsageError('what to score with? Name a MODEL, a --teacher-command or a --teacher-url')
  }
  await checkOutput(options.out, { MODEL: path, '--events': options.events })
  // What is wrong with a file is said before events are waited for.
  const early = path === undefined ? await openChosen(options) : undefined
  const model = (await openTeacher(path, options, () => options.features ?? columnsOf(early!)))!
  try {
    checkScalable(model, options.scaleFrom)
    await score(model, early ?? (await openChosen(options)), options)
  } finally {
    await model.close?.()
  }
}

async function score(model: Model, source: EventSource, options: Options): Promise<void> {
  const { out, json } = options
  const began = performance.now()
  const scores = scored(await asked(model, source, options), options)
  const whole = json && out === undefined
  const events = whole ? await writeObject(model, scores) : await writeScores(model, source, scores, out)
  if (!json) say(pace(source, events, (performance.now() - began) / 1000))
  if (json && !whole) process.stdout.write(`${JSON.stringify({ events, out })}\n`)
}

/** Who is asked, and what. */
interface Question {
  teacher: Teacher
  pieces: AsyncIterable<Piece>
  /** For the bar: how much there is, where that is known, and how much of it was asked. */
  size: number | undefined
  done(): number
}

/** Events are asked about as they arrive, unless --scale-from has to see all of them first. */
async function asked(model: Model, source: EventSource, { features, scaleFrom, json }: Options): Promise<Question> {
  const column = scaleColumn(scaleFrom)
  const beside = column === undefined ? [] : [column]
  const columns = inputColumns(model, source, features, beside)
  if (!scaleFrom) {
    const pieces = source.read(columns, { optional: model.optional })
    return { teacher: scaledTeacher(model, undefined), pieces, size: source.size, done: () => source.bytesRead() }
  }
  const loaded = await loadShown(source, columns, beside, json)
  const teacher = scaledTeacher(model, await scaleOf(source, loaded, scaleFrom))
  return inPieces(teacher, loaded, columns.length)
}

/** Events that are asked about at once. */
const PIECE = 4096

function inPieces(teacher: Teacher, { events, count }: Loaded, width: number): Question {
  let done = 0
  async function* pieces() {
    for (; done < count; done += PIECE) {
      yield { rows: events.subarray(done * width, (done + PIECE) * width), kept: undefined }
    }
  }
  return { teacher, pieces: pieces(), size: count, done: () => Math.min(done, count) }
}

/** Scores [events × outputs], a piece after the other. */
async function* scored({ teacher, pieces, size, done }: Question, { out, json }: Options) {
  // A bar would be torn by scores on the same terminal.
  const bar = progress('scoring', size, json || (process.stdout.isTTY && out === undefined))
  try {
    for await (const { rows } of pieces) {
      yield await ask(teacher, rows)
      bar.update(done())
      // Answers may come at once, and scores be taken at once: Ctrl-C has its turn all the same.
      await new Promise(setImmediate)
    }
  } finally {
    bar.stop()
  }
}

/** Writes the scores of each piece before the next is read. Returns how many events there were. */
async function writeScores(model: Model, source: EventSource, scores: AsyncIterable<Float32Array>, path?: string) {
  const output = await openOutput(path)
  try {
    const writer = await scoreFormat(path, source.format).writer(model.outputs)
    const count = await writeTo(output, writer, scores)
    await output.finish()
    return count / model.outputs.length
  } catch (error) {
    await output.abandon()
    throw error
  }
}

async function writeTo(output: Output, writer: ScoreWriter, scores: AsyncIterable<Float32Array>): Promise<number> {
  let count = 0
  if (writer.begin) await output.write(writer.begin())
  for await (const piece of scores) {
    await output.write(writer.scores(piece))
    count += piece.length
  }
  if (writer.end) await output.write(writer.end())
  if (writer.beginning) await output.rewrite(writer.beginning())
  return count
}

/** Writes one object when all is known. Returns the number of events. */
async function writeObject({ outputs }: Model, pieces: AsyncIterable<Float32Array>): Promise<number> {
  const columns = outputs.map((): number[] => [])
  for await (const piece of pieces) {
    for (const [i, score] of piece.entries()) columns[i % outputs.length]!.push(shortest(score))
  }
  const events = columns[0]!.length
  const scores = Object.fromEntries(outputs.map((name, i) => [name, columns[i]]))
  process.stdout.write(`${JSON.stringify({ events, scores })}\n`)
  return events
}
