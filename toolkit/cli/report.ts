/** nndrone report */
import type { Command } from 'commander'
import { checkSources } from '../jobs/compare.ts'
import { checkScalable } from '../jobs/scaling.ts'
import type { Slicing } from '../jobs/slices.ts'
import { openDrone } from '../models/index.ts'
import { openScaling } from '../scaling/read.ts'
import { counted } from '../text.ts'
import { choosesEvents, EVENTS, type EventOptions, openChosen } from './options/events.ts'
import { addScaleFile } from './options/scale.ts'
import { openTeacher, type TeacherOptions, teacherOptions, teachersNamed } from './options/teacher.ts'
import { names, slicing } from './options/values.ts'
import { checkPlaces, type ReportPlaces, writeReport } from './report-files.ts'
import { notify, say } from './view/messages.ts'
import { watch } from './view/progress.ts'

interface Options extends EventOptions, TeacherOptions {
  out: string
  figures?: string
  features?: string[]
  target?: string[]
  label?: string
  scaleFrom?: { file: string }
  by?: Slicing
  times: boolean
}

export function reportCommand(program: Command): void {
  const command = program
    .command('report')
    .summary('make one page that shows a drone, its teacher and their events')
    .description(
      "Makes one page that needs nothing else: what the drone is, the paper's figures and tables, how faithfully the drone answers, and where it may not be trusted. What cannot be made is left out, and the page says how to get it. The events are read once, and may be any number.",
    )
    .argument('<drone>', 'the drone')
    .argument('[teacher]', 'the model to compare with; or name a column of its answers with --target')
    .option('--events <files...>', EVENTS)
    .option('--target <columns>', 'compare with the answers recorded in this column, or in several, as a,b,…', names)
    .option(
      '--label <column>',
      '1 signal, 0 background, or of several outputs the number of the class: shows how well they are told apart',
    )
    .option('--out <file>', 'where the page is written', 'report.html')
    .option('--figures <folder>', 'also write each figure as SVG, and its numbers as CSV')
    .option(
      '--features <names>',
      "columns in the order of the models' inputs, as a,b,…, where they have other names",
      names,
    )
  addScaleFile(command, 'events for the teacher')
    .option(
      '--by <column[:n]>',
      'also show slices of a column, 10 or n of equal numbers of events, as compare does',
      slicing,
    )
    .option('--no-times', 'measure no times: then the same input gives the same page')
    .addHelpText(
      'after',
      `
Examples:
  $ nndrone report drone.json teacher.h5 --events test.csv --label label
  $ nndrone report drone.json --target score --events events.csv --figures figures`,
    )
    .action(run)
  teacherOptions(choosesEvents(command))
}

async function run(path: string, teacher: string | undefined, options: Options): Promise<void> {
  const { target, label, features, by, times, seed } = options
  checkSources(options, teachersNamed(teacher, options) > 0)
  const inputs = { DRONE: path, TEACHER: teacher, '--events': options.events, '--scale-from': options.scaleFrom?.file }
  const places: ReportPlaces = { page: options.out, figures: options.figures, inputs }
  await checkPlaces(places, '--out')
  const drone = await openDrone(path)
  const model = await openTeacher(teacher, options, () => features ?? drone.inputs)
  const view = watch(false)
  try {
    checkScalable(model, options.scaleFrom)
    const scaleFrom = options.scaleFrom && (await openScaling(options.scaleFrom.file))
    const looking = { onProgress: view.see, onNotice: notify }
    const asked = { drone, teacher: model, target, label, features, scaleFrom, by, times, seed, ...looking }
    const figures = await writeReport({ ...asked, events: await openChosen(options) }, places)
    view.stop()
    const drawn = options.figures === undefined ? '' : `, and ${counted(figures, 'figure')} to ${options.figures}`
    say(`wrote ${options.out}${drawn}`)
  } finally {
    view.stop()
    await model?.close?.()
  }
}
