/** Gradient descent on mini-batches: forward, backward, and one update for each. */
import { Network, beginTraining, layerAt, padded } from './layout';
import { answer, forward } from './forward';
import { backward } from './backward';
import { outputError } from './loss';
import { update } from './update';

/**
 * Mini-batches first … first + count − 1, each `batch` events of `order` in a row; rows f32[events × padded inputs],
 * targets f32[events × outputs]. Returns `loss` plus every event's Σ(G − F)², taken before its mini-batch's update.
 */
export function trainBatches(
  net: Network,
  rows: usize,
  targets: usize,
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
  let at = order + ((<usize>first * <usize>batch) << 2);
  for (let n = 0; n < count; n++) {
    for (let e = 0; e < batch; e++, at += 4) {
      const event = <usize>load<u32>(at);
      const x = rows + event * rowBytes;
      forward(net, x);
      loss = outputError(last, targets + event * targetBytes, entropy, loss);
      backward(net, x, e == 0);
    }
    update(net, rate);
  }
  return loss;
}
