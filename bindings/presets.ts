/** The named ways to train. */
import type { Loss, Optimiser } from './engine.ts'
import { type GrowthRule, type Incoming, paperRule, type RuleOptions, referenceRule } from './growth.ts'

export type PresetName = 'best' | 'paper' | 'reference'

export interface Preset {
  rule(options: RuleOptions): GrowthRule
  loss: Loss
  optimiser: Optimiser
  /** A new order of events every epoch, or the same shuffled one. */
  reshuffles: boolean
  /** Initial weights and biases: uniform in [0, 1), or as `randomUnit` draws them. */
  initial: 'unit' | 'centred'
  incoming: Incoming
  /** What the learning rate is multiplied with; `progress` goes from 0 to 1 over the run. */
  decay(progress: number): number
  /** Growth ends when this fraction of the epochs is over, so that what has grown has time to learn. */
  growsUntil: number
  epochs: number
  batch: number
  learningRate: number
  maxHidden: number
}

/** Section 4 of the paper: plain gradient descent on Σ(F − G)². */
const PAPER = {
  loss: 'squared',
  optimiser: 'sgd',
  reshuffles: false,
  initial: 'unit',
  incoming: 'zero',
  decay: () => 1,
  growsUntil: 1,
  epochs: 300,
  batch: 10,
  learningRate: 0.05,
  maxHidden: Number.POSITIVE_INFINITY,
} as const

export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  reference: { ...PAPER, rule: referenceRule },
  paper: { ...PAPER, rule: paperRule },
  best: { ...PAPER, rule: paperRule },
}
