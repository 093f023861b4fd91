/**
 * What the command `nndrone` does, as a library: models and events of any format, and the jobs on them. What `learn`
 * gives is a `Drone` of the package `nndrone`.
 */

export type {
  Answer,
  AnswerPart,
  Broker,
  Message,
  MessageFormat,
  Refusal,
  Version,
} from './brokers/broker.ts'
export type { DriftMeasure, VariableDrift } from './drift/index.ts'
export { InputError, OptionError, UsageError } from './errors.ts'
export { type EventSource, type OpenOptions, openEvents, Where } from './events/index.ts'
export type { Cell, CellType, Fault, Kept, Piece } from './events/pieces.ts'
export type { Reading } from './events/source.ts'
export type { KeptColumn } from './events/write/index.ts'
export { HdrHistogram } from './hdr-histogram.ts'
export type { Classes, ClassFigures } from './jobs/classes.ts'
export { type CompareOptions, compare } from './jobs/compare.ts'
export type { Comparison, Slice, Slices } from './jobs/comparison.ts'
export type { CutGoal } from './jobs/cuts.ts'
export { type DriftOptions, drift } from './jobs/drift.ts'
export { type ExportCheck, type ExportOptions, type ExportResult, exportDrone } from './jobs/export.ts'
export { type ImportOptions, importDrone } from './jobs/import.ts'
export type { JobOptions, Progress } from './jobs/job.ts'
export {
  type Latency,
  type LatencyOptions,
  type ModelTiming,
  measureLatency,
  type Percentiles,
  type RateTiming,
} from './jobs/latency.ts'
export { type LearnResult, learn, learnFrontier } from './jobs/learn/index.ts'
export type { LearnOptions } from './jobs/learn/options.ts'
export { type ProbeOptions, type Probes, probe, type Ranges } from './jobs/probe.ts'
export type { ReadingRate } from './jobs/read.ts'
export { report } from './jobs/report/index.ts'
export type { Report } from './jobs/report/numbers.ts'
export type { ReportOptions } from './jobs/report/options.ts'
export type { ScaleFrom, ScalingEvents } from './jobs/scaling.ts'
export { type ScoredEvents, type ScoreOptions, type Scores, score } from './jobs/score.ts'
export type { Slicing } from './jobs/slices.ts'
export {
  type ScoredMessage,
  type ScoreMessagesOptions,
  type StreamCounts,
  scoreMessages,
  type VersionedModel,
} from './jobs/stream/index.ts'
export type { ScorerOptions } from './jobs/stream/scorer.ts'
export type { Exportable } from './models/exported/index.ts'
export type { ExportId } from './models/exports.ts'
export {
  type Description,
  type DroneModel,
  type Model,
  openDrone,
  openModel,
  openProgram,
  openService,
  type ProgramOptions,
  type ReadOptions,
  type ServiceOptions,
} from './models/index.ts'
export { type Reconstruction, readReconstruction, reconstructing } from './models/reconstruction.ts'
export { type COptions, exportC } from './models/write/c.ts'
export { exportJSON, type JSONOptions } from './models/write/json.ts'
export { exportKeras, type KerasOptions } from './models/write/keras/index.ts'
export { exportModule } from './models/write/module.ts'
export { exportONNX } from './models/write/onnx.ts'
export { exportWasm } from './models/write/wasm.ts'
export * as plots from './plots/index.ts'
export type { Method as ProbeMethod } from './probe/index.ts'
export { type ReportFiles, reportFiles } from './report/index.ts'
export { openScaling } from './scaling/read.ts'
export type { Scaling } from './scaling/scaling.ts'
