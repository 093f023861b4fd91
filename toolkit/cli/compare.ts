/** nndrone compare */
import type { Command } from 'commander'
import { checkAgainst, compare } from '../jobs/compare.ts'
import type { Comparison } from '../jobs/comparison.ts'
import { checkScalable, isScaling } from '../jobs/scaling.ts'
import type { Slicing } from '../jobs/slices.ts'
import { type DroneModel, type Model, openDrone } from '../models/index.ts'
import { addCutOptions, type CutOptions, checkSaving, saveCut } from './options/cuts.ts'
import { choosesEvents, EVENTS, type EventOptions, openChosen } from './options/events.ts'
import { addScaleOption, type ScaleChoice, scaleFromOf, scalingFile } from './options/scale.ts'
import { openTeacher, type TeacherOptions, teacherOptions, teachersNamed } from './options/teacher.ts'
import { names, slicing } from './options/values.ts'
import { checkReport, type ReportPlaces, writeReport } from './report-files.ts'
import { comparisonText } from './view/comparison.ts'
import { notify, say } from './view/messages.ts'
import { watch } from './view/progress.ts'
import { standardOutput } from './view/stdout.ts'
import { painter } from './view/terminal.ts'

interface Options extends EventOptions, TeacherOptions, CutOptions {
  features?: string[]
  target?: string[]
  label?: string
  discriminator?: string
  scaleFrom?: ScaleChoice
  by?: Slicing
  report?: string
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
    .option(
      '--label <column>',
      '1 signal, 0 background; of several outputs the number of the class, from 0: compares how well they are told apart',
    )
    .option(
      '--discriminator <share>',
      "of several outputs: tells two kinds of classes apart by a share of the scores, as 'b / (b + c)'",
    )
    .option(
      '--features <names>',
      "columns in the order of the models' inputs, as a,b,…, where they have other names",
      names,
    )
  addScaleOption(command, 'events for the teacher')
    .option(
      '--by <column[:n]>',
      'also measure in slices of a column, 10 or n of equal numbers of events; where it has no more values than that, one for each',
      slicing,
    )
    .option('--report <file>', 'also make a page that shows it, as nndrone report does')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  $ nndrone compare drone.json --target score --label label --events events.csv
  $ nndrone compare drone.json teacher.h5 --events events.csv
  $ nndrone compare drone.json teacher.h5 --events events.csv --label label --by mass:20
  $ nndrone compare drone.json teacher.h5 --events events.csv --label label --efficiency 0.9 --save-cut tight
  $ nndrone compare flavours.json teacher.h5 --events jets.csv --label flavour
  $ nndrone compare flavours.json teacher.h5 --events jets.csv --label flavour \\
      --discriminator 'b / (b + c)' --efficiency 0.7 --save-cut medium
  $ nndrone compare small.json large.json --events tree.root:events --where 'pt > 2' --sample 10000`,
    )
    .action(run)
  teacherOptions(choosesEvents(addCutOptions(command)))
}

async function run(path: string, teacher: string | undefined, options: Options): Promise<void> {
  checkAgainst(options, teachersNamed(teacher, options) > 0)
  await checkSaving(path, options)
  const { report: page, events, scaleFrom } = options
  const inputs = { DRONE: path, TEACHER: teacher, '--events': events, '--scale-from': scalingFile(scaleFrom) }
  if (page !== undefined) await checkReport({ page, inputs }, options)
  const began = performance.now()
  const drone = await openDrone(path)
  const model = await openTeacher(teacher, options, () => options.features ?? drone.inputs)
  try {
    const comparison = await comparisonOf(drone, model, options)
    const seconds = (performance.now() - began) / 1000
    if (options.saveCut !== undefined) await saveCut(drone, options.saveCut, comparison.cut!, options.discriminator)
    standardOutput().write(
      options.json ? asJSON(drone, comparison, seconds) : comparisonText(comparison, painter(standardOutput())),
    )
    if (page !== undefined) await reportOf(drone, model, { page, inputs }, options)
  } finally {
    await model?.close?.()
  }
}

/** The events are read a second time. */
async function reportOf(drone: DroneModel, teacher: Model | undefined, places: ReportPlaces, options: Options) {
  const { target, label, features, by, json } = options
  const scaleFrom = await scaleFromOf(options.scaleFrom)
  const events = await openChosen(options)
  const view = watch(json)
  const asked = { drone, teacher, target, label, features, by, events, onProgress: view.see }
  await writeReport({ ...asked, scaleFrom: isScaling(scaleFrom) ? scaleFrom : undefined }, places).finally(view.stop)
  if (!json) say(`wrote ${places.page}`)
}

async function comparisonOf(drone: DroneModel, model: Model | undefined, options: Options): Promise<Comparison> {
  const { target, label, discriminator, features, efficiency, rejection, by, json } = options
  checkScalable(model, options.scaleFrom)
  // What is wrong with a file is said before events are waited for.
  const scaleFrom = await scaleFromOf(options.scaleFrom)
  const events = await openChosen(options)
  const view = watch(json)
  return compare({
    ...{ drone, teacher: model, events, target, label, discriminator, features, scaleFrom, efficiency, rejection, by },
    ...{ onProgress: view.see, onNotice: notify },
  }).finally(view.stop)
}

function asJSON({ drone, record }: DroneModel, comparison: Comparison, seconds: number): string {
  const { roc: _roc, residuals: _residuals, ...numbers } = comparison
  const figures = {
    parameters: drone.parameters,
    hidden: drone.hidden.reduce((sum, units) => sum + units, 0),
    growths: record.growths?.length,
    epochs: record.epochs,
    seconds,
    ...numbers,
  }
  return `${JSON.stringify(figures, null, 2)}\n`
}
