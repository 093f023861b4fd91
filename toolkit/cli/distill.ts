/** nndrone distill */
import { basename } from 'node:path'
import { type Command, Option } from 'commander'
import { type Distilled, distill, type EngineName, formatJSON, PRESETS, type PresetName, type Scaling } from 'nndrone'
import { UsageError } from '../errors.ts'
import type { Method } from '../probe/index.ts'
import { teacherRecord } from '../scaling/kept.ts'
import { kindOf } from './asking.ts'
import { choosesEvents, EVENTS, type EventOptions, openChosen } from './events.ts'
import { checkInputs } from './inputs.ts'
import { INTERRUPTED, type Interruptions } from './interrupt.ts'
import { featuresOf, prepared, type Setting } from './lesson.ts'
import { fraction, names, positive, units, values, whole } from './options.ts'
import { checkNew, checkOutput, writeFile } from './output.ts'
import { addRangeOption, methodOption, type Ranges } from './probing.ts'
import { watchEpochs } from './progress.ts'
import { report, type Trained } from './report.ts'
import { addScaleOption, type ScaleFrom, scalingFile, scalingNamed } from './scale.ts'
import { openTeacher, type TeacherOptions, teacherOptions, teachersNamed } from './teacher.ts'
import { say } from './terminal.ts'

export interface Options extends Partial<EventOptions>, TeacherOptions {
  out: string
  force?: boolean
  features?: string[]
  target?: string[]
  label?: string
  output?: Kind
  default?: ReadonlyMap<string, number>
  scaling?: Scaling
  probe?: number
  probeMethod?: Method
  range?: Ranges
  scaleFrom?: ScaleFrom
  preset: PresetName
  epochs?: number
  batch?: number
  learningRate?: number
  kappa?: number
  hidden?: number[]
  maxHidden?: number
  seed: number
  holdout: number
  engine?: EngineName
  json?: boolean
}

/** Of the last layer. */
const KINDS = ['sigmoid', 'softmax', 'linear'] as const
type Kind = (typeof KINDS)[number]

export function distillCommand(program: Command, interruptions: Interruptions): void {
  const command = program
    .command('distill')
    .summary('train a drone to answer as a teacher does')
    .description(
      'Trains a drone to answer as a teacher does, on events that need no labels. The drone grows a hidden unit at a time, whenever learning stalls.',
    )
    .argument('[teacher]', 'the model to learn from; or name a column of its answers with --target')
    .option('--events <files...>', `events to learn with: ${EVENTS}`)
    .option('--target <columns>', 'learn the answers recorded in this column, or in several, as a,b,…', names)
    .option('--out <file>', 'where the drone is written', 'drone.json')
    .option('--force', 'replace that file if it exists')
    .option(
      '--features <names>',
      "columns that the drone sees, as a,b,…; all but those of other options, or the teacher's",
      names,
    )
    .option('--label <column>', '1 signal, 0 background: measures AUC, trains nothing')
  addScaleOption(command, 'what drone and teacher see')
    .addOption(
      new Option('--scaling <how>', 'standardise by quantiles, where outliers spoil mean and deviation').choices([
        'deviation',
        'quantiles',
      ]),
    )
    .option(
      '--default <name=value>',
      'what a missing value becomes; the mean or median unless given; once for each',
      values,
    )
    .addOption(new Option('--output <kind>', 'the last layer; what suits the answers unless given').choices(KINDS))
    .option('--holdout <x>', 'fraction of the events to measure on and not to learn from', fraction, 0.2)
    .option('--seed <n>', 'the source of every random choice', whole(0), 1)
    .option('--json', 'print the figures as one JSON object')
    .optionsGroup('Probes:')
    .option('--probe <n>', 'ask the teacher about so many events more, made like those that are learnt from', whole(1))
    .addOption(methodOption('--probe-method <name>', 'how they are made; resample, or uniform without events'))
  addRangeOption(command)
    .optionsGroup('Training:')
    .addOption(new Option('--preset <name>', 'the way to train').choices(Object.keys(PRESETS)).default('best'))
    .option('--epochs <n>', 'times that all events are learnt from', whole(1))
    .option('--batch <n>', 'events of a mini-batch', whole(1))
    .option('--learning-rate <x>', 'size of a step', positive)
    .option('--kappa <x>', 'grow where the loss changes by less than this fraction in an epoch', positive)
    .addOption(
      new Option('--hidden <n>', 'hidden units to start with; n,m,… for several layers')
        .argParser(units)
        .default([5], '5'),
    )
    .option('--max-hidden <n>', 'hidden units of a layer at most', whole(0))
    .addOption(new Option('--engine <name>', 'what to compute with; the drone is the same').choices(['simd', 'js']))
    .addHelpText(
      'after',
      `
Examples:
  $ nndrone distill --target score --label label --events events.csv --out drone.json
  $ nndrone distill teacher.h5 --events events.csv --features pt,eta --scale-from label=1
  $ nndrone distill teacher.h5 --events few.csv --scale-from mean.json --probe 20000
  $ nndrone distill large.json --probe 50000 --range pt=0:50 --range eta=1:6
  $ nndrone distill large.json --events events.csv --preset paper --seed 7
  $ nndrone distill large.json --events 'run*.parquet' --missing -999 --where 'pt > 2' --sample 100000

Ctrl-C ends the training and writes the best drone so far; a second one ends at once.
Exit codes: 0 finished, 1 failed, 2 usage, ${INTERRUPTED} interrupted (129 by SIGHUP, 143 by SIGTERM).`,
    )
    .action((teacher: string | undefined, options: Options) => run(teacher, options, interruptions))
  teacherOptions(choosesEvents(command))
}

async function run(teacher: string | undefined, options: Options, interruptions: Interruptions): Promise<void> {
  checkUsage(teacher, options)
  await checkOutput(options.out, {
    TEACHER: teacher,
    '--events': options.events,
    '--scale-from': scalingFile(options.scaleFrom),
  })
  if (!options.force) await checkNew(options.out)
  const trained = await train(teacher, options, interruptions).catch((error) => {
    if ((error as Error).name === 'AbortError') return undefined
    throw error
  })
  process.exitCode = interruptions.code
  if (!trained || trained.distilled.history.length === 0) {
    return say('interrupted before the end of the first epoch: wrote nothing')
  }
  await writeFile(options.out, `${formatJSON(trained.distilled.drone.toJSON())}\n`)
  report(trained)
}

function checkUsage(teacher: string | undefined, options: Options): void {
  const { target, events, label, features, probe, range, probeMethod } = options
  const named = teachersNamed(teacher, options) > 0
  if (!named && target === undefined) {
    throw new UsageError('what to learn from? Name a TEACHER, or a column of recorded answers with --target')
  }
  if (named && target !== undefined) {
    throw new UsageError('a TEACHER and --target: only one of them can be learnt from')
  }
  if (probe !== undefined && target !== undefined) {
    throw new UsageError('--probe: no answers to new events are recorded; name a TEACHER')
  }
  if (probeMethod !== undefined && probe === undefined) throw new UsageError('--probe-method: how many? Say --probe N')
  if (events === undefined && (probe === undefined || range === undefined)) {
    throw new UsageError(
      'which events? Name them with --events, or probe within ranges: --probe N --range NAME=FROM:TO',
    )
  }
  if (events !== undefined && range !== undefined) {
    throw new UsageError('--range: probes are like the --events, and have their ranges')
  }
  if (features) checkInputs('--features', features, options)
  if (events === undefined && label !== undefined) throw new UsageError('--label: probes have none')
}

/** A signal ends the command at once before the training, which it ends with the best drone so far. */
async function train(teacher: string | undefined, options: Options, interruptions: Interruptions): Promise<Trained> {
  const { events } = options
  const open = async () => (events === undefined ? undefined : openChosen({ ...options, events }))
  // What is wrong with a file is said before events are waited for.
  const scaling = await scalingNamed(options.scaleFrom)
  const early = teacher === undefined ? await open() : undefined
  const model = await openTeacher(teacher, options, () => featuresOf(early, options))
  try {
    const setting = await prepared(model, early ?? (await open()), scaling, options)
    const began = performance.now()
    const distilled = await interruptions.during((signal) => learnt(setting, signal))
    return { setting, distilled, seconds: (performance.now() - began) / 1000 }
  } finally {
    await model?.close?.()
  }
}

/** @throws the signal's reason where it was interrupted before the first epoch */
async function learnt(setting: Setting, signal: AbortSignal): Promise<Distilled> {
  const { options, features, scale, outputs, lesson } = setting
  const { preset, epochs, batch, learningRate, kappa, hidden, maxHidden, seed, engine, scaling } = options
  const onlooker = watchEpochs('training', options.json)
  const inputs = features.map((name, i) => {
    const missing = options.default?.get(name)
    // Quantiles are of the drone alone: a teacher was trained with mean and deviation.
    return { name, ...(scaling !== 'quantiles' && scale?.[i]), ...(missing !== undefined && { default: missing }) }
  })
  return distill({
    events: lesson.events,
    ...{ inputs, outputs, targets: lesson.answers, holdout: lesson.holdout, scaling },
    outputActivation: options.output ?? kindOf(lesson.answers, outputs.length),
    ...{ preset, epochs, batch, learningRate, hidden, maxHidden, seed, engine, signal },
    growth: kappa === undefined ? {} : { kappa },
    onEpoch: onlooker.see,
    record: { teacher: teacherOf(setting), ...(lesson.probes > 0 && { probes: lesson.probes }) },
  }).finally(onlooker.stop)
}

/** Who the teacher was, for the drone's record. */
function teacherOf({ options, model, features, scale }: Setting) {
  if (model) return teacherRecord(model, features, scale)
  return { column: options.target!.join(), events: options.events!.map((file) => basename(file)).join(' ') }
}
