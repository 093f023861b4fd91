/** How well one set of scores answers as another does, and how well scores tell signal from background. */
import { EvaluationError, shown } from './errors.ts'

export interface Fidelity {
  /** Mean of (F − G)² over all events and outputs. */
  mse: number
  /** Mean of |F − G|. */
  mae: number
  /** Largest |F − G|. */
  maxError: number
  events: number
}

/** A point of the receiver operating characteristic: what passes score ≥ threshold. */
export interface WorkingPoint {
  threshold: number
  /** Fraction of the signal that passes, 0 to 1. */
  efficiency: number
  /** Fraction of the background that does not pass, 0 to 1. */
  rejection: number
}

/**
 * Adds up how far scores are from targets, in f64 and in order, so that pieces give what the whole gives.
 * @example const { mse } = new FidelitySum().add(scores, targets).add(moreScores, moreTargets).result()
 */
export class FidelitySum {
  #squares = 0
  #absolutes = 0
  #largest = 0
  #count = 0

  /**
   * Adds scores and what they should be.
   * @example sum.add(drone.predictBatch(events), targets)
   */
  add(scores: ArrayLike<number>, targets: ArrayLike<number>): this {
    sameLength(scores, targets, 'targets')
    for (let i = 0; i < scores.length; i++) {
      const error = Math.abs(scores[i]! - targets[i]!)
      this.#squares += error * error
      this.#absolutes += error
      // A NaN is larger than anything, and stays.
      if (error > this.#largest || Number.isNaN(error)) this.#largest = error
    }
    this.#count += scores.length
    return this
  }

  /**
   * @param outputs scores per event
   * @example const { mse, maxError } = sum.result()
   */
  result(outputs = 1): Fidelity {
    const n = this.#count
    return { mse: this.#squares / n, mae: this.#absolutes / n, maxError: this.#largest, events: n / outputs }
  }
}

/**
 * Mean squared, mean absolute and largest difference of scores and targets, both [events × outputs].
 * @throws EvaluationError where their lengths differ
 * @example const { mse } = fidelity(drone.predictBatch(events), targets)
 */
export function fidelity(scores: ArrayLike<number>, targets: ArrayLike<number>, outputs = 1): Fidelity {
  return new FidelitySum().add(scores, targets).result(outputs)
}

function sameLength(scores: ArrayLike<number>, others: ArrayLike<number>, noun: string): void {
  if (scores.length !== others.length) {
    throw new EvaluationError(`${scores.length} scores, but ${others.length} ${noun}`)
  }
}

/** The scores of signal (label 1) and background (label 0), each in ascending order. */
function split(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
): { signal: Float64Array; background: Float64Array } {
  sameLength(scores, labels, 'labels')
  const signal = new Float64Array(scores.length)
  const background = new Float64Array(scores.length)
  let signals = 0
  let backgrounds = 0
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!
    if (Number.isNaN(score)) throw new EvaluationError(`scores[${i}]: NaN cannot be ranked`)
    if (labels[i] === 1) signal[signals++] = score
    else if (labels[i] === 0) background[backgrounds++] = score
    else throw new EvaluationError(`labels[${i}]: ${shown(labels[i])}, expected 1 (signal) or 0 (background)`)
  }
  if (signals === 0 || backgrounds === 0) {
    throw new EvaluationError(`labels: all ${signals === 0 ? 0 : 1}, expected both signal (1) and background (0)`)
  }
  return { signal: signal.subarray(0, signals).sort(), background: background.subarray(0, backgrounds).sort() }
}

/**
 * Area under the ROC curve: the probability that a signal event scores above a background event, ties counted half.
 * @param labels 1 signal, 0 background
 * @throws EvaluationError on a NaN score, another label, or labels all alike
 * @example const area = auc(drone.predictBatch(events), labels)
 */
export function auc(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  const { signal, background } = split(scores, labels)
  let below = 0
  let upTo = 0
  let wins = 0
  for (const score of signal) {
    while (below < background.length && background[below]! < score) below++
    while (upTo < background.length && background[upTo]! <= score) upTo++
    wins += (below + upTo) / 2
  }
  return wins / (signal.length * background.length)
}

/**
 * The ROC curve from the tightest cut to the loosest, one point for each different score.
 * @throws EvaluationError as `auc` does
 * @example for (const { efficiency, rejection } of roc(scores, labels)) console.log(efficiency, rejection)
 */
export function roc(scores: ArrayLike<number>, labels: ArrayLike<number>): WorkingPoint[] {
  const { signal, background } = split(scores, labels)
  const points: WorkingPoint[] = []
  let s = signal.length
  let b = background.length
  while (s > 0 || b > 0) {
    const threshold = Math.max(s > 0 ? signal[s - 1]! : -Infinity, b > 0 ? background[b - 1]! : -Infinity)
    while (s > 0 && signal[s - 1] === threshold) s--
    while (b > 0 && background[b - 1] === threshold) b--
    points.push({
      threshold,
      efficiency: (signal.length - s) / signal.length,
      rejection: b / background.length,
    })
  }
  return points
}

/**
 * The loosest cut that still rejects this fraction of the background: the highest signal efficiency to be had.
 * @param rejection 0 to 1
 * @throws EvaluationError where no cut on a score rejects so much
 * @example drone.setCut('clean', atRejection(scores, labels, 0.99))
 */
export function atRejection(scores: ArrayLike<number>, labels: ArrayLike<number>, rejection: number): WorkingPoint {
  const point = roc(scores, labels).findLast((p) => p.rejection >= rejection)
  if (!point) throw new EvaluationError(`rejection: ${shown(rejection)} is reached by no cut that lets an event pass`)
  return point
}

/**
 * The tightest cut that still passes this fraction of the signal: the highest background rejection to be had.
 * @param efficiency 0 to 1
 * @throws EvaluationError where it is above 1 or not a number
 * @example drone.setCut('tight', atEfficiency(scores, labels, 0.9))
 */
export function atEfficiency(scores: ArrayLike<number>, labels: ArrayLike<number>, efficiency: number): WorkingPoint {
  const point = roc(scores, labels).find((p) => p.efficiency >= efficiency)
  if (!point) throw new EvaluationError(`efficiency: ${shown(efficiency)}, expected a number from 0 to 1`)
  return point
}
