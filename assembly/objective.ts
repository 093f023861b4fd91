/** The loss of many events at once, which says whether a step was a good one. */
import { Network, layerAt, padded } from './layout';
import { deep } from './forward';
import { lossOf } from './loss';

/** Σ weight · loss of events first … first + count − 1 of `order`, in f64 and in this order. */
export function objectiveOf(
  net: Network,
  rows: usize,
  targets: usize,
  weights: usize,
  order: usize,
  first: i32,
  count: i32,
  entropy: bool,
): f64 {
  const rowBytes = (<usize>padded(net.inputs)) << 2;
  const targetBytes = (<usize>net.outputs) << 2;
  const last = layerAt(net, net.depth - 1);
  let loss: f64 = 0;
  for (let n = first; n < first + count; n++) {
    const event = <usize>load<u32>(order + ((<usize>n) << 2));
    deep(net, rows + event * rowBytes);
    loss += <f64>load<f32>(weights + (event << 2)) * lossOf(last, targets + event * targetBytes, entropy);
  }
  return loss;
}
