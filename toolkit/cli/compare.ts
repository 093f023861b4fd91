/** nndrone compare */
import type { Command } from 'commander'
import { checkAgainst, compare } from '../jobs/compare.ts'
import type { Comparison } from '../jobs/comparison.ts'
import { checkScalable } from '../jobs/scaling.ts'
import { type DroneModel, type Model, openDrone } from '../models/index.ts'
import { choosesEvents, EVENTS, type EventOptions, openChosen } from './options/events.ts'
import { addScaleOption, type ScaleChoice, scaleFromOf } from './options/scale.ts'
import { openTeacher, type TeacherOptions, teacherOptions, teachersNamed } from './options/teacher.ts'
import { names } from './options/values.ts'
import { notify } from './view/messages.ts'
import { alike, percent } from './view/numbers.ts'
import { watch } from './view/progress.ts'
import { painter, table } from './view/terminal.ts'

interface Options extends EventOptions, TeacherOptions {
  features?: string[]
  target?: string[]
  label?: string
  scaleFrom?: ScaleChoice
  json?: boolean
}

export function compareCommand(program: Command): void {
  const command = program
    .command('compare')
    .summary('measure how faithfully a drone answers')
    .description('Measures how faithfully a drone answers: against its teacher, another drone, or a column of answers.')
    .argument('<drone>', 'the drone')
    .argument('[teacher]', 'the model to compare with; or name a column of its answers with --target')
    .option('--events <files...>', EVENTS)
    .option('--target <columns>', 'compare with the answers recorded in this column, or in several, as a,b,…', names)
    .option('--label <column>', '1 signal, 0 background: compares how well the two are told apart')
    .option(
      '--features <names>',
      "columns in the order of the models' inputs, as a,b,…, where they have other names",
      names,
    )
  addScaleOption(command, 'events for the teacher')
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
  checkAgainst(options, teachersNamed(teacher, options) > 0)
  const began = performance.now()
  const drone = await openDrone(path)
  const model = await openTeacher(teacher, options, () => options.features ?? drone.inputs)
  const comparison = await comparisonOf(drone, model, options).finally(() => model?.close?.())
  const seconds = (performance.now() - began) / 1000
  process.stdout.write(options.json ? asJSON(drone, comparison, seconds) : asText(comparison, painter(process.stdout)))
}

async function comparisonOf(drone: DroneModel, model: Model | undefined, options: Options): Promise<Comparison> {
  const { target, label, features, json } = options
  checkScalable(model, options.scaleFrom)
  // What is wrong with a file is said before events are waited for.
  const scaleFrom = await scaleFromOf(options.scaleFrom)
  const events = await openChosen(options)
  const view = watch(json)
  const looking = { onProgress: view.see, onNotice: notify }
  return compare({ drone, teacher: model, events, target, label, features, scaleFrom, ...looking }).finally(view.stop)
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
  const { worst, auc, workingPoints } = comparison
  const sides = [
    ['', 'teacher', 'drone'],
    [`event ${worst.event}, the largest error`, ...alike([worst.teacher, worst.drone])],
    ...(auc ? [['AUC', auc.teacher.toFixed(5), auc.drone.toFixed(5)]] : []),
    ...(workingPoints ?? []).map(({ efficiency, rejection }) => {
      const label = `background rejected at ${100 * efficiency} % signal`
      return [label, percent(rejection.teacher), percent(rejection.drone)]
    }),
  ]
  return [errorRows(comparison), sides, outputRows(comparison)]
    .filter((part) => part.length > 0)
    .map(headed(paint))
    .join('\n')
}

function errorRows(comparison: Comparison): string[][] {
  const { mse, mae, maxError, events, unscored, outside, fidelityInside, fidelityOutside } = comparison
  const sides = fidelityInside && fidelityOutside ? [fidelityInside.mse, fidelityOutside.mse] : []
  const [squared, absolute, largest, ...bySide] = alike([mse, mae, maxError, ...sides]) as [string, string, string]
  return [
    ['events', events.toLocaleString('en')],
    ...(unscored > 0 ? [['left out (a value is missing)', unscored.toLocaleString('en')]] : []),
    ['MSE', squared],
    ['MAE', absolute],
    ['largest error', largest],
    ...(outside === undefined ? [] : [['outside the training domain', percent(outside)]]),
    ...bySide.map((error, side) => [`MSE ${side === 0 ? 'inside' : 'outside'}`, error]),
  ]
}

/** Of each output, where there are several: a column for each figure. */
function outputRows({ outputs }: Comparison): string[][] {
  if (!outputs) return []
  const columns = [
    outputs.map(({ name }) => name),
    ...(['mse', 'mae', 'maxError'] as const).map((key) => alike(outputs.map((output) => output[key]))),
  ]
  return [['', 'MSE', 'MAE', 'largest error'], ...outputs.map((_, i) => columns.map((column) => column[i]!))]
}

/** A table, its first line in bold where it is a heading. */
function headed(paint: ReturnType<typeof painter>) {
  return (rows: readonly (readonly string[])[]): string => {
    const [head, ...rest] = table(rows).split('\n')
    return `${rows[0]![0] === '' ? paint('bold', head!) : head}\n${rest.join('\n')}`
  }
}
