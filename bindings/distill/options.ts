/** What a caller asks of a distillation. */
import type { Engine, EngineName, Loss, Numbers } from '../engines/api.ts'
import type { Signal } from '../host.ts'
import type { Activation } from '../model/activations.ts'
import type { Input, Layer } from '../model/network.ts'
import type { Teacher } from '../model/teacher.ts'
import type { OptionTypes } from '../options.ts'
import type { Epoch } from './history.ts'
import type { PresetName } from './presets.ts'
import type { GrowthRule, RuleOptions } from './rules.ts'

/** An input by name alone is standardised: its offset and scale give the training events mean 0 and deviation 1. */
export type InputChoice = string | (Pick<Input, 'name'> & Partial<Input>)

export type Scaling = 'deviation' | 'quantiles'

export interface DistillOptions {
  /** [n × inputs], one event after the other. A value that is not finite is a missing one. */
  events: Numbers
  inputs: readonly InputChoice[]
  /** The teacher's answers [n × outputs], if they are known; else `teacher` is asked. NaN where there is none. */
  targets?: ArrayLike<number>
  teacher?: Teacher
  /**
   * How many events more the teacher is asked about, made like those that are trained with (see `resample`); none unless
   * given. Of more than 30,000 answers those are learnt from that are less certain, weighted to make up for it; and all
   * questions together count as 40,000 events at most. Nothing is measured on them.
   */
  questions?: number
  /** How they are made, where that is not as `resample` finds: `log(pt)`, `max - min`, `log(max - min)`, or `pt` as it is. */
  coordinates?: readonly string[]
  /**
   * 1 for each event of signal, 0 of background, NaN where nobody knows: the JSON then keeps the quantiles of both apart.
   * Nothing learns them.
   */
  labels?: ArrayLike<number>
  /** Names of the outputs; those of the teacher unless given, else `score`. */
  outputs?: readonly string[]
  /** `best` unless given. */
  preset?: PresetName
  /**
   * Units of the hidden layers at the start; [5] unless given. Growth takes the layers in turn. `best` shrinks from more
   * units to `maxHidden`, or to as many as are given here if those are more or `rule` is null.
   */
  hidden?: readonly number[]
  /** Activation of the hidden layers; `sigmoid` unless given, `tanh` where `best` shrinks. */
  activation?: Activation
  /**
   * Activation of the last layer; what suits the answers unless given: `softmax` where several outputs add up to 1,
   * `sigmoid` where all answers lie between 0 and 1, else `linear`.
   */
  outputActivation?: Activation
  /** Layers to start from, instead of random ones. */
  layers?: readonly Layer[]
  /** Passes through the events; where `best` shrinks, at most so many, and fewer units to spare where they are few. */
  epochs?: number
  /** Events of a mini-batch of gradient descent; at most all that are trained with. */
  batchSize?: number
  /** @deprecated the earlier name of `batchSize` */
  batch?: number
  /** Of gradient descent, which is how `best` begins. */
  learningRate?: number
  /** What becomes less: Σ(F − G)², or the cross-entropy; what the preset has unless given. */
  loss?: Loss
  /** The random seed: a whole number from 0; 1 unless given. */
  seed?: number
  /** `shuffled` by the seed unless given; `given` takes the events as they come, in every epoch. */
  order?: 'shuffled' | 'given'
  /** The paper's symbols, for the rule of the preset. Whoever gives one to `best` lets it grow. */
  growth?: RuleOptions
  /** A rule of your own, by which `best` grows too; null never grows. */
  rule?: GrowthRule | null
  /** Hidden layers have so many units at most, unless they start with more. */
  maxHidden?: number
  /** Instead of `hidden` and `maxHidden`: one hidden layer of as many units as so many parameters are enough for. */
  parameters?: number
  /** Ends the run once the MSE over an epoch is as low as this; of linear outputs, in units of the answers' variance. */
  targetMse?: number
  /** Events that are held out of the training and measured on: a fraction of all, or their numbers; none unless given. */
  holdout?: number | ArrayLike<number>
  /**
   * What an input without offset and scale is standardised by: mean and deviation unless given, or `quantiles`, which
   * outliers do not move (see `robustStatistics`). A missing value becomes the mean; with `quantiles`, the median.
   */
  scaling?: Scaling
  /** Called after each piece of the events that the teacher was asked about. */
  onAsk?(asked: number, total: number): void
  /** Called after each epoch; `total` is how many there will be. */
  onEpoch?(epoch: Epoch, total: number): void
  /** Ends the run, which resolves with the best drone so far; while the teacher is asked, it rejects with the reason. */
  signal?: Signal
  engine?: EngineName | Engine
  /** More for the `nndrone` part of the JSON: who the teacher was, say. */
  record?: Readonly<Record<string, unknown>>
}

export const DISTILL_OPTIONS: OptionTypes<DistillOptions> = {
  events: '',
  inputs: '',
  targets: 'object',
  teacher: 'object',
  labels: 'object',
  outputs: '',
  preset: 'string',
  hidden: '',
  activation: '',
  outputActivation: '',
  layers: '',
  epochs: '',
  batchSize: '',
  batch: '',
  learningRate: '',
  loss: '',
  seed: '',
  order: '',
  growth: 'object',
  rule: '',
  maxHidden: '',
  parameters: '',
  targetMse: '',
  holdout: '',
  scaling: '',
  questions: '',
  coordinates: '',
  onAsk: 'function',
  onEpoch: 'function',
  signal: 'object',
  engine: '',
  record: 'object',
}
