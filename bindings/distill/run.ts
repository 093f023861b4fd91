/** What a run is given, and what it gives. */
import type { Random } from '../arithmetic/random.ts'
import type { Layer } from '../model/network.ts'
import type { Data } from './data.ts'
import type { Epoch, Stopped } from './history.ts'
import type { DistillOptions } from './options.ts'
import type { Schedule } from './schedule.ts'
import type { Pace } from './steps/api.ts'

/** The events to train on, numbered `chosen` and in that order, with the targets [count × outputs] of all events. */
export interface Examples {
  data: Data
  chosen: Uint32Array
  targets: Float32Array
  further?: Further
}

/** How many events there are to train with. */
export function sizeOf({ chosen, further }: Examples): number {
  return chosen.length + (further?.weights.length ?? 0)
}

/** Events beyond those of the run's data: they are trained with, and nothing else. */
export interface Further {
  /** [n × inputs] */
  events: Float64Array
  /** [n × outputs] */
  targets: Float32Array
  /** How much each counts, beside an event of the data. */
  weights: Float32Array
}

/** How to train, and who looks on. */
export interface Training extends Pick<DistillOptions, 'signal' | 'onEpoch'> {
  schedule: Schedule
  pace: Pace
  random: Random
  /** Whether the layers to start from are the caller's, and so have learnt already. */
  given: boolean
  /** Whether all answers are 0 or 1, and so say less than probabilities would. */
  labels: boolean
}

export interface TrainingResult {
  layers: readonly Layer[]
  history: Epoch[]
  stopped: Stopped
}

export function finite(layers: readonly Layer[]): boolean {
  return layers.every(({ weights, bias }) => weights.every(Number.isFinite) && bias.every(Number.isFinite))
}
