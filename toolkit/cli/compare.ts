/** nndrone compare */
import type { Command } from 'commander'
import { UsageError } from '../errors.ts'
import type { EventSource, Loaded } from '../events/index.ts'
import { type DroneModel, type Model, openDrone } from '../models/index.ts'
import type { Scale } from '../scaling/scale.ts'
import { type Scaling, scalesFor } from '../scaling/scaling.ts'
import { answersOf } from './asking.ts'
import { type Answers, type Comparison, compared, outsideDomain, scoredByBoth } from './comparison.ts'
import {
  checkLabels,
  checkOneOutput,
  choosesEvents,
  EVENTS,
  type EventOptions,
  inputColumns,
  interleaved,
  loadShown,
  openChosen,
} from './events.ts'
import { checkInputs } from './inputs.ts'
import { names } from './options.ts'
import {
  addScaleOption,
  checkScalable,
  type ScaleFrom,
  scaleColumn,
  scaledTeacher,
  scaleOf,
  scalingEvents,
  scalingFor,
} from './scale.ts'
import { openTeacher, type TeacherOptions, teacherOptions, teachersNamed } from './teacher.ts'
import { counted, digits, painter, table } from './terminal.ts'

interface Options extends EventOptions, TeacherOptions {
  features?: string[]
  target?: string[]
  label?: string
  scaleFrom?: ScaleFrom
  json?: boolean
}

export function compareCommand(program: Command): void {
  const command = program
    .command('compare')
    .summary('measure how faithfully a drone answers')
    .description('Measures how faithfully a drone answers: against its teacher, another drone, or a column of answers.')
    .argument('<drone>', 'the drone')
    .argument('[teacher]', 'the model to compare with; or name a column of its answers with --target')
    .requiredOption('--events <files...>', EVENTS)
    .option('--target <columns>', 'compare with the answers recorded in this column, or in several, as a,b,…', names)
    .option('--label <column>', '1 signal, 0 background: compares how well the two are told apart')
    .option(
      '--features <names>',
      "columns in the order of the models' inputs, as a,b,…, where they have other names",
      names,
    )
  addScaleOption(command, 'what the teacher sees')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  $ nndrone compare drone.json --target score --label label --events events.csv
  $ nndrone compare drone.json teacher.h5 --events events.csv
  $ nndrone compare small.json large.json --events tree.root:events --where 'pt > 2' --sample 10000`,
    )
    .action(run)
  teacherOptions(choosesEvents(command))
}

async function run(path: string, teacher: string | undefined, options: Options): Promise<void> {
  if (teachersNamed(teacher, options) > 0 === (options.target !== undefined)) {
    throw new UsageError('compare with what? Name either a TEACHER, or a column of recorded answers with --target')
  }
  if (options.features) checkInputs('--features', options.features, options)
  const began = performance.now()
  const drone = await openDrone(path)
  const model = await openTeacher(teacher, options, () => options.features ?? drone.inputs)
  const comparison = await compareWith(drone, model, options).finally(() => model?.close?.())
  const seconds = (performance.now() - began) / 1000
  process.stdout.write(options.json ? asJSON(drone, comparison, seconds) : asText(comparison, painter(process.stdout)))
}

async function compareWith(drone: DroneModel, model: Model | undefined, options: Options): Promise<Comparison> {
  checkScalable(model, options.scaleFrom)
  const scaling = await scalingFor(model, drone, options.scaleFrom)
  return compared(await asked(drone, model, scaling, await openChosen(options), options), drone.outputs)
}

async function asked(
  drone: DroneModel,
  model: Model | undefined,
  scaling: Scaling | undefined,
  source: EventSource,
  options: Options,
): Promise<Answers> {
  const { target, label, features, scaleFrom } = options
  const outputs = drone.outputs.length
  if (label !== undefined) checkOneOutput(drone.outputs, '--label')
  if (model && model.outputs.length !== outputs) {
    throw new UsageError(
      `${drone.file.path} has ${counted(outputs, 'output')}, ${model.file.path} ${model.outputs.length}`,
    )
  }
  if (target && target.length !== outputs) {
    throw new UsageError(
      `--target: ${counted(target.length, 'column')}, but ${drone.file.path} has ${counted(outputs, 'output')}`,
    )
  }
  const beside = [...(target ?? []), label, scaleColumn(scaleFrom)].filter((column) => column !== undefined)
  const own = inputColumns(drone, source, features, beside)
  // A teacher that does not name its inputs is given those of the drone, if there are as many.
  const alike = model?.inputs.length === own.length
  const known = alike ? { file: drone.file.path, names: own, ordered: true } : scaling
  const others = model ? inputColumns(model, source, features, beside, known) : []
  if (!features) checkInputs(drone.file.path, own, options)
  if (model && !features) checkInputs(model.file.path, others, options)
  const scales = scaling && scalesFor(scaling, others, features !== undefined)
  const all = [...new Set([...own, ...others])]
  const optional = new Set([...drone.optional, ...(model?.optional ?? [])])
  const loaded = await loadShown(source, all, beside, options.json, { optional })
  if (label !== undefined) checkLabels(source, label, loaded.columns.get(label)!)
  const events = project(loaded, all, own)
  const expected = model
    ? await asTeacher(model, scales, { ...loaded, events: project(loaded, all, others) }, source, options)
    : interleaved(target!.map((column) => loaded.columns.get(column)!))
  const labels = label === undefined ? undefined : loaded.columns.get(label)
  const answers = {
    drone: drone.predictBatch(events),
    teacher: expected,
    labels,
    outside: outsideDomain(drone, events),
  }
  return scoredByBoth(answers, outputs, source.name)
}

async function asTeacher(
  model: Model,
  scales: readonly Scale[] | undefined,
  loaded: Loaded,
  source: EventSource,
  { scaleFrom, json }: Options,
) {
  const events = scalingEvents(scaleFrom)
  const measured = events && (await scaleOf(source, loaded, events))
  return answersOf(scaledTeacher(model, scales ?? measured), loaded.events, { quiet: json })
}

/** Some columns of a table, in an order of their own. */
function project({ events, count }: Loaded, columns: readonly string[], chosen: readonly string[]): Float64Array {
  if (chosen.join() === columns.join()) return events
  const at = chosen.map((name) => columns.indexOf(name))
  const projected = new Float64Array(count * at.length)
  for (let n = 0; n < count; n++) {
    for (let i = 0; i < at.length; i++) projected[n * at.length + i] = events[n * columns.length + at[i]!]!
  }
  return projected
}

function asJSON({ drone, record }: DroneModel, comparison: Comparison, seconds: number): string {
  const figures = {
    parameters: drone.parameters,
    hidden: drone.hidden.reduce((sum, units) => sum + units, 0),
    growths: record.growths?.length,
    epochs: record.epochs,
    seconds,
    ...comparison,
  }
  return `${JSON.stringify(figures, null, 2)}\n`
}

function asText(comparison: Comparison, paint: ReturnType<typeof painter>): string {
  const { mse, mae, maxError, worst, events, unscored, auc, workingPoints } = comparison
  const rows = [
    ['events', events.toLocaleString('en')],
    ...(unscored > 0 ? [['left out (a value is missing)', unscored.toLocaleString('en')]] : []),
    ['MSE', digits(mse)],
    ['MAE', digits(mae)],
    ['largest error', digits(maxError)],
    ...domainRows(comparison),
  ]
  const sides = [
    ['', 'teacher', 'drone'],
    [`event ${worst.event}, the largest error`, digits(worst.teacher), digits(worst.drone)],
    ...(auc ? [['AUC', auc.teacher.toFixed(5), auc.drone.toFixed(5)]] : []),
    ...(workingPoints ?? []).map(({ efficiency, rejection }) => {
      const label = `background rejected at ${percent(efficiency)} signal`
      return [label, percent(rejection.teacher), percent(rejection.drone)]
    }),
  ]
  return [rows, sides, outputRows(comparison)]
    .filter((part) => part.length > 0)
    .map(headed(paint))
    .join('\n')
}

function domainRows({ outside, fidelityInside, fidelityOutside }: Comparison): string[][] {
  if (outside === undefined) return []
  return [
    ['outside the training domain', percent(outside)],
    ...(fidelityInside && fidelityOutside
      ? [
          ['MSE inside', digits(fidelityInside.mse)],
          ['MSE outside', digits(fidelityOutside.mse)],
        ]
      : []),
  ]
}

function outputRows({ outputs }: Comparison): string[][] {
  if (!outputs) return []
  const rows = outputs.map(({ name, mse, mae, maxError }) => [name, ...[mse, mae, maxError].map(digits)])
  return [['', 'MSE', 'MAE', 'largest error'], ...rows]
}

/** A table, its first line in bold where it is a heading. */
function headed(paint: ReturnType<typeof painter>) {
  return (rows: readonly (readonly string[])[]): string => {
    const [head, ...rest] = table(rows).split('\n')
    return `${rows[0]![0] === '' ? paint('bold', head!) : head}\n${rest.join('\n')}`
  }
}

function percent(fraction: number): string {
  return `${Number((100 * fraction).toFixed(3))} %`
}
