/** nndrone predict */
import { isatty } from 'node:tty'
import type { Command } from 'commander'
import { shortest } from 'nndrone'
import { UsageError } from '../errors.ts'
import { type EventSource, openParts } from '../events/index.ts'
import { cellJSON, checkEnding, type ScoreWriter, scoreFormat } from '../events/write/index.ts'
import { columnsOf } from '../jobs/columns.ts'
import { checkScalable, type ScaleFrom } from '../jobs/scaling.ts'
import { type ScoredEvents, type Scores, score } from '../jobs/score.ts'
import { DroneModel, type Model } from '../models/index.ts'
import { counted, grouped, quoted } from '../text.ts'
import { BadRecords, type BadRecordsOptions, badRecordsOptions } from './bad-records.ts'
import { choosesEvents, EVENTS, type EventOptions, openChosen } from './options/events.ts'
import { addScaleOption, type ScaleChoice, scaleFromOf, scalingFile } from './options/scale.ts'
import { openTeacher, type TeacherOptions, teacherOptions, teachersNamed } from './options/teacher.ts'
import { names, values, whole } from './options/values.ts'
import { checkOutput, type Output, openOutput } from './output.ts'
import { notify, say } from './view/messages.ts'
import { watch } from './view/progress.ts'
import { rateText } from './view/rate.ts'
import { standardOutput } from './view/stdout.ts'
import { type Start, scoredByWorkers } from './workers/index.ts'

interface Options extends EventOptions, TeacherOptions, BadRecordsOptions {
  features?: string[]
  keep?: string[]
  cut?: string
  onlyPassing?: boolean
  default?: Record<string, number>
  out?: string
  scaleFrom?: ScaleChoice
  json?: boolean
  workers?: number
}

export function predictCommand(program: Command): void {
  const command = program
    .command('predict')
    .summary('score events with a drone or a teacher')
    .description(
      'Scores events. NDJSON is answered with NDJSON, one object of outputs per line, and everything else with CSV, one column per output, unless the name of --out says otherwise. An event that lacks a value gets the score nan (null in JSON), unless the model has a default for it; in NDJSON a key that is absent is a value that is missing.',
    )
    .argument('[model]', 'a drone or any other model; or name a program or a service with the options')
    .option('--events <files...>', `${EVENTS}, where each line is answered as it arrives`)
    .option(
      '--features <names>',
      "columns in the order of the model's inputs, as a,b,…, where they have other names",
      names,
    )
  addScaleOption(command, 'events for the model')
    .option(
      '--default <name=value>',
      'what a missing value of a column becomes, whatever the model has for it; once for each column',
      values,
    )
    .option('--cut <name>', "add a column of this name: 1 where the event passes this cut of the drone's, else 0")
    .option('--only-passing', 'write only the events that pass that cut, without such a column')
    .option('--out <file>', 'write the scores to a file: .csv, .ndjson, .npy or .parquet')
    .option(
      '--keep <names>',
      "write these columns before the scores, their text unchanged, as a,b,…; all means every column; row means the row's number in the input",
      names,
    )
    .option('--json', 'print one JSON object: events, and scores by output unless they go to --out')
    .option(
      '--workers <n>',
      'score lines of CSV or NDJSON by a drone in n threads; the order stays (not with --skip, --limit, --sample, --keep row)',
      whole(1),
    )
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
  $ nndrone predict drone.json --events events.csv --cut tight --only-passing --keep run,event > passed.csv
  $ nndrone predict teacher.h5 --events events.csv --features pt,eta --scale-from drone.json`,
    )
    .action(run)
  badRecordsOptions(teacherOptions(choosesEvents(command)))
}

async function run(path: string | undefined, options: Options): Promise<void> {
  if (teachersNamed(path, options) === 0) {
    throw new UsageError('no model given; name a file, a --teacher-command or a --teacher-url')
  }
  const { events, out, rejects, scaleFrom } = options
  const inputs = { MODEL: path, '--events': events, '--scale-from': scalingFile(scaleFrom) }
  await checkOutput(out, inputs)
  await checkOutput(rejects, inputs, '--rejects')
  checkEnding(out)
  const bad = await BadRecords.open(options, out)
  try {
    await predict(path, { ...options, onFault: bad?.take }, bad)
  } catch (error) {
    await bad?.abandon()
    throw error
  }
}

async function predict(path: string | undefined, options: Options, bad: BadRecords | undefined): Promise<void> {
  if (options.workers !== undefined) return predictByWorkers(path, options, options.workers, bad)
  // What is wrong with a file is said before events are waited for.
  const early = path === undefined ? await openChosen(options) : undefined
  const model = (await openTeacher(path, options, () => options.features ?? columnsOf(early!)))!
  try {
    checkScalable(model, options.scaleFrom)
    const scaleFrom = await scaleFromOf(options.scaleFrom)
    await writeAll(model, early ?? (await openChosen(options)), scaleFrom, options, bad)
  } finally {
    await model.close?.()
  }
}

async function writeAll(
  model: Model,
  events: EventSource,
  scaleFrom: ScaleFrom | undefined,
  options: Options,
  bad: BadRecords | undefined,
): Promise<void> {
  const { out, json, keep, features, cut, onlyPassing } = options
  const began = performance.now()
  const whole = json && out === undefined
  const format = whole ? undefined : scoreFormat(out, events.format)
  // A bar would be torn by scores on the same terminal.
  const view = watch(json || (isatty(1) && out === undefined))
  try {
    const scores = await score({
      ...{ model, events, features, scaleFrom, keep, cut, onlyPassing, whole: format?.takesWhole },
      default: options.default,
      ...{ onProgress: view.see, onNotice: notify },
    })
    if (format) await writeScores(await format.writer(scores), scores, { out, arriving: events.size === undefined })
    else await writeObject(scores, bad)
    await bad?.finish()
    const seconds = (performance.now() - began) / 1000
    view.stop()
    if (!json) say(rateText({ events: scores.count, bytes: events.bytesRead(), seconds }))
    if (!json && cut !== undefined)
      say(`${grouped(scores.passed!)} of ${counted(scores.count, 'event')} pass the cut ${quoted(cut)}`)
    if (!json) bad?.tell()
    if (json && !whole) {
      standardOutput().write(
        `${JSON.stringify({ events: scores.count, passed: scores.passed, rejected: bad?.count, out })}\n`,
      )
    }
  } finally {
    view.stop()
  }
}

/** Options that need all events in their order, or something else that workers have not got. */
const ALONE = ['skip', 'limit', 'sample', 'scaleFrom', 'json'] as const

async function predictByWorkers(
  path: string | undefined,
  options: Options,
  workers: number,
  bad: BadRecords | undefined,
): Promise<void> {
  const { events: files, out, keep, cut, onlyPassing, features, decimal, missing, where, onError } = options
  const alone = ALONE.find((name) => options[name] !== undefined) ?? (keep?.includes('row') ? 'keep row' : undefined)
  if (alone) {
    throw new UsageError(
      `--workers cannot be used with --${alone.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    )
  }
  if (out !== undefined && /\.(npy|parquet)$/i.test(out)) {
    throw new UsageError(`--workers writes CSV or NDJSON; leave it out for --out ${out}`)
  }
  if (files === undefined) throw new UsageError('--events is missing; name files of events, or - for standard input')
  const model = await openTeacher(path, options, () => [])
  if (!(model instanceof DroneModel)) {
    await model?.close?.()
    throw new UsageError('--workers needs a drone; other models are asked by one')
  }
  const began = performance.now()
  const parts = await openParts(files, { decimal, tolerant: bad !== undefined })
  const view = watch(isatty(1) && out === undefined)
  const { path: name, bytes } = model.file
  const start: Start = {
    ...{ drone: { path: name, bytes: bytes! }, features, cut, onlyPassing, default: options.default },
    ...{ missing, where: where?.text, decimal, onError, out, keep },
  }
  const output = await openOutput(out)
  const totals = { events: 0, passed: 0, rows: 0, parts: 0 }
  const notices = new Map<string, number>()
  try {
    for await (const scored of scoredByWorkers(parts, start, workers)) {
      // Where not even the first event can be scored, nothing is written.
      if (totals.parts++ === 0 && (!scored.error || scored.scores.length > 0)) await output.write(scored.begin)
      await output.write(scored.scores)
      for (const fault of scored.faults) await bad!.take({ ...fault, row: totals.rows + fault.row })
      for (const text of scored.notices) notices.set(text, (notices.get(text) ?? 0) + 1)
      totals.events += scored.count
      totals.passed += scored.passed ?? 0
      totals.rows += scored.rows
      view.see({ stage: 'scoring', done: parts.bytesRead(), total: parts.size })
    }
    await output.finish()
    await bad?.finish()
  } catch (error) {
    await output.abandon()
    throw error
  } finally {
    view.stop()
  }
  // What is true of one part need not be true of all.
  for (const [text, count] of notices) if (count === totals.parts) notify(text)
  const seconds = (performance.now() - began) / 1000
  say(rateText({ events: totals.events, bytes: parts.bytesRead(), seconds }))
  if (cut !== undefined) {
    say(`${grouped(totals.passed)} of ${counted(totals.events, 'event')} pass the cut ${quoted(cut)}`)
  }
  bad?.tell()
}

/**
 * Writes the scores of each piece before the next is read. Of files nothing is written where not even the first piece can
 * be read; where events arrive one by one, whoever sends them may wait for the header first.
 */
async function writeScores(
  writer: ScoreWriter,
  scores: Scores,
  { out, arriving }: { out: string | undefined; arriving: boolean },
): Promise<void> {
  const pieces = scores[Symbol.asyncIterator]()
  const first = arriving ? undefined : await pieces.next()
  const output = await openOutput(out)
  try {
    await writeTo(output, writer, behind(first, pieces))
    await output.finish()
  } catch (error) {
    await output.abandon()
    throw error
  }
}

/** All pieces, of which the first may have been read. */
async function* behind<Piece>(
  first: IteratorResult<Piece> | undefined,
  rest: AsyncIterator<Piece>,
): AsyncGenerator<Piece> {
  try {
    for (let next = first ?? (await rest.next()); !next.done; next = await rest.next()) yield next.value
  } finally {
    await rest.return?.()
  }
}

async function writeTo(output: Output, writer: ScoreWriter, pieces: AsyncIterable<ScoredEvents>): Promise<void> {
  if (writer.begin) await output.write(writer.begin())
  for await (const { scores, kept } of pieces) await output.write(writer.scores(scores, kept))
  for (const block of writer.end?.() ?? []) await output.write(block)
  if (writer.beginning) await output.rewrite(writer.beginning())
}

/** Writes one object when all is known. */
async function writeObject(scores: Scores, bad: BadRecords | undefined): Promise<void> {
  const outputs = scores.outputs.map((): string[] => [])
  const columns = scores.kept.map((): string[] => [])
  for await (const { scores: values, kept } of scores) {
    for (const [i, value] of values.entries()) outputs[i % outputs.length]!.push(JSON.stringify(shortest(value)))
    if (columns.length === 0) continue
    for (const { cells, json } of kept!) for (const [i, cell] of cells.entries()) columns[i]!.push(cellJSON(cell, json))
  }
  const keptNames = scores.kept.map(({ name }) => name)
  const members = [
    `"events":${scores.count}`,
    ...(scores.passed === undefined ? [] : [`"passed":${scores.passed}`]),
    ...(bad ? [`"rejected":${bad.count}`] : []),
    ...(columns.length > 0 ? [`"kept":${objectOf(keptNames, columns)}`] : []),
    `"scores":${objectOf(scores.outputs, outputs)}`,
  ]
  standardOutput().write(`{${members.join(',')}}\n`)
}

/** An object of lists, whose values are JSON already. */
function objectOf(names: readonly string[], lists: readonly (readonly string[])[]): string {
  return `{${names.map((name, i) => `${JSON.stringify(name)}:[${lists[i]!.join(',')}]`).join(',')}}`
}
