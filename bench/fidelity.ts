/**
 * How faithful a drone is for its size, and what that costs: `npm run bench:fidelity [splits]`. Held out is measured on
 * the halves of the events that were not learnt from, paired with what `best` was before it pruned: growth by gradient
 * descent, on the same halves. Teachers are those of NNDRONE_DATA.
 */
import { dirname, join } from 'node:path'
import { type Distilled, type DistillOptions, distill, Random, standardised, statistics } from '../bindings/index.ts'
import { askInPieces } from '../toolkit/jobs/ask.ts'
import { scaledTeacher } from '../toolkit/jobs/scaling.ts'
import { openModel } from '../toolkit/models/index.ts'
import { decaysFile, FEATURES, readDecays } from './bdecay.ts'
import { markdown, publish } from './results.ts'

const SPLITS = Number(process.argv[2] ?? 10)
const data = join(dirname(decaysFile()), '..')
const decays = readDecays()

/** How `best` learnt before: it grew. */
const GROWING: Partial<DistillOptions> = { growth: { kappa: 0.05 } }

interface Lesson {
  events: Float64Array
  targets: Float32Array
  inputs: readonly string[]
  outputs?: readonly string[]
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2
}

/** Runs of `best` with the seeds 1, 2, …, with the seconds of the processor that each took. */
async function runs(lesson: Lesson, options: Partial<DistillOptions>, count = SPLITS) {
  const all: (Distilled & { seconds: number })[] = []
  for (let seed = 1; seed <= count; seed++) {
    const began = process.cpuUsage()
    const result = await distill({ ...lesson, seed, ...options })
    const { user, system } = process.cpuUsage(began)
    all.push({ ...result, seconds: (user + system) / 1e6 })
  }
  return all
}

const mses = (all: readonly Distilled[]) => all.map(({ fidelity }) => fidelity.mse)
const short = (value: number) => value.toExponential(2)

/** A drone of so many hidden units beside one that grew to as many, or to others. */
async function paired(name: string, lesson: Lesson, units: number, grown = units): Promise<string[]> {
  const now = await runs(lesson, { maxHidden: units, holdout: 0.5 })
  const before = await runs(lesson, { maxHidden: grown, holdout: 0.5, ...GROWING })
  const ratios = mses(now).map((mse, i) => mse / mses(before)[i]!)
  return [
    name,
    `${now[0]!.drone.parameters} / ${before[0]!.drone.parameters}`,
    short(median(mses(now))),
    short(Math.max(...mses(now))),
    short(median(mses(before))),
    median(ratios).toFixed(2),
    `${median(now.map(({ seconds }) => seconds)).toFixed(1)} / ${median(before.map(({ seconds }) => seconds)).toFixed(1)}`,
  ]
}

async function inSample(units: number): Promise<string[]> {
  const all = await runs(recorded, { maxHidden: units, activation: 'swish', loss: 'squared' })
  const mse = mses(all)
  const seconds = median(all.map((run) => run.seconds)).toFixed(1)
  return [
    String(all[0]!.drone.parameters),
    short(Math.min(...mse)),
    short(median(mse)),
    short(Math.max(...mse)),
    seconds,
  ]
}

/** Events like the decays: each is one of them, all its values moved by the same small factor. */
function many(count: number): Lesson {
  const random = new Random(1)
  const events = new Float64Array(count * FEATURES.length)
  const targets = new Float32Array(count)
  for (let n = 0; n < count; n++) {
    const from = random.below(decays.count)
    const factor = 1 + 0.02 * (random.uniform() - 0.5)
    for (let i = 0; i < FEATURES.length; i++) {
      events[n * FEATURES.length + i] = decays.events[from * FEATURES.length + i]! * factor
    }
    targets[n] = decays.targets[from]!
  }
  return { events, targets, inputs: FEATURES }
}

async function cost(name: string, lesson: Lesson, options: Partial<DistillOptions>): Promise<string[]> {
  const [run] = await runs(lesson, options, 1)
  const { drone, seconds, history } = run!
  const peak = (process.resourceUsage().maxRSS / 1024).toFixed(0)
  const way = history.some(({ step }) => step === 'pruning') ? 'prunes' : 'grows'
  return [name, String(drone.parameters), way, String(history.length), seconds.toFixed(1), peak]
}

const recorded: Lesson = { events: decays.events, targets: decays.targets, inputs: FEATURES }
const keras = await openModel(join(data, 'bdecay/teacher.h5'))
const scale = (await statistics(decays.events, FEATURES.length, decays.labels)).map(standardised)
const lessons: [string, Lesson][] = [
  ['Keras, recorded', recorded],
  ['Keras', { ...recorded, targets: await askInPieces(scaledTeacher(keras, scale), decays.events) }],
]
for (const [name, file] of [
  ['PyTorch', 'torch-bdecay.onnx'],
  ['PyTorch, three classes', 'torch-threeclass.onnx'],
  ['XGBoost', 'xgboost-bdecay.json'],
] as const) {
  const model = await openModel(join(data, 'teachers', file))
  lessons.push([name, { ...recorded, outputs: model.outputs, targets: await askInPieces(model, decays.events) }])
}

const heldOut = [await paired('Keras, recorded', recorded, 12, 16)]
for (const [name, lesson] of lessons) heldOut.push(await paired(name, lesson, 15))
const sample = [await inSample(15), await inSample(17)]
const frontier: string[][] = []
for (const units of [3, 5, 8, 10, 15, 20, 30]) {
  const all = await runs(recorded, { maxHidden: units, holdout: 0.5 }, Math.min(SPLITS, 3))
  frontier.push([String(units), String(all[0]!.drone.parameters), short(median(mses(all)))])
}
const half = { holdout: 0.5 }
const costs = [
  await cost('20,000 events', recorded, { maxHidden: 15 }),
  await cost('20,000 events, half held out', recorded, { maxHidden: 60, ...half }),
  await cost('20,000 events, half held out', recorded, { maxHidden: 124, ...half }),
  await cost('20,000 events, half held out, 20 epochs', recorded, { hidden: [1250], epochs: 20, ...half }),
  await cost('1,000,000 events', many(1_000_000), { maxHidden: 15 }),
]

publish(
  'npm run bench:fidelity',
  `Of the ${decays.count.toLocaleString('en')} B decays, ${SPLITS} random halves learnt from and the others measured on (medians; \`before\` is
growth by gradient descent; seconds of one core, now / before):

${markdown(['teacher', 'parameters, now / before', 'MSE', 'worst', 'MSE before', 'ratio, paired', 'seconds'], heldOut)}

In sample, all events of the recorded teacher, swish and squares, ${SPLITS} seeds:

${markdown(['parameters', 'best', 'median', 'worst', 'seconds'], sample)}

Size against held-out MSE, recorded teacher:

${markdown(['hidden units', 'parameters', 'MSE'], frontier)}

What it costs (peak is of the whole process, in MB, and never falls):

${markdown(['events', 'parameters', 'way', 'epochs', 'seconds of one core', 'peak'], costs)}`,
)
