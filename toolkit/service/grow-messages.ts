/** What a service and the thread in which it grows a drone tell each other. */
import type { LearnOptions } from '../jobs/learn/options.ts'
import type { RocCurve } from '../plots/index.ts'

/** What somebody may choose. */
export type GrowOptions = Pick<
  LearnOptions,
  | 'label'
  | 'features'
  | 'scaleFrom'
  | 'preset'
  | 'epochs'
  | 'hidden'
  | 'maxHidden'
  | 'parameters'
  | 'questions'
  | 'holdout'
  | 'seed'
>

export interface GrowOrder {
  /** Paths. */
  teacher: string
  events: string
  options: GrowOptions
  /** Documents of the drones that are served: one may keep how events were standardised for the teacher. */
  drones: Uint8Array[]
}

/** An epoch as the page draws it. */
export interface ShortEpoch {
  epoch: number
  loss: number
  grew: boolean
  pruned: boolean
  hidden: number[]
}

export type Told =
  | { what: 'progress'; stage: string; done: number; total?: number; epoch?: ShortEpoch }
  | { what: 'notice'; text: string }
  | { what: 'failed'; message: string }
  | { what: 'done'; grown: Grown }

export interface Grown {
  document: string
  stopped: string
  parameters: number
  hidden: number[]
  inputs: string[]
  fidelity: { mse: number; maxError: number; events: number; heldOut: boolean }
  auc?: { teacher: number; drone: number }
  roc?: { teacher: RocCurve; drone: RocCurve }
  /** The page of the report. */
  report: string
}

/** A job as the page is told of it. */
export interface JobState {
  id: string
  state: 'running' | 'stopping' | 'done' | 'failed'
  teacher: string
  events: string
  options: GrowOptions
  stage: string
  done: number
  total?: number
  notices: string[]
  /** Why it failed. */
  message?: string
  grown?: Omit<Grown, 'document' | 'report'>
}

/** One message of the stream: the job, and epochs from a place on. */
export interface JobMessage {
  job: JobState | null
  from: number
  epochs: ShortEpoch[]
}

/** What can be chosen. */
export interface Choices {
  /** Whether anybody may write at all, and this process grows drones. */
  writable: boolean
  able: boolean
  teachers: { name: string; platform: string }[]
  events: FileChoice[]
}

export interface FileChoice {
  /** How an order names it. */
  id: string
  name: string
  columns: string[]
}
