/** What a caller asks of `report`. */
import type { Drone, Teacher } from 'nndrone'
import type { EventSource } from '../../events/index.ts'
import type { DroneModel, Model } from '../../models/index.ts'
import type { Scaling } from '../../scaling/scaling.ts'
import type { JobOptions } from '../job.ts'
import type { Slicing } from '../slices.ts'

export interface ReportOptions extends JobOptions {
  drone: Drone | DroneModel
  /** The model to compare with, or the columns of its answers with `target`; without them the report is of the drone alone. */
  teacher?: Teacher | Model
  target?: readonly string[]
  /** Read once, from front to back, and closed. */
  events: EventSource
  /** A column of 1 for signal and 0 for background, or of several outputs the number of the class: shows how well they are told apart. */
  label?: string
  /** Columns in the order of the models' inputs, where they have other names. */
  features?: readonly string[]
  /** How events are standardised for the teacher; as the drone keeps it, if this is the one it learnt from, unless given. */
  scaleFrom?: Scaling
  /** A column, which may be an input too: measures apart the events of different values of it; needs a teacher. */
  by?: Slicing
  /** Of the sample that the importance of inputs is measured on; 1 unless given. */
  seed?: number
  /** Whether times are measured, as they are unless false is given; without them the same input gives the same report. */
  times?: boolean
}
