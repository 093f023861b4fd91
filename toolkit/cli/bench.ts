/** nndrone bench */
import type { Command } from 'commander'
import {
  BATCH,
  type Latency,
  type ModelTiming,
  measureLatency,
  type Percentiles,
  type RateTiming,
} from '../jobs/latency.ts'
import { checkScalable } from '../jobs/scaling.ts'
import { type DroneModel, type Model, openDrone } from '../models/index.ts'
import { openScaling } from '../scaling/read.ts'
import { counted, grouped } from '../text.ts'
import { addScaleFile } from './options/scale.ts'
import { openTeacher, type TeacherOptions, teacherOptions } from './options/teacher.ts'
import { positive } from './options/values.ts'
import { checkOutput, writeFile } from './output.ts'
import { duration, histogram } from './view/histogram.ts'
import { notify } from './view/messages.ts'
import { watch } from './view/progress.ts'
import { standardOutput } from './view/stdout.ts'
import { painter, table, width } from './view/terminal.ts'

interface Options extends TeacherOptions {
  scaleFrom?: { file: string }
  rate?: number
  hgrm?: string
  json?: boolean
}

export function benchCommand(program: Command): void {
  const command = program
    .command('bench')
    .summary('measure how long a drone takes for an event')
    .description(
      `Measures how long a drone takes, and its teacher: one event after the other, in a batch of ${counted(BATCH, 'event')}, and each call by itself, which shows the rare long ones. With --rate the calls come as from a stream: each is timed from when it was due, and those that had to wait, or fell out, while another lasted are counted too (the correction for coordinated omission). Pauses of the process, by the collection of garbage and by others on the machine, are told apart. What a look at the clock costs is subtracted. Events are made up, normally distributed where the drone was trained. A teacher that the drone names is asked with events standardised as the drone keeps it, which is measured with it.`,
    )
    .argument('<drone>', 'the drone')
    .argument('[teacher]', 'any model to measure beside it')
  addScaleFile(command, 'events for the teacher')
    .option('--rate <calls>', 'also measure so many calls a second, with all that wait for a long one', positive)
    .option('--hgrm <file>', "write the percentiles of the drone's calls for other programs (HdrHistogram, in µs)")
    .option('--json', 'print one JSON object; times are in nanoseconds')
    .addHelpText(
      'after',
      `
Examples:
  $ nndrone bench drone.json
  $ nndrone bench drone.json teacher.h5
  $ nndrone bench drone.json --rate 100000 --hgrm drone.hgrm
  $ nndrone bench drone.json --teacher-url http://localhost:8000/v2/models/tagger`,
    )
    .action(run)
  teacherOptions(command)
}

async function run(path: string, teacherPath: string | undefined, options: Options): Promise<void> {
  const { json, hgrm } = options
  await checkOutput(
    hgrm,
    { '<drone>': path, '[teacher]': teacherPath, '--scale-from': options.scaleFrom?.file },
    '--hgrm',
  )
  const drone = await openDrone(path)
  const teacher = await openTeacher(teacherPath, options, () => drone.inputs)
  const { clock, models, ratio } = await measured(drone, teacher, options).finally(() => teacher?.close?.())
  const figures = { clock, models: models.map(({ sorted: _, histogram: __, ...timing }) => timing), ratio }
  if (hgrm !== undefined) await writeFile(hgrm, models[0]!.histogram.hgrm())
  if (json) standardOutput().write(`${JSON.stringify(figures, null, 2)}\n`)
  else
    standardOutput().write(`${models.map((timing) => asText(timing, clock)).join('')}${ratio ? ratioText(ratio) : ''}`)
}

async function measured(
  drone: DroneModel,
  teacher: Model | undefined,
  { scaleFrom: from, rate, json }: Options,
): Promise<Latency> {
  checkScalable(teacher, from)
  const scaleFrom = from && (await openScaling(from.file))
  const view = watch(json)
  return measureLatency({
    ...{ drone, teacher, scaleFrom, rate },
    ...{ onProgress: view.see, onNotice: notify },
  }).finally(view.stop)
}

function ratioText({ one, batch }: { one: number; batch: number }): string {
  return `the drone takes 1/${one.toPrecision(3)} of the time for one event, 1/${batch.toPrecision(3)} in a batch\n`
}

function asText({ name, parameters, one, batch, single, atRate, sorted }: ModelTiming, clock: number): string {
  const title = painter(standardOutput())('bold', name)
  const { median, p99, blocks } = one
  const rate = `${Number((1e3 / batch.median).toPrecision(3))} million events a second`
  const rows = [
    ...(parameters === undefined ? [] : [['parameters', grouped(parameters)]]),
    ['one event', `${duration(median)} (p99 ${duration(p99)}; ${counted(blocks, 'block')} of ${one.calls})`],
    ['in a batch', `${duration(batch.median)} (${rate})`],
    ['single calls', percentiles(single)],
    ['', `largest ${duration(single.largest)}; the clock's own ${duration(clock)} are subtracted from each`],
  ]
  const facts = rows.map(([label, text]) => `  ${label!.padEnd(12)}  ${text}\n`).join('')
  const bars = `${table([['  longer than', 'calls (logarithmic)']])}${histogram(sorted, width(standardOutput()))}`
  return `${title}\n${facts}${bars}${atRate ? rateText(atRate) : ''}\n`
}

function percentiles({ p50, p90, p99, p999, p9999 }: Percentiles): string {
  const rows = Object.entries({ p50, p90, p99, 'p99.9': p999, 'p99.99': p9999 })
  return rows.map(([name, time]) => `${name} ${duration(time)}`).join(', ')
}

function rateText({ rate, made, added, all, own, pauses, tail }: RateTiming): string {
  const rows = (['p50', 'p90', 'p99', 'p999', 'p9999', 'largest'] as const).map((key) => [
    key.replace(/^p99(9+)$/, 'p99.$1'),
    duration(all[key]),
    own.calls > 0 ? duration(own[key]) : '–',
  ])
  const fallen = added > 0 ? `, and ${grouped(added)} that fell out while another lasted` : ''
  const causes = { garbage: 'the collection of garbage', scheduler: 'others on the machine' }
  const told = (Object.keys(causes) as (keyof typeof causes)[]).flatMap((cause) => {
    const { count, total, longest } = pauses[cause]
    if (count === 0) return []
    return `${counted(count, 'pause')} by ${causes[cause]} (${duration(total)}, the longest ${duration(longest)})`
  })
  const share = tail.calls > 0 ? Math.round((100 * tail.paused) / tail.calls) : 0
  return [
    `  at ${grouped(rate)} calls a second: ${counted(made, 'call')} from when each was due${fallen}`,
    table([['', 'all calls', 'without pauses'], ...rows]).trimEnd(),
    ...(told.length > 0 ? [`  ${told.join('; ')}`] : []),
    `  a pause fell into ${share} % of the calls beyond p99`,
    '',
  ].join('\n')
}
