/** NNDrone: a trained classifier, distilled into a tiny network, on every event of a stream. */

export { Random } from './arithmetic/random.ts'
export { FRONTIER, frontier, smallest } from './distill/frontier.ts'
export type { Epoch, Stopped } from './distill/history.ts'
export { type Distilled, distill } from './distill/index.ts'
export type { MeasuredFidelity } from './distill/measure.ts'
export type { DistillOptions, InputChoice, Scaling } from './distill/options.ts'
export { PRESETS, type PresetName } from './distill/presets.ts'
export type { Questions } from './distill/questions/index.ts'
export { type Resampled, type ResampleOptions, resample } from './distill/questions/resample.ts'
export { type GrowthRule, paperRule, type RuleOptions, referenceRule } from './distill/rules.ts'
export { type InputStatistics, robustStatistics, standardised, statistics } from './distill/standardise.ts'
export { Drone, type DroneOptions } from './drone.ts'
export type { Engine, EngineName, Numbers } from './engines/api.ts'
export { createEngine, type EngineOptions, loadEngine } from './engines/index.ts'
export { ConfigurationError, DroneError, EvaluationError, shown } from './errors.ts'
export type { EventRecord, Row } from './events.ts'
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
export { ACTIVATIONS, type Activation } from './model/activations.ts'
export { type Cut, type Cuts, comparedBy, type Share } from './model/cuts.ts'
export { domainOf, type Range } from './model/domain.ts'
export type { Incoming, UnitOptions } from './model/growth.ts'
export {
  ARITHMETIC_VERSION,
  type DroneJSON,
  formatJSON,
  JSON_VERSION,
  readNetwork,
  shortest,
  writeNetwork,
} from './model/json.ts'
export type { Input, Layer, Network } from './model/network.ts'
export type { Teacher } from './model/teacher.ts'
export type { EventOf, Scored, ScoredEvent, ScoresOptions, TransformOptions } from './scoring.ts'
