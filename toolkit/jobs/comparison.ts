/** What `compare` measures: how far two sets of answers are apart, and how well each tells signal from background. */
import { atEfficiency, auc, type Fidelity, fidelity, type Share, type WorkingPoint } from 'nndrone'
import { InputError } from '../errors.ts'
import type { DroneModel } from '../models/index.ts'
import { Histogram, type RocCurve, rocCurve } from '../plots/index.ts'
import { type Classes, classesOf, columnOfScores } from './classes.ts'
import { discriminated, type Ranking, shareText } from './discriminator.ts'
import type { Pair } from './pair.ts'
import { residualBins } from './report/ranges.ts'
import { pick } from './tables.ts'

/** Signal efficiencies at which the background that is rejected is told. */
const EFFICIENCIES = [0.5, 0.9]

const RESIDUAL_BINS = 61

/** The answers of both to the same events. */
export interface BothAnswers {
  /** [events × outputs] */
  drone: Float32Array
  teacher: Float32Array
  labels: Float64Array | undefined
  /** Not 0 where an event is outside of the range that the drone was trained on, if it knows that range. */
  outside: Uint8Array | undefined
}

/** Those that both could give. */
export interface Answers extends BothAnswers {
  /** Numbers of the events. */
  events: Uint32Array
  /** How many events were left out, because a value is missing that has no default. */
  unscored: number
}

export interface Comparison extends Fidelity {
  /** Of each output, where there are several. */
  outputs: (Omit<Fidelity, 'events'> & { name: string })[] | undefined
  /** The event of the largest error, from 0, and the answers there. */
  worst: { event: number; drone: number; teacher: number }
  unscored: number
  /** Fraction of the events with a value out of the range that the drone was trained on. */
  outside: number | undefined
  fidelityInside: Fidelity | undefined
  fidelityOutside: Fidelity | undefined
  /** Of models of several outputs, where events are labelled by their class. */
  classes: Classes | undefined
  /** The share that tells two kinds of classes apart, where one was asked for: what is measured below is of it. */
  discriminator: string | undefined
  /** Of models of one output, or of the discriminator. */
  auc: Pair | undefined
  /** The background that is rejected at an efficiency, and the cuts on the scores there. */
  workingPoints: { efficiency: number; rejection: Pair; threshold: Pair }[] | undefined
  /** The cut on the drone's score that was asked for, and what it does to all events, also those without a score. */
  cut: WorkingPoint | undefined
  /** The teacher's cut of the same goal; undefined where there is none, too. */
  cutOfTeacher: WorkingPoint | undefined
  /** The events by the values of a column, where that was asked for. */
  by: Slices | undefined
  /** The curve of the drone, of at most 200 points, where labels are known. */
  roc: RocCurve | undefined
  /** The differences drone − teacher, of all outputs. */
  residuals: Histogram
}

/** What is measured of the events from one value to another, both included. */
export interface Slice extends Fidelity {
  /** The smallest and the largest value in it; undefined for the events without a value. */
  from: number | undefined
  to: number | undefined
  /** Where there are labels of both kinds. */
  auc: Pair | undefined
}

export interface Slices {
  column: string
  slices: Slice[]
}

/** @throws InputError where there is no event that both could score */
export function scoredByBoth(answers: BothAnswers, outputs: number, name: string): Answers {
  const { drone, teacher, labels, outside } = answers
  const count = drone.length / outputs
  const scored = Uint32Array.from({ length: count }, (_, n) => n).filter((n) => {
    for (let i = n * outputs; i < (n + 1) * outputs; i++) if (!Number.isFinite(drone[i]! + teacher[i]!)) return false
    return true
  })
  if (scored.length === 0) throw new InputError(`${name}: every event lacks a value that has no default`)
  return {
    drone: pick(drone, outputs, scored),
    teacher: pick(teacher, outputs, scored),
    labels: labels && pick(labels, 1, scored),
    outside: outside && pick(outside, 1, scored),
    events: scored,
    unscored: count - scored.length,
  }
}

/** Undefined where the drone does not know the range of its inputs. */
export function outsideDomain({ drone, inputs, record }: DroneModel, events: Float64Array): Uint8Array | undefined {
  if (record.domain.every((range) => range === undefined)) return undefined
  const width = inputs.length
  return Uint8Array.from({ length: events.length / width }, (_, n) => {
    return Number(!drone.inDomain(events.subarray(n * width, (n + 1) * width)))
  })
}

/** What is ranked to tell signal from background: the score of one output, or the share of a discriminator. */
export function rankingOf(
  { drone, teacher, labels }: Pick<BothAnswers, 'drone' | 'teacher' | 'labels'>,
  outputs: readonly string[],
  share: Share | undefined,
): Ranking | undefined {
  if (!labels) return undefined
  if (share) return discriminated({ drone, teacher, labels }, outputs, share)
  return outputs.length === 1 ? { drone, teacher, labels } : undefined
}

/**
 * @param outputs their names
 * @param share a discriminator of several outputs
 */
export function comparisonOf(
  answers: Answers,
  outputs: readonly string[],
  share?: Share,
): Omit<Comparison, 'cut' | 'cutOfTeacher' | 'by'> {
  const { drone, teacher, outside, events, unscored } = answers
  const width = outputs.length
  const ranking = rankingOf(answers, outputs, share)
  const labels = ranking?.labels
  const worst = drone.reduce((at, score, i) => {
    return Math.abs(score - teacher[i]!) > Math.abs(drone[at]! - teacher[at]!) ? i : at
  }, 0)
  const [inside, beyond] = [0, 1].map((side) => outside && fidelityWhere(answers, width, (n) => outside[n] === side))
  const differences = Float64Array.from(drone, (score, i) => score - teacher[i]!)
  return {
    ...fidelity(drone, teacher, width),
    outputs: width > 1 ? outputs.map((name, i) => ({ name, ...fidelityOf(answers, width, i) })) : undefined,
    worst: { event: events[Math.floor(worst / width)]!, drone: drone[worst]!, teacher: teacher[worst]! },
    unscored,
    outside: outside && outside.reduce((sum, out) => sum + out, 0) / outside.length,
    fidelityInside: inside,
    fidelityOutside: beyond,
    classes: answers.labels && width > 1 ? classesOf(answers, answers.labels, outputs) : undefined,
    discriminator: share && shareText(share),
    auc: labels && { teacher: auc(ranking.teacher, labels), drone: auc(ranking.drone, labels) },
    workingPoints:
      labels &&
      EFFICIENCIES.map((efficiency) => {
        const [own, other] = [ranking.drone, ranking.teacher].map((scores) => atEfficiency(scores, labels, efficiency))
        const pair = (key: 'rejection' | 'threshold') => ({ teacher: other![key], drone: own![key] })
        return { efficiency, rejection: pair('rejection'), threshold: pair('threshold') }
      }),
    roc: labels && rocCurve(ranking.drone, labels),
    residuals: new Histogram(residualBins(differences, RESIDUAL_BINS)).add(differences),
  }
}

/** Of one output of several. */
function fidelityOf({ drone, teacher }: Answers, width: number, i: number): Omit<Fidelity, 'events'> {
  const { mse, mae, maxError } = fidelity(columnOfScores(drone, width, i), columnOfScores(teacher, width, i))
  return { mse, mae, maxError }
}

/** Of some of the events; undefined where there are none. */
function fidelityWhere({ drone, teacher }: Answers, width: number, chosen: (n: number) => boolean) {
  const part = (scores: Float32Array) => scores.filter((_, at) => chosen(Math.floor(at / width)))
  const scores = part(drone)
  return scores.length > 0 ? fidelity(scores, part(teacher), width) : undefined
}
