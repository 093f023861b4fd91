/** All that a report of a drone shows: few numbers, however many events they were counted from. */
import type { Fidelity } from 'nndrone'
import type { DriftMeasure } from '../../drift/index.ts'
import type { Description } from '../../models/index.ts'
import type { BinnedPoint, Grid, Histogram, RocCurve } from '../../plots/index.ts'
import type { Classes } from '../classes.ts'
import type { Slices } from '../comparison.ts'
import type { ModelTiming } from '../latency.ts'

export interface Report {
  drone: Card
  /** What answered beside the drone; `description` where it could be asked, not where its answers are recorded. */
  teacher: { name: string; description?: Description } | undefined
  /** Where the events come from, how many there are, and how many of them drone or teacher has no score for. */
  events: { name: string; count: number; unscored: number }
  /** The column of labels, and how many events there are of each kind. */
  labels: { column: string; signal: number; background: number } | undefined
  inputs: readonly InputCounts[]
  scores: readonly OutputCounts[]
  fidelity: FidelityCounts | undefined
  /** Of a drone and teacher with one output, where labels are known. */
  roc: Sides<RocCurve> | undefined
  /** Of several outputs, where events are labelled by their class. */
  classes: ClassCounts | undefined
  reliability: Sides<readonly BinnedPoint[]> | undefined
  cuts: readonly CutCounts[]
  /** The events by the values of a column, where that was asked for. */
  by: Slices | undefined
  /** Events out of the ranges that the drone was trained on, where it knows them. */
  outside: { events: number; inputs: readonly OutsideCounts[] } | undefined
  /** Without variables where the drone keeps no quantiles. */
  drift: DriftMeasure
  importance: Importance | undefined
  /** Undefined where they were not to be measured. */
  times: { clock: number; machine: string; drone: ModelTiming; teacher: ModelTiming | undefined } | undefined
}

/** Of the drone, and of the teacher where there is one. */
export interface Sides<Value> {
  drone: Value
  teacher: Value | undefined
}

export interface ClassCounts extends Classes {
  /** Of each class against the rest; undefined where there is no event of it, or of no other. */
  curves: readonly (Sides<RocCurve> | undefined)[]
}

/** The events that are counted together: signal and background where labels are known, else all. */
export type Kind = 'signal' | 'background' | 'all'

export interface ByKind<Value> {
  kind: Kind
  value: Value
}

export interface Card {
  name: string
  sha256: string
  description: Description
  /** Of the training, where the drone knows it. */
  history: History | undefined
}

export interface History {
  loss: readonly number[]
  /** From the second epoch on. */
  change: readonly number[]
  /** Epochs after which a hidden unit was added, and after which one was removed. */
  growths: readonly number[]
  prunings: readonly number[]
}

export interface InputCounts {
  name: string
  histograms: readonly ByKind<Histogram>[]
}

/** One output of the drone. */
export interface OutputCounts {
  name: string
  histograms: readonly ByKind<Sides<Histogram>>[]
}

export interface FidelityCounts extends Fidelity {
  inside: Fidelity | undefined
  outside: Fidelity | undefined
  outputs: readonly OutputFidelity[]
  /** The difference of drone and teacher, or its mean size over several outputs, by each input of the drone. */
  byInput: readonly (readonly BinnedPoint[])[]
  worst: readonly WorstEvent[]
}

export interface OutputFidelity {
  name: string
  mse: number
  mae: number
  maxError: number
  scatter: Grid
  residuals: Histogram
  byScore: readonly BinnedPoint[]
}

/** How many events pass a cut by each input. */
export interface CutCounts {
  name: string
  threshold: number
  /** Of the inputs of the drone. */
  inputs: readonly (readonly ByKind<Sides<readonly BinnedPoint[]>>[])[]
}

export interface OutsideCounts {
  name: string
  range: readonly [number, number]
  below: number
  above: number
}

export interface WorstEvent {
  /** Its number among the events, from 0. */
  event: number
  /** The largest difference of an output. */
  difference: number
  drone: readonly number[]
  teacher: readonly number[]
  /** What the drone sees. */
  values: readonly number[]
}

/** How much the scores change on average when the values of one input are exchanged among the events at random. */
export interface Importance {
  /** Events that it was measured on. */
  events: number
  inputs: readonly { name: string; drone: Change | undefined; teacher: Change | undefined }[]
}

export interface Change {
  /** Mean size of the change of a score. */
  mean: number
  /** Of that mean. */
  error: number
}
