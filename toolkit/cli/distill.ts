/** nndrone distill */
import { basename, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { type EngineName, formatJSON, PRESETS, type PresetName, type Scaling } from 'nndrone'
import { UsageError } from '../errors.ts'
import { type EventSource, numbered } from '../events/index.ts'
import { featuresOf } from '../jobs/learn/events.ts'
import { type LearnResult, learn, learnFrontier } from '../jobs/learn/index.ts'
import type { LearnOptions } from '../jobs/learn/options.ts'
import { checkSources } from '../jobs/learn/sources.ts'
import type { Ranges } from '../jobs/probe.ts'
import type { ScaleFrom } from '../jobs/scaling.ts'
import { type Model, openDrone } from '../models/index.ts'
import type { Method } from '../probe/index.ts'
import { counted } from '../text.ts'
import { checkFrontier, writeFrontier } from './frontier-files.ts'
import { INTERRUPTED, type Interruptions } from './interrupt.ts'
import { choosesEvents, EVENTS, type EventOptions, openChosen } from './options/events.ts'
import { addRangeOption, coordinatesOption, methodOption } from './options/probes.ts'
import { addScaleOption, type ScaleChoice, scaleFromOf, scalingFile } from './options/scale.ts'
import { openTeacher, type TeacherOptions, teacherOptions, teachersNamed, teacherWords } from './options/teacher.ts'
import { fraction, names, positive, units, values, whole } from './options/values.ts'
import { checkNew, checkOutput, writeFile } from './output.ts'
import { checkReport, type ReportPlaces, writeReport } from './report-files.ts'
import { frontierTable } from './view/frontier.ts'
import { errorJSON, notify, say } from './view/messages.ts'
import { watch } from './view/progress.ts'
import { standardOutput } from './view/stdout.ts'
import { shellWord } from './view/terminal.ts'
import { trainingFigures, trainingText } from './view/training.ts'

interface Options extends EventOptions, TeacherOptions {
  out: string
  force?: boolean
  features?: string[]
  target?: string[]
  label?: string
  output?: LastLayer
  default?: Record<string, number>
  scaling?: Scaling
  questions?: number
  coordinates?: string[]
  probe?: number
  probeMethod?: Method
  range?: Ranges
  scaleFrom?: ScaleChoice
  preset: PresetName
  epochs?: number
  batchSize?: number
  /** The earlier name. */
  batch?: number
  learningRate?: number
  kappa?: number
  hidden?: number[]
  maxHidden?: number
  parameters?: number
  mse?: number
  frontier?: string
  seed: number
  holdout: number
  engine?: EngineName
  report?: string
  json?: boolean
}

/** What the last layer can be. */
const LAST_LAYERS = ['sigmoid', 'softmax', 'linear'] as const
type LastLayer = (typeof LAST_LAYERS)[number]

const INTERRUPTED_EARLY = 'interrupted before the end of the first epoch: wrote nothing'

export function distillCommand(program: Command, interruptions: Interruptions): void {
  const command = program
    .command('distill')
    .summary('train a drone to answer as a teacher does')
    .description(
      'Trains a drone to answer as a teacher does, on events that need no labels. It starts with more hidden units than it is to have and loses the one that is missed least, one after the other; with --preset paper or reference, with --kappa, or beyond 1,000 parameters, it grows a unit whenever learning stalls.',
    )
    .argument('[teacher]', 'the model to learn from; or name a column of its answers with --target')
    .option('--events <files...>', `events to learn with: ${EVENTS}`)
    .option('--target <columns>', 'learn the answers recorded in this column, or in several, as a,b,…', names)
    .option('--out <file>', 'where the drone is written', 'drone.json')
    .option('--force', 'replace that file if it exists')
    .option(
      '--features <names>',
      "the drone's input columns, as a,b,…; the teacher's, or all that no other option names, unless given",
      names,
    )
    .option(
      '--label <column>',
      '1 signal, 0 background, or of several outputs the number of the class: measures AUC; of signal and background keeps how inputs and scores are distributed; trains nothing',
    )
  addScaleOption(command, 'events for drone and teacher')
    .addOption(
      new Option(
        '--scaling <how>',
        'standardise by mean and deviation, or by quantiles, which outliers do not move',
      ).choices(['deviation', 'quantiles']),
    )
    .option(
      '--default <name=value>',
      'what a missing value of a feature becomes; its mean or median unless given; once for each feature',
      values,
    )
    .addOption(
      new Option(
        '--output <kind>',
        'activation of the last layer; the one that suits the answers unless given',
      ).choices(LAST_LAYERS),
    )
    .option('--holdout <x>', 'fraction of the events held out of the training, to measure on', fraction, 0.2)
    .option('--seed <n>', 'random seed', whole(0), 1)
    .option('--report <file>', 'also make a page that shows the drone on the events that were held out')
    .option('--json', 'print the figures as one JSON object')
    .optionsGroup('More questions to the teacher:')
    .option(
      '--questions <n>',
      'ask the teacher about so many more events, made like the training events; none unless given, 200000 are worth a try',
      whole(0),
    )
    .addOption(coordinatesOption())
    .option(
      '--probe <n>',
      'instead: so many probes among the events, all of them learnt from, and measured on without --events',
      whole(1),
    )
    .addOption(methodOption('--probe-method <name>', 'how probes are made; resample, or uniform without events'))
  addRangeOption(command)
    .optionsGroup('Training:')
    .addOption(new Option('--preset <name>', 'the way to train').choices(Object.keys(PRESETS)).default('best'))
    .option('--epochs <n>', 'how many times to go through all events', whole(1))
    .option('--batch-size <n>', 'events in a mini-batch', whole(1))
    .addOption(new Option('--batch <n>').argParser(whole(1)).hideHelp().conflicts('batchSize'))
    .option('--learning-rate <x>', 'learning rate', positive)
    .option('--kappa <x>', 'grow when the loss changes by less than this fraction in an epoch', positive)
    .addOption(
      new Option('--hidden <n>', 'hidden units to grow from, 5 unless given; n,m,… for several layers').argParser(
        units,
      ),
    )
    .option('--max-hidden <n>', 'most hidden units of a layer; 16 for best unless given', whole(0))
    .option('--parameters <n>', 'instead of hidden units: the largest drone that has no more parameters', whole(1))
    .option('--mse <x>', 'the smallest drone whose MSE on the held-out events is no larger', positive)
    .option(
      '--frontier <folder>',
      'drones of 3 to 30 hidden units, with a table and a curve of their MSE on held-out events',
    )
    .addOption(
      new Option('--engine <name>', 'SIMD or plain JavaScript; both train the same drone').choices(['simd', 'js']),
    )
    .addHelpText(
      'after',
      `
Examples:
  $ nndrone distill --target score --label label --events events.csv --out drone.json
  $ nndrone distill teacher.h5 --events events.csv --features pt,eta --scale-from label=1
  $ nndrone distill teacher.h5 --events few.csv --scale-from mean.json --questions 100000
  $ nndrone distill large.json --probe 50000 --range pt=0:50 --range eta=1:6
  $ nndrone distill large.json --events events.csv --preset paper --seed 7
  $ nndrone distill large.json --events events.csv --frontier sizes
  $ nndrone distill large.json --events 'run*.parquet' --missing -999 --where 'pt > 2' --sample 100000

Ctrl-C ends the training and writes the best drone so far; a second one ends at once.
Exit codes: 0 finished, 1 failed, 2 usage, ${INTERRUPTED} interrupted (129 by SIGHUP, 143 by SIGTERM).`,
    )
    .action((teacher: string | undefined, options: Options) => run(teacher, options, interruptions))
  teacherOptions(choosesEvents(command))
}

async function run(teacher: string | undefined, options: Options, interruptions: Interruptions): Promise<void> {
  checkSources(options, teachersNamed(teacher, options) > 0)
  const { out, report: page, frontier: folder } = options
  const inputs = { TEACHER: teacher, '--events': options.events, '--scale-from': scalingFile(options.scaleFrom) }
  if (folder !== undefined) {
    checkNoSize(options)
    await checkFrontier(folder, inputs, options.force)
  } else await checkOutput(out, inputs)
  if (page !== undefined) {
    if (resolve(page) === resolve(out)) throw new UsageError(`--report ${page}: is also the --out; name another file`)
    await checkReport({ page, inputs }, { events: options.events })
  }
  if (!options.force && folder === undefined) await checkNew(out)
  // What is wrong with a file is said before events are waited for.
  const scaleFrom = await scaleFromOf(options.scaleFrom)
  const open = async () => (options.events === undefined ? undefined : openChosen(options))
  const early = teacher === undefined ? await open() : undefined
  const model = await openTeacher(teacher, options, () => featuresOf(early, { ...options, scaleFrom }))
  try {
    const events = early ?? (await open())
    const results = await interruptions.during((signal, savable) => {
      return train(model, events, scaleFrom, options, signal, savable)
    })
    process.exitCode = interruptions.code
    const result = results?.[0]
    if (!result || result.history.length === 0) {
      if (options.json) standardOutput().write(errorJSON(INTERRUPTED_EARLY))
      return say(INTERRUPTED_EARLY)
    }
    if (folder !== undefined) return await tellFrontier(results, folder, options)
    await writeFile(out, `${formatJSON(result.drone.toJSON())}\n`)
    tell(result, model, options)
    if (page !== undefined) await reportOf(result, model, { page, inputs }, options)
  } finally {
    await model?.close?.()
  }
}

/** @throws UsageError where a size or a page is wanted beside drones of all sizes */
function checkNoSize({ hidden, maxHidden, parameters, mse, report }: Options): void {
  const beside = {
    '--hidden': hidden,
    '--max-hidden': maxHidden,
    '--parameters': parameters,
    '--mse': mse,
    '--report': report,
  }
  const other = Object.entries(beside).find(([, value]) => value !== undefined)
  if (other) throw new UsageError(`${other[0]} cannot be combined with --frontier, which makes drones of several sizes`)
}

/**
 * Undefined where it was interrupted before there was a drone; several drones only of a frontier.
 * @param savable is called when the training begins, which a signal ends with the best drone so far
 */
async function train(
  teacher: Model | undefined,
  events: EventSource | undefined,
  scaleFrom: ScaleFrom | undefined,
  options: Options,
  signal: AbortSignal,
  savable: () => void,
): Promise<LearnResult[] | undefined> {
  const { target, features, label, holdout, kappa, output, scaling, json } = options
  const { questions, coordinates, probe, probeMethod, range } = options
  const {
    preset,
    epochs,
    batch,
    batchSize = batch,
    learningRate,
    hidden,
    maxHidden,
    parameters,
    mse,
    seed,
    engine,
  } = options
  // Of seven trainings in turn only a bar is shown.
  const view = watch(json || (options.frontier !== undefined && !process.stderr.isTTY))
  const column = target && { column: target.join(), events: options.events!.map((file) => basename(file)).join(' ') }
  try {
    const all: LearnOptions = {
      ...{
        teacher,
        target,
        events,
        features,
        label,
        scaleFrom,
        holdout,
        questions,
        coordinates,
        probe,
        probeMethod,
        range,
      },
      ...{ preset, epochs, batchSize, learningRate, hidden, maxHidden, parameters, mse, seed, engine, scaling, signal },
      default: options.default,
      outputActivation: output,
      growth: kappa === undefined ? {} : { kappa },
      record: column && { teacher: column },
      onNotice: notify,
      onProgress(progress) {
        if (progress.stage === 'training') savable()
        view.see(progress)
      },
    }
    return options.frontier === undefined ? [await learn(all)] : await learnFrontier(all)
  } catch (error) {
    if ((error as Error).name === 'AbortError') return undefined
    throw error
  } finally {
    view.stop()
  }
}

/** The events are read a second time; those that were held out are shown, if any were. */
async function reportOf({ heldOut }: LearnResult, teacher: Model | undefined, places: ReportPlaces, options: Options) {
  const { out, target, label, features, json } = options
  const all = await openChosen(options)
  const events = heldOut.length > 0 ? numbered(all, heldOut.slice().sort()) : all
  const view = watch(json)
  const asked = { drone: await openDrone(out), teacher, target, label, features, events, onProgress: view.see }
  await writeReport(asked, places).finally(view.stop)
  if (!json) say(`wrote ${places.page}`)
}

/** The table and the curve, and where they are. */
async function tellFrontier(results: readonly LearnResult[], folder: string, { json, preset, seed }: Options) {
  const points = await writeFrontier(folder, results)
  if (json) {
    standardOutput().write(`${JSON.stringify({ folder, preset, seed, drones: points }, null, 2)}\n`)
    return
  }
  process.stderr.write(frontierTable(points))
  say(`wrote ${counted(points.length, 'drone')}, frontier.csv and frontier.svg to ${folder}`)
}

/** On standard output in JSON, else on standard error; a loss that diverged sets the exit code. */
function tell(result: LearnResult, model: Model | undefined, options: Options): void {
  const { out, json } = options
  const { stopped, history } = result
  if (json) standardOutput().write(`${JSON.stringify(trainingFigures(result, options), null, 2)}\n`)
  else process.stderr.write(trainingText(result, options))
  if (stopped === 'aborted') {
    say(`interrupted after epoch ${history.length}: wrote the best drone so far to ${out}`)
  } else if (stopped === 'diverged') {
    process.exitCode = 1
    say(
      `the loss diverged in epoch ${history.length}: wrote the best drone before to ${out}; try a smaller --learning-rate`,
    )
  } else if (!json) say(`wrote ${out}; to go on:\n  ${next(model, options)}`)
}

/** What a user would type now. */
function next(model: Model | undefined, options: Options): string {
  const { out, events, target, label, scaleFrom, missing, decimal, features } = options
  const names = !events || events.includes('-') ? 'FILE' : events.map(shellWord).join(' ')
  const file = `${names}${missing ? ` --missing ${missing.join()}` : ''}${decimal ? ` --decimal ${decimal}` : ''}`
  const against = model ? teacherWords(options, model.file) : `--target ${shellWord(target!.join())}`
  const labelled = label === undefined ? '' : ` --label ${shellWord(label)}`
  // The drone keeps how events were standardised for its teacher.
  const scale = model?.unscaled && scaleFrom ? ` --scale-from ${shellWord(out)}` : ''
  // The drone has the names of the columns; its teacher may have others.
  const known = !features || !model || model.unnamed || features.every((name) => model.inputs.includes(name))
  const columns = known ? '' : ` --features ${shellWord(features.join())}`
  return [
    `nndrone predict ${shellWord(out)} --events ${file}`,
    `nndrone compare ${shellWord(out)} ${against} --events ${file}${columns}${labelled}${scale}`,
  ].join('\n  ')
}
