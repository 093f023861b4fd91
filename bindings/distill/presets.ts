/** The named ways to train. */
import type { Loss } from '../engines/api.ts'
import type { Incoming } from '../model/growth.ts'
import { type GrowthRule, paperRule, type RuleOptions, referenceRule } from './rules.ts'
import type { Method } from './steps/api.ts'
import { sgd } from './steps/sgd.ts'

export type PresetName = 'best' | 'paper' | 'reference'

export interface Preset {
  /** The way of learning. */
  method: Method
  rule(options: RuleOptions): GrowthRule
  loss: Loss
  /** A new order of events every epoch, or the same shuffled one. */
  reshuffles: boolean
  /** Initial weights and biases: uniform in [0, 1), or as `randomUnit` draws them. */
  initial: 'unit' | 'centred'
  /** The incoming weights of a unit that is added. */
  incoming: Incoming
  /** What the learning rate is multiplied with; `progress` goes from 0 to 1 over the epochs. */
  decay(progress: number): number
  epochs: number
  batch: number
  learningRate: number
  maxHidden: number
  /** Whether the recipe of `recipe.ts` learns, where it can: what is said here is for where it can't. */
  shrinks?: boolean
}

/** Sections 3 and 4 of the paper: plain gradient descent on Σ(F − G)². */
const PAPER = {
  method: sgd,
  loss: 'squared',
  reshuffles: false,
  initial: 'unit',
  incoming: 'zero',
  decay: () => 1,
  epochs: 300,
  batch: 10,
  learningRate: 0.05,
  maxHidden: Number.POSITIVE_INFINITY,
} as const

/**
 * `reference` is what the authors' program does, `paper` what the paper says. `best` starts larger than it is to be and
 * shrinks (`recipe.ts`). Where it can't, it grows by the paper's rule too (κ wider, for the noise of single events) and
 * differs where it was measured to pay: the gradient of the cross-entropy, one event at a time, in a new order every
 * epoch, with a rate that falls to zero, from centred weights.
 * @example console.log(PRESETS.best.epochs)
 */
export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  best: {
    method: sgd,
    rule: (options) => paperRule({ ...options, kappa: options.kappa ?? 0.05 }),
    loss: 'cross-entropy',
    reshuffles: true,
    initial: 'centred',
    incoming: 'random',
    decay: (progress) => 1 - progress,
    epochs: 600,
    batch: 1,
    learningRate: 0.2,
    maxHidden: 16,
    shrinks: true,
  },
  paper: { ...PAPER, rule: paperRule },
  reference: { ...PAPER, rule: referenceRule },
}
