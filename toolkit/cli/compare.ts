/** nndrone compare */
import type { Command } from 'commander'
import { atEfficiency, auc, type Fidelity, fidelity } from 'nndrone'
import { InputError, UsageError } from '../errors.ts'
import { type EventSource, type Loaded, openEvents } from '../events/index.ts'
import { type DroneModel, type Model, openDrone } from '../teachers/index.ts'
import { checkLabels, checkOneOutput, inputColumns, loadShown, pick } from './events.ts'
import { names } from './options.ts'
import { openTeacher, type TeacherOptions, teacherOptions, teachersNamed } from './teacher.ts'
import { counted, digits, painter, table } from './terminal.ts'

interface Options extends TeacherOptions {
  events: string
  features?: string[]
  target?: string
  label?: string
  json?: boolean
}

/** Signal efficiencies at which the background that is rejected is told. */
const EFFICIENCIES = [0.5, 0.9]

export function compareCommand(program: Command): void {
  teacherOptions(program.command('compare'))
    .summary('measure how faithfully a drone answers')
    .description('Measures how faithfully a drone answers: against its teacher, another drone, or a column of answers.')
    .argument('<drone>', 'the drone')
    .argument('[teacher]', 'the model to compare with; or name a column of its answers with --target')
    .requiredOption('--events <file>', 'CSV or NDJSON with names; - is standard input')
    .option('--target <column>', 'compare with the answers recorded in this column')
    .option('--label <column>', '1 signal, 0 background: compares how well the two are told apart')
    .option(
      '--features <names>',
      "columns in the order of the models' inputs, as a,b,…, where they have other names",
      names,
    )
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  $ nndrone compare drone.json --target score --label label --events events.csv
  $ nndrone compare small.json large.json --events events.csv`,
    )
    .action(run)
}

/** The answers of both, on the events that both can score. */
interface Answers {
  drone: Float32Array
  teacher: Float32Array
  labels: Float64Array | undefined
  /** Numbers of the events. */
  events: Uint32Array
  /** How many events were left out, because a value is missing that has no default. */
  unscored: number
}

interface Comparison extends Fidelity {
  /** The event of the largest error, from 0, and the answers there. */
  worst: { event: number; drone: number; teacher: number }
  unscored: number
  /** Fraction of the events with a value out of the range that the drone was trained on. */
  outside: number | undefined
  auc: Pair | undefined
  workingPoints: { efficiency: number; rejection: Pair }[] | undefined
}

interface Pair {
  teacher: number
  drone: number
}

async function run(path: string, teacher: string | undefined, options: Options): Promise<void> {
  if (teachersNamed(teacher, options) > 0 === (options.target !== undefined)) {
    throw new UsageError('compare with what? Name either a TEACHER, or a column of recorded answers with --target')
  }
  const began = performance.now()
  const drone = await openDrone(path)
  const model = await openTeacher(teacher, options, () => options.features ?? drone.inputs)
  try {
    await compareWith(drone, model, began, options)
  } finally {
    await model?.close?.()
  }
}

async function compareWith(
  drone: DroneModel,
  model: Model | undefined,
  began: number,
  options: Options,
): Promise<void> {
  const source = await openEvents(options.events)
  const { answers, outside } = await asked(drone, model, source, options)
  const comparison = compared(answers, drone.outputs.length, outside)
  const seconds = (performance.now() - began) / 1000
  process.stdout.write(options.json ? asJSON(drone, comparison, seconds) : asText(comparison, painter(process.stdout)))
}

async function asked(drone: DroneModel, model: Model | undefined, source: EventSource, options: Options) {
  const { target, label, features } = options
  const outputs = drone.outputs.length
  if (label !== undefined) checkOneOutput(drone.outputs, '--label')
  if (target !== undefined) checkOneOutput(drone.outputs, '--target')
  if (model && model.outputs.length !== outputs) {
    throw new UsageError(
      `${drone.file.path} has ${counted(outputs, 'output')}, ${model.file.path} ${model.outputs.length}`,
    )
  }
  const own = inputColumns(drone, features)
  const others = model ? inputColumns(model, features) : []
  const all = [...new Set([...own, ...others])]
  const beside = [target, label].filter((column) => column !== undefined)
  const loaded = await loadShown(source, all, beside, options.json)
  if (label !== undefined) checkLabels(source, label, loaded.columns.get(label)!)
  const events = project(loaded, all, own)
  const expected = model
    ? await model.predictBatch(project(loaded, all, others))
    : Float32Array.from(loaded.columns.get(target!)!)
  const labels = label === undefined ? undefined : loaded.columns.get(label)
  const answers = scoredByBoth(drone.predictBatch(events), expected, labels, loaded.count, source)
  return { answers, outside: outsideDomain(drone, own, events) }
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

function scoredByBoth(
  drone: Float32Array,
  teacher: Float32Array,
  labels: Float64Array | undefined,
  count: number,
  source: EventSource,
): Answers {
  const outputs = drone.length / count
  const scored = Uint32Array.from({ length: count }, (_, n) => n).filter((n) => {
    for (let i = n * outputs; i < (n + 1) * outputs; i++) if (!Number.isFinite(drone[i]! + teacher[i]!)) return false
    return true
  })
  if (scored.length === 0) throw new InputError(`${source.name}: every event lacks a value that has no default`)
  return {
    drone: pick(drone, outputs, scored),
    teacher: pick(teacher, outputs, scored),
    labels: labels && pick(labels, 1, scored),
    events: scored,
    unscored: count - scored.length,
  }
}

/** Undefined where the drone does not know the range of its inputs. */
function outsideDomain({ inputs, record }: DroneModel, columns: readonly string[], events: Float64Array) {
  const ranges = inputs.map((name) => record.domain.get(name))
  if (ranges.every((range) => range === undefined)) return undefined
  let outside = 0
  for (let at = 0; at < events.length; at += columns.length) {
    const out = ranges.some((range, i) => range && (events[at + i]! < range[0] || events[at + i]! > range[1]))
    if (out) outside++
  }
  return outside / (events.length / columns.length)
}

function compared(answers: Answers, outputs: number, outside: number | undefined): Comparison {
  const { drone, teacher, labels, events, unscored } = answers
  const worst = drone.reduce((at, score, i) => {
    return Math.abs(score - teacher[i]!) > Math.abs(drone[at]! - teacher[at]!) ? i : at
  }, 0)
  const both = (measure: (scores: Float32Array) => number): Pair => {
    return { teacher: measure(teacher), drone: measure(drone) }
  }
  return {
    ...fidelity(drone, teacher, outputs),
    worst: { event: events[Math.floor(worst / outputs)]!, drone: drone[worst]!, teacher: teacher[worst]! },
    unscored,
    outside,
    auc: labels && both((scores) => auc(scores, labels)),
    workingPoints:
      labels &&
      EFFICIENCIES.map((efficiency) => {
        return { efficiency, rejection: both((scores) => atEfficiency(scores, labels, efficiency).rejection) }
      }),
  }
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
  const { mse, mae, maxError, worst, events, unscored, outside, auc, workingPoints } = comparison
  const rows = [
    ['events', events.toLocaleString('en')],
    ...(unscored > 0 ? [['left out (a value is missing)', unscored.toLocaleString('en')]] : []),
    ['MSE', digits(mse)],
    ['MAE', digits(mae)],
    ['largest error', digits(maxError)],
    ...(outside === undefined ? [] : [['outside the training domain', percent(outside)]]),
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
  const [head, ...rest] = table(sides).split('\n')
  return `${table(rows)}\n${paint('bold', head!)}\n${rest.join('\n')}`
}

function percent(fraction: number): string {
  return `${Number((100 * fraction).toFixed(3))} %`
}
