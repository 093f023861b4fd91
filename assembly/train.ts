/** Gradient descent on mini-batches: every event forward and backward, every mini-batch one step. */
import { Network, beginTraining, layerAt, padded } from './layout';
import { forward, respond } from './forward';
import { backward } from './backward';
import { onlyDelta, outputError } from './loss';
import { stepOnce } from './step';

/**
 * Events first … first + count − 1 of `order`, of which each `batch` in a row are a mini-batch; one that ends in a
 * later call goes on there. rows f32[events × padded inputs], targets f32[events × outputs], weights f32[events]. Returns `loss` plus every
 * event's weight · Σ(G − F)², taken before its mini-batch's step.
 */
export function trainEvents(
  net: Network,
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
  beginTraining(net);
  const rowBytes = (<usize>padded(net.inputs)) << 2;
  const targetBytes = (<usize>net.outputs) << 2;
  const last = layerAt(net, net.depth - 1);
  const end = first + count;
  let e = first % batch;
  for (let n = first; n < end; n++) {
    const event = <usize>load<u32>(order + ((<usize>n) << 2));
    const x = rows + event * rowBytes;
    const target = targets + event * targetBytes;
    const weight = load<f32>(weights + (event << 2));
    if (batch == 1 && net.shallow) {
      const answer = respond(net, x, f32x4.splat(0));
      const error = answer - load<f32>(target);
      loss += <f64>weight * (<f64>error * <f64>error);
      stepOnce(net, x, onlyDelta(last, answer, error, target, weight, entropy), rate);
      continue;
    }
    forward(net, x);
    loss = outputError(last, target, weight, entropy, loss);
    backward(net, x, e == 0, e == batch - 1, rate);
    e = e == batch - 1 ? 0 : e + 1;
  }
  return loss;
}
