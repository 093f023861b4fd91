/** A figure of every kind, of seeded data: for the golden files, for what holds of all, and for people to look at. */
import { Random } from '../../../bindings/arithmetic/random.ts'
import { normal } from '../../../toolkit/normal.ts'
import {
  Bins,
  barPlot,
  Efficiency,
  type Figure,
  Grid,
  Histogram,
  heatMapPlot,
  histogramPlot,
  linePlot,
  Profile,
  profilePlot,
  Reliability,
  reliabilityPlot,
  rocCurve,
  rocPlot,
  smallMultiples,
  stepPlot,
} from '../../../toolkit/plots/index.ts'

export interface Events {
  labels: Float64Array
  /** Probabilities that are well calibrated. */
  teacher: Float64Array
  /** Nearly the same. */
  drone: Float64Array
  /** An input that tells signal from background a little. */
  input: Float64Array
}

export function events(count: number, seed: number): Events {
  const random = new Random(seed)
  const made: Events = {
    labels: new Float64Array(count),
    teacher: new Float64Array(count),
    drone: new Float64Array(count),
    input: new Float64Array(count),
  }
  for (let i = 0; i < count; i++) {
    const logit = 2.5 * normal(random) - 0.3
    made.teacher[i] = sigmoid(logit)
    made.drone[i] = sigmoid(0.95 * logit + 0.25 * normal(random))
    made.labels[i] = Number(random.uniform() < made.teacher[i]!)
    made.input[i] = 5279 + 30 * normal(random) + (made.labels[i] ? 0 : 40)
  }
  return made
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit))
}

const EPOCHS = 300
export const GROWTHS = [60, 130, 220]

/** A loss that falls, a little faster after each growth. */
function losses(seed: number): { epochs: number[]; losses: number[]; hidden: number[] } {
  const random = new Random(seed)
  const epochs = Array.from({ length: EPOCHS }, (_, i) => i + 1)
  let loss = 0.08
  const fallen = epochs.map((epoch) => {
    const grew = GROWTHS.findLast((growth) => growth < epoch) ?? 0
    loss *= 1 - 0.06 / (1 + (epoch - grew) / 6)
    return loss * (1 + 0.05 * normal(random))
  })
  return { epochs, losses: fallen, hidden: epochs.map((epoch) => 4 + 2 * GROWTHS.filter((at) => at < epoch).length) }
}

/** One of each kind, kept as files. */
export const GOLDEN = ['line', 'step', 'response', 'scatter', 'roc', 'reliability', 'residual', 'importance', 'inputs']

/** @param count of events */
export function examples(count = 4000): Record<string, Figure> {
  const { labels, teacher, drone, input } = events(count, 1)
  const random = new Random(2)
  const { epochs, losses: loss, hidden } = losses(3)
  const where = (values: Float64Array, label: number) => values.filter((_, i) => labels[i] === label)
  const histogram = (bins: Bins, values: ArrayLike<number>) => new Histogram(bins).add(values)
  const mass = new Bins(5180, 5420, 24)
  const score = new Bins(0, 1, 25)
  const residuals = drone.map((value, i) => value - teacher[i]!)
  const nanoseconds = Float64Array.from({ length: count }, () => 80 * Math.exp(0.3 * normal(random) ** 2))
  const growths = [{ name: 'growth', at: GROWTHS }]
  const names = ['p_T', 'impact parameter', 'flight distance over its error', 'η', '质量', '<b>cos θ</b>']
  const byInput = new Bins(5200, 5400, 10)
  const passes = (scores: Float64Array) =>
    new Efficiency(byInput).add(
      input,
      Array.from(scores, (value) => value > 0.5),
    )
  return {
    line: linePlot({
      id: 'line',
      title: 'Loss by epoch',
      x: { label: 'epoch', whole: true },
      y: { label: 'loss', scale: 'log' },
      series: [{ name: 'loss', x: epochs, y: loss }],
      marks: growths,
    }),
    lines: linePlot({
      id: 'lines',
      title: 'Size against error',
      x: { label: 'parameters', scale: 'log' },
      y: { label: 'mean squared error', scale: 'log' },
      series: ['best', 'reference', 'paper'].map((name, i) => ({
        name,
        x: [20, 50, 100, 200, 500, 1000],
        y: [20, 50, 100, 200, 500, 1000].map((size) => (3 + i) / size ** (1.6 - 0.2 * i)),
      })),
    }),
    step: stepPlot({
      id: 'step',
      title: 'Hidden units by epoch',
      x: { label: 'epoch', whole: true },
      y: { label: 'hidden units', whole: true },
      series: [{ name: 'hidden units', x: epochs, y: hidden }],
      marks: growths,
    }),
    input: histogramPlot({
      id: 'input',
      title: 'Mass of signal and background',
      x: { label: 'mass', unit: 'MeV' },
      series: [
        { name: 'signal', histogram: histogram(mass, where(input, 1)) },
        { name: 'background', histogram: histogram(mass, where(input, 0)) },
      ],
    }),
    response: histogramPlot({
      id: 'response',
      title: 'Scores of teacher and drone',
      x: { label: 'score' },
      scale: 'log',
      normalised: true,
      series: [
        { name: 'signal, teacher', histogram: histogram(score, where(teacher, 1)) },
        { name: 'background, teacher', histogram: histogram(score, where(teacher, 0)), look: 'line' },
        { name: 'signal, drone', histogram: histogram(score, where(drone, 1)), look: 'points', style: 1 },
        { name: 'background, drone', histogram: histogram(score, where(drone, 0)), look: 'points', style: 2 },
      ],
      marks: [{ name: 'cut', at: [0.8] }],
    }),
    latency: histogramPlot({
      id: 'latency',
      title: 'Time of an event',
      x: { label: 'time', unit: 'ns' },
      scale: 'log',
      series: [{ name: 'calls', histogram: histogram(new Bins(50, 5000, 40, 'log'), nanoseconds) }],
      marks: [
        { name: 'median 84 ns', at: [84] },
        { name: '99 % 600 ns', at: [600] },
      ],
    }),
    scatter: heatMapPlot({
      id: 'scatter',
      title: 'Score of teacher against drone',
      x: { label: 'score of the teacher' },
      y: { label: 'score of the drone' },
      grid: new Grid(new Bins(0, 1, 40), new Bins(0, 1, 40)).add(teacher, drone),
      diagonal: true,
    }),
    surface: heatMapPlot({
      id: 'surface',
      title: 'Score over two inputs',
      x: { label: 'p_T', unit: 'GeV' },
      y: { label: 'η' },
      z: { label: 'score', domain: [0, 1] },
      grid: surface(),
    }),
    roc: rocPlot({
      id: 'roc',
      title: 'Efficiency against rejection',
      curves: [
        { name: 'teacher', ...rocCurve(teacher, labels) },
        { name: 'drone', ...rocCurve(drone, labels) },
      ],
    }),
    reliability: reliabilityPlot({
      id: 'reliability',
      title: 'Reliability',
      series: [
        { name: 'teacher', points: new Reliability().add(teacher, labels).points() },
        { name: 'drone', points: new Reliability().add(drone, labels).points() },
      ],
    }),
    efficiency: profilePlot({
      id: 'efficiency',
      title: 'Efficiency of the cut at 0.5 by mass',
      x: { label: 'mass', unit: 'MeV' },
      y: { label: 'efficiency', domain: [0, 1] },
      series: [
        { name: 'teacher', points: passes(teacher).points() },
        { name: 'drone', points: passes(drone).points() },
      ],
    }),
    residual: profilePlot({
      id: 'residual',
      title: 'Residual by score',
      x: { label: 'score of the teacher' },
      y: { label: 'drone − teacher' },
      series: [
        { name: 'mean and deviation', points: new Profile(new Bins(0, 1, 20)).add(teacher, residuals).points() },
      ],
    }),
    importance: barPlot({
      id: 'importance',
      title: 'Importance of inputs',
      x: { label: 'loss of AUC' },
      label: 'input',
      names,
      series: ['teacher', 'drone'].map((name) => ({
        name,
        values: names.map((_, i) => 0.12 / (i + 1) + 0.005 * normal(random)),
        errors: names.map(() => 0.006),
      })),
    }),
    inputs: smallMultiples({
      id: 'inputs',
      title: 'All inputs of signal and background',
      entries: [
        { name: 'signal', look: 'area', number: 1 },
        { name: 'background', look: 'area', number: 2 },
      ],
      figures: names.map((name, i) => (small) => {
        const bins = new Bins(5180, 5420, 12 + i)
        return histogramPlot({
          ...small,
          title: name,
          x: { label: name },
          series: [
            { name: 'signal', histogram: histogram(bins, where(input, 1)) },
            { name: 'background', histogram: histogram(bins, where(input, 0)) },
          ],
        })
      }),
    }),
  }
}

function surface(): Pick<Grid, 'x' | 'y' | 'values'> {
  const [x, y] = [new Bins(0, 20, 64), new Bins(-2.5, 2.5, 64)]
  const values = Float64Array.from({ length: 64 * 64 }, (_, i) => {
    return sigmoid((x.centre(i % 64) - 8) / 2 - y.centre(Math.floor(i / 64)) ** 2)
  })
  return { x, y, values }
}
