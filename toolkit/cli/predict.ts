/** nndrone predict */
import type { Command } from 'commander'
import { shortest } from 'nndrone'
import type { EventSource } from '../events/index.ts'
import { type ScoreWriter, scoreFormat } from '../scores/index.ts'
import { type Model, openModel } from '../teachers/index.ts'
import { choosesEvents, EVENTS, type EventOptions, inputColumns, openChosen, pace } from './events.ts'
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
      'Scores events. NDJSON is answered with NDJSON, an object of outputs a line, and all else with CSV, a column an output, unless the name of --out says otherwise. An event that lacks a value gets the score nan (null in JSON), unless the model has a default for it.',
    )
    .argument('<model>', 'a drone')
    .requiredOption('--events <files...>', `${EVENTS}, where each line is answered as it arrives`)
    .option(
      '--features <names>',
      "columns in the order of the model's inputs, as a,b,…, where they have other names",
      names,
    )
    .option('--out <file>', 'write the scores to a file: .csv, .ndjson, .npy or .parquet')
    .option('--json', 'print one JSON object: events, and scores by output unless they go to --out')
    .addHelpText(
      'after',
      `
Examples:
  $ nndrone predict drone.json --events events.csv > scores.csv
  $ nndrone predict drone.json --events events.npy --out scores.npy
  $ nndrone predict drone.json --events 'run*.parquet' tree.root:events --where 'pt > 2 && abs(eta) < 4.5'
  $ tail -f events.ndjson | nndrone predict drone.json --events -`,
    )
    .action(run)
  choosesEvents(command)
}

async function run(path: string, options: Options): Promise<void> {
  const { out, json } = options
  const began = performance.now()
  const model = await openModel(path)
  const source = await openChosen(options)
  const pieces = source.read(inputColumns(model, options.features), model.optional)
  const scores = scored(model, source, pieces, options)
  const whole = json && out === undefined
  const events = whole ? await writeObject(model, scores) : await writeScores(model, source, scores, out)
  if (!json) process.stderr.write(`${pace(source, events, (performance.now() - began) / 1000)}\n`)
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
