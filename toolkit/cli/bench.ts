/** nndrone bench */
import type { Command } from 'commander'
import { Random } from 'nndrone'
import { type DroneModel, type Model, openDrone, openModel } from '../models/index.ts'
import { normal } from '../normal.ts'
import { type Scale, standardising } from '../scaling/scale.ts'
import { scalesFor } from '../scaling/scaling.ts'
import { type BlockTiming, clockCost, quantile, timeBlocks, timeSingle } from '../timing.ts'
import { ask } from './asking.ts'
import { duration, histogram } from './histogram.ts'
import { addScaleFile, checkScalable, type ScaleFrom, scalingFor } from './scale.ts'
import { counted, painter, table, width } from './terminal.ts'

interface Options {
  scaleFrom?: ScaleFrom
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
  addScaleFile(command, 'what the teacher sees')
    .option('--json', 'print one JSON object; times are in nanoseconds')
    .addHelpText('after', '\nExamples:\n  $ nndrone bench drone.json\n  $ nndrone bench drone.json teacher.h5')
    .action(run)
}

const BATCH = 20_000

/** Events of a block; each call is about another one. */
const ROWS = 1024

/** Each figure is measured for so many ms. */
const DURATION = 1000

/** Single calls at most. */
const CALLS = 200_000

export interface ModelTiming {
  name: string
  parameters: number | undefined
  one: BlockTiming
  batch: { median: number; events: number }
  single: { calls: number; p50: number; p99: number; p999: number; largest: number }
}

async function run(path: string, teacher: string | undefined, { scaleFrom, json }: Options): Promise<void> {
  const drone = await openDrone(path)
  const model = teacher === undefined ? undefined : await openModel(teacher)
  checkScalable(model, scaleFrom)
  const scaling = await scalingFor(model, drone, scaleFrom)
  const scales = scaling && scalesFor(scaling, columnsOf(model!, drone), true)
  const clock = await clockCost()
  const paint = painter(process.stdout)
  const timings: ModelTiming[] = []
  const asked = model && scales ? standardising(model, scales) : model
  for (const each of asked ? [drone, asked] : [drone]) {
    const events = eventsFor(each, each === drone || !scales ? drone.drone.network.inputs : scales)
    const { timing, calls } = await measured(each, events)
    timings.push(timing)
    if (!json) process.stdout.write(`${paint('bold', timing.name)}\n${asText(timing, calls, clock)}\n`)
  }
  const [own, other] = timings.map(({ one, batch }) => ({ one: one.median, batch: batch.median }))
  const ratio = other && { one: other.one / own!.one, batch: other.batch / own!.batch }
  if (json) process.stdout.write(`${JSON.stringify({ clock, models: timings, ratio }, null, 2)}\n`)
  else if (ratio) {
    process.stdout.write(
      `the drone takes 1/${ratio.one.toPrecision(3)} of the time for one event, 1/${ratio.batch.toPrecision(3)} in a batch\n`,
    )
  }
}

/** A model that does not name its inputs has those of the drone, if there are as many. */
function columnsOf({ unnamed, inputs }: Model, drone: DroneModel): readonly string[] {
  return unnamed && inputs.length === drone.inputs.length ? drone.inputs : inputs
}

/** Values that are normal after standardisation, unless a model is to be asked with values that are so already. */
function eventsFor(model: Model, inputs: readonly Scale[]): Float64Array {
  const random = new Random(1)
  return new Float64Array(BATCH * model.inputs.length).map((_, i) => {
    const z = normal(random)
    const input = inputs[i % model.inputs.length]
    return model.unscaled || !input ? z : z / input.scale - input.offset
  })
}

async function measured(model: Model, events: Float64Array): Promise<{ timing: ModelTiming; calls: Float64Array }> {
  await ask(model, events.subarray(0, ROWS * model.inputs.length))
  const call = askOne(model, events)
  const one = await timeBlocks(call, DURATION)
  const batch = await timeBlocks(() => model.predictBatch(events), DURATION)
  const calls = await timeSingle(call, CALLS, DURATION)
  const [p50, p99, p999, largest] = [0.5, 0.99, 0.999, 1].map((fraction) => quantile(calls, fraction)) as number[]
  const timing = {
    name: model.file.path,
    parameters: model.describe().parameters,
    one,
    batch: { median: batch.median / BATCH, events: BATCH },
    single: { calls: calls.length, p50: p50!, p99: p99!, p999: p999!, largest: largest! },
  }
  return { timing, calls }
}

/** Asks about one event, as a program would: by itself where the model can, else in a batch of one. */
function askOne(model: Model, events: Float64Array) {
  const inputs = model.inputs.length
  const views = Array.from({ length: ROWS }, (_, n) => events.subarray(n * inputs, (n + 1) * inputs))
  const { predict } = model
  if (!predict) return (n: number) => model.predictBatch(views[n]!)
  const rows = views.map((view) => [...view])
  return (n: number) => predict.call(model, rows[n]!)
}

function asText({ parameters, one, batch, single }: ModelTiming, calls: Float64Array, clock: number): string {
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
  return `${facts}${table([['  longer than', 'calls (logarithmic)']])}${histogram(calls, width(process.stdout))}`
}
