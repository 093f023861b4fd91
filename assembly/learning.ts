/**
 * What the library calls to learn: all that `index.ts` has but single events by their values, and training. A binary of
 * its own, so that whoever only scores does without it. Memory may also grow in the first `train`, `gradient` or
 * `curvature` of a network.
 */
export {
  allocate, release, create, destroy, expand, eventOf, offsetOf, scaleOf, fallbackOf, answerOf, scratchOf, biasOf,
  weightsOf, strideOf, predict, predictBlocks,
} from './index';
import { addCurvature } from './curvature';
import { Network } from './layout';
import { gradientOf } from './gradient';
import { objectiveOf } from './objective';
import { preprocessRows } from './preprocess';
import { trainEvents } from './train';

/** `count` events → rows f32[count × inputs padded to four], whose padding is zero before. */
export function preprocess(net: usize, events: usize, double: bool, count: i32, rows: usize): void {
  preprocessRows(changetype<Network>(net), events, double, count, rows);
}

/** Trains on events of a set; see `train.ts`. `rate` is the learning rate divided by the batch. */
export function train(
  net: usize,
  rows: usize,
  targets: usize,
  weights: usize,
  order: usize,
  first: i32,
  count: i32,
  batch: i32,
  rate: f32,
  entropy: bool,
  loss: f64,
): f64 {
  return trainEvents(changetype<Network>(net), rows, targets, weights, order, first, count, batch, rate, entropy, loss);
}

/** The sum of the gradients of events of a set, without a step; see `gradient.ts`. Returns their Σ weight (G − F)². */
export function gradient(
  net: usize,
  rows: usize,
  targets: usize,
  weights: usize,
  order: usize,
  first: i32,
  count: i32,
  entropy: bool,
): f64 {
  return gradientOf(changetype<Network>(net), rows, targets, weights, order, first, count, entropy);
}

/** How far behind a parameter its gradient lies, in bytes. */
export function gradientOffset(net: usize): usize {
  const network = changetype<Network>(net);
  return network.training - network.parameters;
}

/** The weighted sum of the losses of events of a set; see `objective.ts`. */
export function objective(
  net: usize,
  rows: usize,
  targets: usize,
  weights: usize,
  order: usize,
  first: i32,
  count: i32,
  entropy: bool,
): f64 {
  return objectiveOf(changetype<Network>(net), rows, targets, weights, order, first, count, entropy);
}

/** Adds how the losses of events of a set bend to `sums`; see `curvature.ts`. */
export function curvature(
  net: usize,
  rows: usize,
  weights: usize,
  order: usize,
  first: i32,
  count: i32,
  entropy: bool,
  least: f32,
  parameters: i32,
  sums: usize,
): void {
  addCurvature(changetype<Network>(net), rows, weights, order, first, count, entropy, least, parameters, sums);
}
