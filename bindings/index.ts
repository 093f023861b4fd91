/** NNDrone: a trained classifier, distilled into a tiny network, on every event of a stream. */

export { type Distilled, distill, type MeasuredFidelity, type Teacher } from './distill.ts'
export { domainOf, type Range } from './domain.ts'
export {
  Drone,
  type DroneOptions,
  type EventRecord,
  type Row,
  type ScoredEvent,
  type TransformOptions,
} from './drone.ts'
export { createEngine, type Engine, type EngineName, type EngineOptions, loadEngine, type Numbers } from './engine.ts'
export { ConfigurationError, DroneError, EvaluationError } from './errors.ts'
export {
  type GrowthRule,
  type Incoming,
  paperRule,
  type RuleOptions,
  referenceRule,
  type UnitOptions,
} from './growth.ts'
export type { Epoch, Stopped } from './history.ts'
export {
  ARITHMETIC_VERSION,
  type DroneJSON,
  formatJSON,
  JSON_VERSION,
  readNetwork,
  shortest,
  writeNetwork,
} from './json.ts'
export {
  atEfficiency,
  atRejection,
  auc,
  type Fidelity,
  FidelitySum,
  fidelity,
  roc,
  type WorkingPoint,
} from './metrics.ts'
export { ACTIVATIONS, type Activation, type Input, type Layer, type Network } from './network.ts'
export type { DistillOptions, InputChoice, Scaling } from './plan.ts'
export { PRESETS, type PresetName } from './presets.ts'
export { Random } from './random.ts'
export { type InputStatistics, robustStatistics, standardised, statistics } from './standardise.ts'
