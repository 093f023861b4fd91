/** The gradient of many events at once, without a step: what a way of learning that chooses its own steps asks for. */
import { Network, beginTraining, layerAt, padded } from './layout';
import { forward } from './forward';
import { backward } from './backward';
import { outputError } from './loss';

/**
 * Σ ∂loss/∂parameters of events first … first + count − 1 of `order`, summed in f32 and in this order, as that of a
 * mini-batch is; it lies in the block of training, as the parameters lie in theirs. Returns Σ weight (G − F)² of all.
 */
export function gradientOf(
  net: Network,
  rows: usize,
  targets: usize,
  weights: usize,
  order: usize,
  first: i32,
  count: i32,
  entropy: bool,
): f64 {
  beginTraining(net);
  const rowBytes = (<usize>padded(net.inputs)) << 2;
  const targetBytes = (<usize>net.outputs) << 2;
  const last = layerAt(net, net.depth - 1);
  let loss: f64 = 0;
  for (let n = first; n < first + count; n++) {
    const event = <usize>load<u32>(order + ((<usize>n) << 2));
    const x = rows + event * rowBytes;
    forward(net, x);
    loss = outputError(last, targets + event * targetBytes, load<f32>(weights + (event << 2)), entropy, loss);
    backward(net, x, n == first, false, 0);
  }
  return loss;
}
