/** nndrone distill */
import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { type Command, Option } from 'commander'
import {
  auc,
  type Distilled,
  distill,
  type EngineName,
  type Epoch,
  formatJSON,
  type InputChoice,
  PRESETS,
  type PresetName,
  standardised,
  statistics,
} from 'nndrone'
import { InputError, UsageError } from '../errors.ts'
import type { EventSource } from '../events/index.ts'
import { type Model, openModel } from '../teachers/index.ts'
import {
  bothKinds,
  checkLabels,
  checkOneOutput,
  choosesEvents,
  columnsOf,
  EVENTS,
  type EventOptions,
  inputColumns,
  loadShown,
  openChosen,
  pick,
  type Read,
} from './events.ts'
import { INTERRUPTED, interruptible } from './interrupt.ts'
import { lossCurve } from './loss-curve.ts'
import { type Condition, condition, fraction, names, positive, units, whole } from './options.ts'
import { checkWritable, writeFile } from './output.ts'
import { progress } from './progress.ts'
import { counted, digits, painter, shellWord, width } from './terminal.ts'

interface Options extends EventOptions {
  out: string
  features?: string[]
  target?: string
  label?: string
  scaleFrom?: Condition
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

export function distillCommand(program: Command): void {
  const command = program
    .command('distill')
    .summary('train a drone to answer as a teacher does')
    .description(
      'Trains a drone to answer as a teacher does, on events that need no labels. The drone grows a hidden unit at a time, whenever learning stalls.',
    )
    .argument('[teacher]', 'the model to learn from; or name a column of its answers with --target')
    .requiredOption('--events <files...>', `events to learn with: ${EVENTS}`)
    .option('--target <column>', 'learn the answers recorded in this column, from 0 to 1')
    .option('--out <file>', 'where the drone is written', 'drone.json')
    .option(
      '--features <names>',
      "columns that the drone sees, as a,b,…; all but those of other options, or the teacher's",
      names,
    )
    .option('--label <column>', '1 signal, 0 background: measures AUC, trains nothing')
    .option('--scale-from <column=value>', 'standardise by the events of this kind alone', condition)
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
    .option('--seed <n>', 'the source of every random choice', whole(0), 1)
    .option('--holdout <x>', 'fraction of the events to measure on and not to learn from', fraction, 0.2)
    .addOption(new Option('--engine <name>', 'what to compute with; the drone is the same').choices(['simd', 'js']))
    .option('--json', 'print the figures as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  $ nndrone distill --target score --label label --events events.csv --out drone.json
  $ nndrone distill large.json --events events.csv --preset paper --seed 7
  $ nndrone distill large.json --events 'run*.parquet' --missing -999 --where 'pt > 2' --sample 100000

Ctrl-C ends the training and writes the best drone so far, with exit code ${INTERRUPTED}; a second one ends at once.
Exit codes: 0 finished, 1 failed, 2 usage, ${INTERRUPTED} interrupted.`,
    )
    .action(run)
  choosesEvents(command)
}

/** All that a run starts from. */
interface Setting {
  options: Options
  model: Model | undefined
  source: EventSource
  features: readonly string[]
  loaded: Read
}

async function run(teacher: string | undefined, options: Options): Promise<void> {
  if (teacher === undefined && options.target === undefined) {
    throw new UsageError('what to learn from? Name a TEACHER, or a column of recorded answers with --target')
  }
  if (teacher !== undefined && options.target !== undefined) {
    throw new UsageError('a TEACHER and --target: only one of them can be learnt from')
  }
  await checkWritable(options.out)
  const setting = await prepared(teacher, options)
  const began = performance.now()
  const distilled = await trained(setting)
  const seconds = (performance.now() - began) / 1000
  if (!distilled || distilled.history.length === 0) {
    process.exitCode = INTERRUPTED
    return say('interrupted before the end of the first epoch: wrote nothing')
  }
  await writeFile(options.out, `${formatJSON(distilled.drone.toJSON())}\n`)
  await report(setting, distilled, seconds)
}

async function prepared(teacher: string | undefined, options: Options): Promise<Setting> {
  const { target, label, scaleFrom } = options
  const model = teacher === undefined ? undefined : await openModel(teacher)
  if (model && label !== undefined) checkOneOutput(model.outputs, '--label')
  const source = await openChosen(options)
  const beside = [target, label, scaleFrom?.column].filter((column) => column !== undefined)
  const features = model
    ? inputColumns(model, options.features)
    : (options.features ?? columnsOf(source).filter((column) => column !== '' && !beside.includes(column)))
  const loaded = await loadShown(source, features, beside, options.json)
  if (label !== undefined) checkLabels(source, label, loaded.columns.get(label)!)
  return { options, model, source, features, loaded }
}

/** The result; nothing where it was interrupted before the first epoch. */
async function trained(setting: Setting): Promise<Distilled | undefined> {
  const { options, model, loaded } = setting
  const { target, preset, epochs, batch, learningRate, kappa, hidden, maxHidden, seed, holdout, engine } = options
  const inputs = await inputsOf(setting)
  const onlooker = watch(options.json)
  try {
    return await interruptible((signal) =>
      distill({
        events: loaded.events,
        inputs,
        ...(target === undefined ? { teacher: model } : { targets: loaded.columns.get(target)! }),
        ...{ preset, epochs, batch, learningRate, hidden, maxHidden, seed, holdout, engine, signal },
        growth: kappa === undefined ? {} : { kappa },
        onEpoch: onlooker.see,
        record: { teacher: origin(setting) },
      }),
    )
  } catch (error) {
    if ((error as Error).name === 'AbortError') return undefined
    throw error
  } finally {
    onlooker.stop()
  }
}

/** The inputs with their standardisation, where it is not to be that of all training events. */
async function inputsOf({ options: { scaleFrom }, features, source, loaded }: Setting): Promise<InputChoice[]> {
  if (!scaleFrom) return [...features]
  const { column, value } = scaleFrom
  const rows = Uint8Array.from(loaded.columns.get(column)!, (cell) => Number(cell === value))
  if (!rows.includes(1)) throw new InputError(`${source.name}: no event has ${column} ${value} (--scale-from)`)
  const known = await statistics(loaded.events, features.length, rows)
  return features.map((name, i) => ({ name, ...standardised(known[i]!) }))
}

/** Who the teacher was, for the drone's record. */
function origin({ options, model }: Setting): Record<string, string> {
  if (!model) return { column: options.target!, events: options.events.map((file) => basename(file)).join(' ') }
  return { name: basename(model.file.path), sha256: createHash('sha256').update(model.file.bytes).digest('hex') }
}

/** Shows epochs as they pass: a bar on a terminal, else a line for each growth. */
function watch(quiet: boolean | undefined) {
  let bar: ReturnType<typeof progress> | undefined
  function see({ epoch, loss, hidden, grew }: Epoch, total: number): void {
    bar ??= progress('training', total, quiet)
    bar.setTotal(total)
    bar.update(epoch, `epoch ${epoch} loss ${digits(loss)} hidden ${hidden.join(',')}`)
    if (grew && !quiet && !process.stderr.isTTY) {
      say(`epoch ${epoch}: loss ${digits(loss)}, grew from ${hidden.join(',')} hidden units`)
    }
  }
  return { see, stop: () => bar?.stop() }
}

interface Aucs {
  teacher: number
  drone: number
}

/** AUC of teacher and drone on the events that fidelity was measured on; none where they are all of one kind. */
async function aucs({ options, model, features, loaded }: Setting, distilled: Distilled): Promise<Aucs | undefined> {
  if (options.label === undefined) return undefined
  const { heldOut, drone } = distilled
  const rows = heldOut.length > 0 ? heldOut : Uint32Array.from({ length: loaded.count }, (_, n) => n)
  const labels = pick(loaded.columns.get(options.label)!, 1, rows)
  if (!bothKinds(labels)) return undefined
  const events = pick(loaded.events, features.length, rows)
  const answers = model ? await model.predictBatch(events) : pick(loaded.columns.get(options.target!)!, 1, rows)
  return { teacher: auc(answers, labels), drone: auc(drone.predictBatch(events), labels) }
}

async function report(setting: Setting, distilled: Distilled, seconds: number): Promise<void> {
  const { out, json } = setting.options
  const { stopped, history } = distilled
  const areas = await aucs(setting, distilled)
  if (json) process.stdout.write(`${JSON.stringify(figures(setting, distilled, seconds, areas), null, 2)}\n`)
  else process.stderr.write(summary(setting, distilled, seconds, areas))
  if (stopped === 'aborted') {
    process.exitCode = INTERRUPTED
    say(`interrupted after epoch ${history.length}: wrote the best drone so far to ${out}`)
  } else if (stopped === 'diverged') {
    process.exitCode = 1
    say(
      `the loss diverged in epoch ${history.length}: wrote the best drone before to ${out}; try a smaller --learning-rate`,
    )
  } else if (!json) say(`wrote ${out}; to go on:\n  ${next(setting)}`)
}

function growthsOf({ history }: Distilled): number[] {
  return history.filter((epoch) => epoch.grew).map((epoch) => epoch.epoch)
}

function figures({ options, features }: Setting, distilled: Distilled, seconds: number, areas: Aucs | undefined) {
  const { drone, history, stopped, fidelity } = distilled
  return {
    out: options.out,
    preset: options.preset,
    seed: options.seed,
    features,
    parameters: drone.parameters,
    hidden: drone.hidden.reduce((sum, units) => sum + units, 0),
    layers: [...drone.hidden, drone.outputs.length],
    growths: growthsOf(distilled).length,
    growthEpochs: growthsOf(distilled),
    epochs: history.length,
    stopped,
    seconds,
    ...fidelity,
    ...(areas && { auc: areas }),
  }
}

function summary(
  { features, options, loaded }: Setting,
  distilled: Distilled,
  seconds: number,
  areas: Aucs | undefined,
): string {
  const { drone, history, fidelity } = distilled
  const paint = painter(process.stderr)
  const growths = growthsOf(distilled)
  const curve = lossCurve(
    history.map((epoch) => epoch.loss),
    { width: width(process.stderr), growths, paint: (mark) => paint('yellow', mark) },
  )
  const shape = [features.length, ...drone.hidden, drone.outputs.length].join(' → ')
  const measured = `${counted(fidelity.events, 'event')}, ${fidelity.heldOut ? 'held out' : 'those it was trained with'}`
  const rows = [
    ['inputs', features.join(', ')],
    ['read', loaded.pace],
    ['drone', `${shape}, ${counted(drone.parameters, 'parameter')}, ${counted(growths.length, 'growth')}`],
    ['training', `${options.preset}, ${counted(history.length, 'epoch')} in ${seconds.toFixed(1)} s`],
    ['measured on', measured],
    ['MSE', digits(fidelity.mse)],
    ['MAE', digits(fidelity.mae)],
    ['largest error', digits(fidelity.maxError)],
    ...(areas ? [['AUC', `${areas.drone.toFixed(5)}, of the teacher ${areas.teacher.toFixed(5)}`]] : []),
  ]
  const labels = Math.max(...rows.map(([label]) => label!.length))
  const lines = rows.map(([label, text]) => `${paint('bold', label!.padEnd(labels))}  ${text}\n`)
  return `${curve}${curve && '\n'}${lines.join('')}`
}

/** What a user would type now. */
function next({ options: { out, events, target, label }, model }: Setting): string {
  const file = events.includes('-') ? 'FILE' : events.map(shellWord).join(' ')
  const against = model ? shellWord(model.file.path) : `--target ${shellWord(target!)}`
  const labelled = label === undefined ? '' : ` --label ${shellWord(label)}`
  return [
    `nndrone predict ${shellWord(out)} --events ${file}`,
    `nndrone compare ${shellWord(out)} ${against} --events ${file}${labelled}`,
  ].join('\n  ')
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
