/** All that is known before the first event is read. */
import type { DroneModel, Model } from '../../models/index.ts'
import type { Scaling } from '../../scaling/scaling.ts'
import type { ReportOptions } from './options.ts'

export interface Setting extends Omit<ReportOptions, 'drone' | 'teacher' | 'scaleFrom'> {
  drone: DroneModel
  teacher: Model | undefined
  scaleFrom: Scaling | undefined
  /** The teacher as it is to be asked: with standardised events. */
  asked: Model | undefined
  /** What drone and teacher see, together; then each by itself. */
  columns: readonly string[]
  own: readonly string[]
  theirs: readonly string[]
  /** Columns of a row that is read: those, the answers and the label. */
  read: readonly string[]
}
