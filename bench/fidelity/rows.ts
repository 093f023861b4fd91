/** The rows of the table: each measures one seed at a time. */
import { type DistillOptions, distill } from '../../bindings/index.ts'
import {
  allBut,
  decayLabels,
  forest,
  higgs,
  higgsLabels,
  keras,
  type Lesson,
  lwtnn,
  many,
  onDecays,
  recorded,
  type Taught,
} from './lessons.ts'

/** Of one seed. */
export interface Measured {
  parameters: number
  /** On held-out events where there are any, else in sample. */
  mse: number
  /** Of one core. */
  seconds: number
  /** Of the rival, on the same events. */
  rival?: { parameters: number; mse: number; seconds: number }
  epochs: number
  /** Of the whole process so far, in MB. */
  peak: number
}

export interface Row {
  name: string
  title: string
  /** Which table it is in. */
  part: 'size' | 'questions' | 'cost' | 'frontier'
  /** How many seeds, unless said. */
  seeds: number
  /** What is to hold, as people read it, and whether it does. */
  bound?: { text: string; holds(all: readonly Measured[]): boolean }
  measure(seed: number): Promise<Measured>
}

/** How `best` learnt before it pruned: it grew by gradient descent. It is here alone, to be compared with. */
const GROWING: Partial<DistillOptions> = { growth: { kappa: 0.05 } }

/** What `distill` asks where a teacher is fast. */
const MANY_QUESTIONS = 200_000

const HALF = { holdout: 0.5 }

export function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2
}

export const mses = (all: readonly Measured[]) => all.map(({ mse }) => mse)
export const ratios = (all: readonly Measured[]) => all.map(({ mse, rival }) => mse / rival!.mse)

async function run(lesson: Lesson, options: Partial<DistillOptions>): Promise<Measured> {
  const began = process.cpuUsage()
  const { events, targets, inputs, outputs } = lesson
  const { drone, fidelity, history } = await distill({ events, targets, inputs, outputs, ...options })
  const { user, system } = process.cpuUsage(began)
  const { parameters } = drone
  drone.dispose()
  const peak = process.resourceUsage().maxRSS / 1024
  return { parameters, mse: fidelity.mse, seconds: (user + system) / 1e6, epochs: history.length, peak }
}

const beside = async (now: Promise<Measured>, rival: () => Promise<Measured>) => ({
  ...(await now),
  rival: await rival(),
})

/** A lesson is made once, when a row first needs it. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}

const lessons = {
  keras: once(keras),
  torch: once(() => onDecays('torch-bdecay.onnx')),
  classes: once(() => onDecays('torch-threeclass.onnx')),
  xgboost: once(() => onDecays('xgboost-bdecay.json')),
  forest: once(forest),
  higgs: once(higgs),
  lwtnn: once(lwtnn),
  labels: once(async () => decayLabels()),
  higgsLabels: once(higgsLabels),
}

/** A random half is learnt from, and the other measured on, by `best` and by how it learnt before. */
function paired(
  name: string,
  title: string,
  lesson: () => Promise<Lesson> | Lesson,
  most: number | undefined,
  { units = 15, rival = 15, seeds = 5 } = {},
): Row {
  return {
    ...{ name, title, part: 'size', seeds },
    bound: most === undefined ? undefined : below(`ratio ${most}`, ratios, most),
    measure: async (seed) => {
      const known = await lesson()
      const now = run(known, { maxHidden: units, seed, ...HALF })
      return beside(now, () => run(known, { maxHidden: rival, seed, ...HALF, ...GROWING }))
    },
  }
}

function below(text: string, values: (all: readonly Measured[]) => number[], most: number): Row['bound'] {
  return { text, holds: (all) => middle(values(all)) <= most }
}

const further = ({ teacher }: Taught, questions = MANY_QUESTIONS) => ({ teacher, questions })

function inSample(units: number, text: string, holds: (mse: readonly number[]) => boolean): Row {
  const parameters = 8 * units + 1
  return {
    ...{ name: `in-sample-${parameters}`, title: 'recorded, all events in sample, swish, squares', part: 'size' },
    seeds: 10,
    bound: { text, holds: (all) => holds(mses(all)) },
    measure: (seed) => run(recorded, { maxHidden: units, activation: 'swish', loss: 'squared', seed }),
  }
}

/** `teacher.h5` asked live; beside it what the same size makes of the events alone, as before. */
function live(events: number, units: number, most: number): Row {
  const parameters = 8 * units + 1
  const count = events.toLocaleString('en')
  return {
    ...{
      name: `live-${events}-${parameters}`,
      title: `teacher.h5, ${count} events and questions`,
      part: 'size',
      seeds: 5,
    },
    bound: below(most.toExponential(1), mses, most),
    measure: async (seed) => {
      const known = await lessons.keras()
      const options = { maxHidden: units, seed, holdout: allBut(events, known.targets.length, seed) }
      const now = run(known, { ...options, ...further(known) })
      return beside(now, () => run(known, { ...options, ...GROWING }))
    },
  }
}

/** Labels of 0 and 1, of which probabilities are to be learnt: the MSE is that to labels, and most of it is theirs. */
function labels(name: string, title: string, lesson: () => Promise<Lesson>, units = 15): Row {
  return { ...paired(`labels-${name}`, title, lesson, 1, { units, rival: units, seeds: 3 }) }
}

/** What questions give: the rival is `best` without them. */
function asked(name: string, title: string, lesson: () => Promise<Taught>, units = 15): Row {
  return {
    ...{ name: `asked-${name}`, title, part: 'questions', seeds: 3 },
    measure: async (seed) => {
      const known = await lesson()
      const options = { maxHidden: units, seed, ...HALF }
      return beside(run(known, { ...options, ...further(known) }), () => run(known, options))
    },
  }
}

function cost(name: string, title: string, lesson: () => Lesson, options: Partial<DistillOptions>): Row {
  return { name: `cost-${name}`, title, part: 'cost', seeds: 1, measure: (seed) => run(lesson(), { ...options, seed }) }
}

function sized(units: number): Row {
  return {
    ...{ name: `frontier-${units}`, title: String(units), part: 'frontier', seeds: 3 },
    measure: (seed) => run(recorded, { maxHidden: units, seed, ...HALF }),
  }
}

const thousands = { ...HALF, loss: 'cross-entropy' } as const

/** In the order of what is to be shown. */
export const ROWS: readonly Row[] = [
  paired('recorded-121', 'recorded', () => recorded, 0.62, { seeds: 10 }),
  inSample(15, 'best 1.0e-4, median 1.1e-4', (mse) => Math.min(...mse) <= 1e-4 && middle(mse) <= 1.1e-4),
  inSample(17, 'worst 1.0e-4', (mse) => Math.max(...mse) <= 1e-4),
  live(10_000, 15, 4e-4),
  live(500, 15, 5.5e-4),
  live(10_000, 30, 2.2e-4),
  live(500, 30, 2.2e-4),
  paired('torch', 'PyTorch', lessons.torch, 0.62),
  paired('xgboost', 'XGBoost', lessons.xgboost, 0.95),
  paired('forest', 'random forest (scikit-learn)', lessons.forest, 0.95),
  paired('higgs', 'HIGGS, XGBoost', lessons.higgs, 1.02, { units: 16, rival: 16, seeds: 3 }),
  paired('recorded-97', 'recorded, 12 hidden units beside 16', () => recorded, 1, { units: 12, rival: 16 }),
  {
    ...{ name: 'seconds', title: 'recorded, 20,000 events in sample', part: 'size', seeds: 3 },
    bound: below('8 s', (all) => all.map(({ seconds }) => seconds), 8),
    measure: (seed) =>
      beside(run(recorded, { maxHidden: 15, seed }), () => run(recorded, { maxHidden: 15, seed, ...GROWING })),
  },
  labels('decays', 'labels of the B decays', lessons.labels),
  labels('higgs', 'labels of HIGGS', lessons.higgsLabels, 8),
  asked('keras', 'teacher.h5', lessons.keras),
  asked('torch', 'PyTorch', lessons.torch),
  asked('classes', 'PyTorch, three classes', lessons.classes),
  asked('xgboost', 'XGBoost', lessons.xgboost),
  asked('lwtnn', 'lwtnn (maxout, highway), Gaussian events', lessons.lwtnn),
  asked('higgs', 'HIGGS, XGBoost', lessons.higgs, 16),
  cost('121', '20,000 events', () => recorded, { maxHidden: 15 }),
  cost('481', '20,000 events, half held out', () => recorded, { maxHidden: 60, ...thousands }),
  cost('1000', '20,000 events, half held out', () => recorded, { maxHidden: 124, ...thousands }),
  cost('10000', '20,000 events, half held out, 20 epochs', () => recorded, {
    hidden: [1250],
    epochs: 20,
    ...thousands,
  }),
  cost('100k', '100,000 events of 6 inputs, 1 % held out', () => many(100_000), { maxHidden: 15, holdout: 0.01 }),
  cost('1M', '1,000,000 events of 6 inputs, 1 % held out', () => many(1_000_000), { maxHidden: 15, holdout: 0.01 }),
  ...[3, 5, 8, 10, 15, 20, 30].map(sized),
]
