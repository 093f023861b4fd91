/** What a way of learning is: one file beside this one, and its name in a preset. */
import type { Random } from '../../arithmetic/random.ts'
import type { Learner, Loss, TrainingSet } from '../../engines/api.ts'

/** What is to learn, and from what. The network may grow between two epochs. */
export interface Subject {
  resident: Learner
  set: TrainingSet
  random: Random
  signal: AbortSignal | undefined
}

/** How large the steps are, and how many. */
export interface Pace {
  epochs: number
  /** Events of a mini-batch. */
  batch: number
  learningRate: number
  loss: Loss
  /** A new order of events every epoch. */
  reshuffles: boolean
  /** What the learning rate is multiplied with; `progress` goes from 0 to 1 over the epochs. */
  decay(progress: number): number
}

/** A way of learning at work on a network. */
export interface Learning {
  /**
   * Learns from all events once, with pauses for the event loop.
   * @param epoch from 1
   * @returns L_j, the mean over the mini-batches of Σ(F − G)², each taken before its update; undefined where the signal
   * aborted on the way
   */
  epoch(epoch: number): Promise<number | undefined>
}

export type Method = (subject: Subject, pace: Pace) => Learning
