/** nndrone predict */
import type { Command } from 'commander'
import { shortest, type Teacher } from 'nndrone'
import { UsageError } from '../errors.ts'
import type { EventSource, Loaded } from '../events/index.ts'
import type { Model } from '../teachers/index.ts'
import { choosesEvents, columnsOf, EVENTS, type EventOptions, inputColumns, loadShown, openChosen } from './events.ts'
import { names } from './options.ts'
import { type Output, openOutput } from './output.ts'
import { progress } from './progress.ts'
import { addScaleOption, checkScalable, type ScaleFrom, scaleColumn, scaledTeacher, scaleOf } from './scale.ts'
import { openTeacher, type TeacherOptions, teacherOptions, teachersNamed } from './teacher.ts'

interface Options extends EventOptions, TeacherOptions {
  features?: string[]
  out?: string
  scaleFrom?: ScaleFrom
  json?: boolean
}

export function predictCommand(program: Command): void {
  const command = teacherOptions(program.command('predict'))
    .summary('score events with a drone or a teacher')
    .description(
      'Scores events. CSV is answered with CSV, a column an output; NDJSON with NDJSON, an object of outputs a line. An event that lacks a value gets the score nan (null in JSON), unless the model has a default for it.',
    )
    .argument('[model]', 'a drone or any other model; or name a program or a service with the options')
    .requiredOption('--events <files...>', `${EVENTS}, where each line is answered as it arrives`)
    .option(
      '--features <names>',
      "columns in the order of the model's inputs, as a,b,…, where they have other names",
      names,
    )
  addScaleOption(command, 'what the model sees')
    .option('--out <file>', 'write the scores to a file')
    .option('--json', 'print one JSON object: events, and scores by output unless they go to --out')
    .addHelpText(
      'after',
      `
Examples:
  $ nndrone predict drone.json --events events.csv > scores.csv
  $ nndrone predict drone.json --events 'run*.parquet' tree.root:events --where 'pt > 2 && abs(eta) < 4.5'
  $ tail -f events.ndjson | nndrone predict drone.json --events -
  $ nndrone predict teacher.h5 --events events.csv --features pt,eta --scale-from label=1`,
    )
    .action(run)
  choosesEvents(command)
}

async function run(path: string | undefined, options: Options): Promise<void> {
  if (teachersNamed(path, options) === 0) {
    throw new UsageError('what to score with? Name a MODEL, a --teacher-command or a --teacher-url')
  }
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
  const scores = scored(await asked(model, source, options), options)
  const whole = json && out === undefined
  const events = whole ? await writeObject(model, scores) : await writeLines(model, source, scores, out)
  if (json && !whole) process.stdout.write(`${JSON.stringify({ events, out })}\n`)
}

/** Who is asked, and what. */
interface Question {
  teacher: Teacher
  pieces: AsyncIterable<Float64Array>
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
    const pieces = source.read(columns, model.optional)
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
    for (; done < count; done += PIECE) yield events.subarray(done * width, (done + PIECE) * width)
  }
  return { teacher, pieces: pieces(), size: count, done: () => Math.min(done, count) }
}

/** Scores [events × outputs], a piece after the other. */
async function* scored({ teacher, pieces, size, done }: Question, { out, json }: Options) {
  // A bar would be torn by scores on the same terminal.
  const bar = progress('scoring', size, json || (process.stdout.isTTY && out === undefined))
  try {
    for await (const rows of pieces) {
      yield await teacher.predictBatch(rows)
      bar.update(done())
    }
  } finally {
    bar.stop()
  }
}

/** Writes a line an event, each before the next piece is read. Returns how many. */
async function writeLines(model: Model, source: EventSource, scores: AsyncIterable<Float32Array>, path?: string) {
  const output = await openOutput(path)
  try {
    const events = await writeTo(output, model, source, scores)
    await output.finish()
    return events
  } catch (error) {
    await output.abandon()
    throw error
  }
}

async function writeTo(
  output: Output,
  { outputs }: Model,
  { format }: EventSource,
  scores: AsyncIterable<Float32Array>,
) {
  const line = format === 'NDJSON' ? ndjsonLine(outputs) : csvLine
  if (format !== 'NDJSON') await output.write(`${outputs.map(csvName).join(',')}\n`)
  let events = 0
  for await (const piece of scores) {
    const lines: string[] = []
    for (let at = 0; at < piece.length; at += outputs.length) lines.push(line(piece.subarray(at, at + outputs.length)))
    await output.write(`${lines.join('\n')}\n`)
    events += lines.length
  }
  return events
}

export function csvName(name: string): string {
  return /[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name
}

function csvLine(scores: Float32Array): string {
  let line = ''
  for (const score of scores) line += `${line && ','}${Number.isNaN(score) ? 'nan' : shortest(score)}`
  return line
}

/** As JSON.stringify would have it; what is not finite is null. */
function ndjsonLine(outputs: readonly string[]) {
  const keys = outputs.map((name) => JSON.stringify(name))
  return (scores: Float32Array): string => {
    const entries = keys.map((key, i) => `${key}:${Number.isFinite(scores[i]) ? shortest(scores[i]!) : null}`)
    return `{${entries.join(',')}}`
  }
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
