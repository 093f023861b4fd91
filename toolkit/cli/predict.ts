/** nndrone predict */
import type { Command } from 'commander'
import { shortest } from 'nndrone'
import { UsageError } from '../errors.ts'
import { type EventSource, openEvents, type Piece } from '../events/index.ts'
import type { Model } from '../teachers/index.ts'
import { columnsOf, inputColumns } from './events.ts'
import { names } from './options.ts'
import { type Output, openOutput } from './output.ts'
import { progress } from './progress.ts'
import { openTeacher, type TeacherOptions, teacherOptions, teachersNamed } from './teacher.ts'

interface Options extends TeacherOptions {
  events: string
  features?: string[]
  out?: string
  json?: boolean
}

export function predictCommand(program: Command): void {
  teacherOptions(program.command('predict'))
    .summary('score events with a drone or any teacher')
    .description(
      'Scores events. CSV is answered with CSV, a column an output; NDJSON with NDJSON, an object of outputs a line. An event that lacks a value gets the score nan (null in JSON), unless the model has a default for it.',
    )
    .argument('[model]', 'a drone or any other model; or name a program or a service with the options')
    .requiredOption('--events <file>', 'CSV or NDJSON; - is standard input, where each line is answered as it arrives')
    .option(
      '--features <names>',
      "columns in the order of the model's inputs, as a,b,…, where they have other names",
      names,
    )
    .option('--out <file>', 'write the scores to a file')
    .option('--json', 'print one JSON object: events, and scores by output unless they go to --out')
    .addHelpText(
      'after',
      `
Examples:
  $ nndrone predict drone.json --events events.csv > scores.csv
  $ tail -f events.ndjson | nndrone predict drone.json --events -`,
    )
    .action(run)
}

async function run(path: string | undefined, options: Options): Promise<void> {
  if (teachersNamed(path, options) === 0) {
    throw new UsageError('what to score with? Name a MODEL, a --teacher-command or a --teacher-url')
  }
  // What is wrong with a file is said before events are waited for.
  const early = path === undefined ? await openEvents(options.events) : undefined
  const model = await openTeacher(path, options, () => options.features ?? columnsOf(early!))
  try {
    await score(model!, early ?? (await openEvents(options.events)), options)
  } finally {
    await model!.close?.()
  }
}

async function score(model: Model, source: EventSource, options: Options): Promise<void> {
  const { out, json } = options
  const pieces = source.read(inputColumns(model, options.features), model.optional)
  const scores = scored(model, pieces, source.size, options)
  const whole = json && out === undefined
  const events = whole ? await writeObject(model, scores) : await writeLines(model, source, scores, out)
  if (json && !whole) process.stdout.write(`${JSON.stringify({ events, out })}\n`)
}

/** Scores [events × outputs], in pieces as the events arrive. */
async function* scored(model: Model, pieces: AsyncIterable<Piece>, size: number | undefined, { out, json }: Options) {
  // A bar would be torn by scores on the same terminal.
  const bar = progress('scoring', size, json || (process.stdout.isTTY && out === undefined))
  let read = 0
  try {
    for await (const { rows, bytes } of pieces) {
      yield await model.predictBatch(rows)
      read += bytes
      bar.update(read)
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

function csvName(name: string): string {
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
