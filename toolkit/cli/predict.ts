/** nndrone predict */
import type { Command } from 'commander'
import { shortest } from 'nndrone'
import type { EventSource } from '../events/index.ts'
import { type Model, openModel } from '../teachers/index.ts'
import { choosesEvents, EVENTS, type EventOptions, inputColumns, openChosen } from './events.ts'
import { names } from './options.ts'
import { type Output, openOutput } from './output.ts'
import { progress } from './progress.ts'

interface Options extends EventOptions {
  features?: string[]
  out?: string
  json?: boolean
}

export function predictCommand(program: Command): void {
  const command = program
    .command('predict')
    .summary('score events with a drone')
    .description(
      'Scores events. CSV is answered with CSV, a column an output; NDJSON with NDJSON, an object of outputs a line. An event that lacks a value gets the score nan (null in JSON), unless the model has a default for it.',
    )
    .argument('<model>', 'a drone')
    .requiredOption('--events <files...>', `${EVENTS}, where each line is answered as it arrives`)
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
  $ nndrone predict drone.json --events 'run*.parquet' tree.root:events --where 'pt > 2 && abs(eta) < 4.5'
  $ tail -f events.ndjson | nndrone predict drone.json --events -`,
    )
    .action(run)
  choosesEvents(command)
}

async function run(path: string, options: Options): Promise<void> {
  const { out, json } = options
  const model = await openModel(path)
  const source = await openChosen(options)
  const pieces = source.read(inputColumns(model, options.features), model.optional)
  const scores = scored(model, source, pieces, options)
  const whole = json && out === undefined
  const events = whole ? await writeObject(model, scores) : await writeLines(model, source, scores, out)
  if (json && !whole) process.stdout.write(`${JSON.stringify({ events, out })}\n`)
}

/** Scores [events × outputs], in pieces as the events arrive. */
async function* scored(model: Model, source: EventSource, pieces: AsyncIterable<Float64Array>, { out, json }: Options) {
  // A bar would be torn by scores on the same terminal.
  const bar = progress('scoring', source.size, json || (process.stdout.isTTY && out === undefined))
  try {
    for await (const rows of pieces) {
      yield await model.predictBatch(rows)
      bar.update(source.bytesRead())
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
