/** NNDrone: a trained classifier, distilled into a tiny network, on every event of a stream. */

export { type Distilled, distill, type MeasuredFidelity, type Teacher } from './distill/index.ts'
export { domainOf, type Range } from './model/domain.ts'
export { Drone, type DroneOptions, type EventRecord, type Row } from './drone.ts'
export { createEngine, type Engine, type EngineName, type EngineOptions, loadEngine, type Numbers } from './engines/api.ts'
export { ConfigurationError, DroneError, EvaluationError } from './errors.ts'
export {
  type GrowthRule,
  type Incoming,
  paperRule,
  type RuleOptions,
  referenceRule,
  type UnitOptions,
} from './model/growth.ts'
export type { Epoch, Stopped } from './distill/history.ts'
export {
  ARITHMETIC_VERSION,
  type DroneJSON,
  formatJSON,
  JSON_VERSION,
  readNetwork,
  shortest,
  writeNetwork,
} from './model/json.ts'
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
export { ACTIVATIONS, type Activation, type Input, type Layer, type Network } from './model/network.ts'
export type { DistillOptions, InputChoice, Scaling } from './distill/plan.ts'
export { PRESETS, type PresetName } from './distill/presets.ts'
export { Random } from './arithmetic/random.ts'
export { type InputStatistics, robustStatistics, standardised, statistics } from './distill/standardise.ts'
