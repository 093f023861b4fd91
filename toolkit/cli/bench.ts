/** nndrone bench */
import type { Command } from 'commander'
import { BATCH, type Latency, type ModelTiming, measureLatency } from '../jobs/latency.ts'
import { checkScalable } from '../jobs/scaling.ts'
import { type DroneModel, type Model, openDrone } from '../models/index.ts'
import { openScaling } from '../scaling/read.ts'
import { counted } from '../text.ts'
import { addScaleFile } from './options/scale.ts'
import { openTeacher, type TeacherOptions, teacherOptions } from './options/teacher.ts'
import { duration, histogram } from './view/histogram.ts'
import { notify } from './view/messages.ts'
import { watch } from './view/progress.ts'
import { painter, table, width } from './view/terminal.ts'

interface Options extends TeacherOptions {
  scaleFrom?: { file: string }
  json?: boolean
}

export function benchCommand(program: Command): void {
  const command = program
    .command('bench')
    .summary('measure how long a drone takes for an event')
    .description(
      `Measures how long a drone takes, and its teacher: one event after the other, in a batch of ${counted(BATCH, 'event')}, and each call by itself, which shows the rare long ones. Events are made up, normally distributed where the drone was trained. A teacher that the drone names is asked with events standardised as the drone keeps it, which is measured with it.`,
    )
    .argument('<drone>', 'the drone')
    .argument('[teacher]', 'any model to measure beside it')
  addScaleFile(command, 'events for the teacher')
    .option('--json', 'print one JSON object; times are in nanoseconds')
    .addHelpText(
      'after',
      `
Examples:
  $ nndrone bench drone.json
  $ nndrone bench drone.json teacher.h5
  $ nndrone bench drone.json --teacher-url http://localhost:8000/v2/models/tagger`,
    )
    .action(run)
  teacherOptions(command)
}

async function run(path: string, teacherPath: string | undefined, options: Options): Promise<void> {
  const { scaleFrom: from, json } = options
  const drone = await openDrone(path)
  const teacher = await openTeacher(teacherPath, options, () => drone.inputs)
  const { clock, models, ratio } = await measured(drone, teacher, from, json).finally(() => teacher?.close?.())
  const figures = { clock, models: models.map(({ sorted: _, ...timing }) => timing), ratio }
  if (json) process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`)
  else process.stdout.write(`${models.map((timing) => asText(timing, clock)).join('')}${ratio ? ratioText(ratio) : ''}`)
}

async function measured(
  drone: DroneModel,
  teacher: Model | undefined,
  from: Options['scaleFrom'],
  json: boolean | undefined,
): Promise<Latency> {
  checkScalable(teacher, from)
  const scaleFrom = from && (await openScaling(from.file))
  const view = watch(json)
  return measureLatency({
    ...{ drone, teacher, scaleFrom },
    ...{ onProgress: view.see, onNotice: notify },
  }).finally(view.stop)
}

function ratioText({ one, batch }: { one: number; batch: number }): string {
  return `the drone takes 1/${one.toPrecision(3)} of the time for one event, 1/${batch.toPrecision(3)} in a batch\n`
}

function asText({ name, parameters, one, batch, single, sorted }: ModelTiming, clock: number): string {
  const title = painter(process.stdout)('bold', name)
  const { median, p99, blocks } = one
  const rate = `${Number((1e3 / batch.median).toPrecision(3))} million events a second`
  const rows = [
    ...(parameters === undefined ? [] : [['parameters', parameters.toLocaleString('en')]]),
    ['one event', `${duration(median)} (p99 ${duration(p99)}; ${counted(blocks, 'block')} of ${one.calls})`],
    ['in a batch', `${duration(batch.median)} (${rate})`],
    ['single calls', `p50 ${duration(single.p50)}, p99 ${duration(single.p99)}, p99.9 ${duration(single.p999)}`],
    ['', `largest ${duration(single.largest)}; each with the clock's own ${duration(clock)}`],
  ]
  const facts = rows.map(([label, text]) => `  ${label!.padEnd(12)}  ${text}\n`).join('')
  const bars = `${table([['  longer than', 'calls (logarithmic)']])}${histogram(sorted, width(process.stdout))}`
  return `${title}\n${facts}${bars}\n`
}
