/** What a caller asks of `learn`. */
import type { DistillOptions, Teacher } from 'nndrone'
import type { EventSource } from '../../events/index.ts'
import type { Model } from '../../models/index.ts'
import type { Method } from '../../probe/index.ts'
import type { JobOptions } from '../job.ts'
import type { Ranges } from '../probe.ts'
import type { ScaleFrom } from '../scaling.ts'

type TrainingOptions = Pick<
  DistillOptions,
  | 'preset'
  | 'epochs'
  | 'batchSize'
  | 'learningRate'
  | 'hidden'
  | 'maxHidden'
  | 'parameters'
  | 'loss'
  | 'growth'
  | 'outputActivation'
  | 'scaling'
  | 'seed'
  | 'engine'
  | 'record'
>

export interface LearnOptions extends JobOptions, TrainingOptions {
  /** The model to learn from; or the columns of its answers with `target`. */
  teacher?: Teacher | Model
  target?: readonly string[]
  /** Events to learn with; or probes within ranges alone. */
  events?: EventSource
  /** The columns that the drone sees; those of the teacher, or all that are for nothing else, unless given. */
  features?: readonly string[]
  /**
   * A column of 1 for signal and 0 for background, or of several outputs the number of the class: measures AUC; of one
   * output it keeps the quantiles of both apart. Trains nothing.
   */
  label?: string
  /** How events are standardised for drone and teacher. */
  scaleFrom?: ScaleFrom
  /** What a missing value becomes, by feature; mean or median unless given. */
  default?: Readonly<Record<string, number>>
  /** The fraction of the events to measure on and not to learn from; 0.2 unless given. */
  holdout?: number
  /** The smallest drone whose MSE on the held-out events is no larger, instead of one of a given size. */
  mse?: number
  /**
   * How many questions more the teacher is asked: about events like those that are learnt from, of which nothing is
   * measured. None unless given.
   */
  questions?: number
  /** How `resample` moves columns, where that is not as it finds: `log(pt)`, `max - min`, `log(max - min)`, or `pt` as it is. */
  coordinates?: readonly string[]
  /** How many events more the teacher is asked about, made like those that are learnt from; all count alike. */
  probe?: number
  /** How they are made; `resample`, or `uniform` without events. */
  probeMethod?: Method
  /** The range of each feature, for probes without events. */
  range?: Ranges
}
