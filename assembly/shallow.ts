/**
 * One event through one hidden layer of sigmoids to one output, which is what most drones are: the same operations in
 * the same order as `forward`, but from a unit's sum to its part of the answer everything stays in registers.
 */
import { Layer, Network, layerAt } from './layout';
import { SIGMOID, activate } from './activation';
import { hiddenSigmoid, sigmoid } from './sigmoid';
import { madd, sumLanes } from './lanes';

/** x f32[inputs] → the last layer's y. */
export function shallow(net: Network, x: usize): void {
  const hidden = layerAt(net, 0);
  const last = layerAt(net, 1);
  const end = hidden.bias + ((<usize>hidden.stride) << 2);
  const toWeights = hidden.weights - hidden.bias;
  const toLast = last.weights - hidden.bias;
  let sum = f32x4.splat(0);
  let unit = hidden.bias;
  for (; unit + 64 <= end; unit += 64) {
    sum = sixteen(hidden, x, unit, unit + toWeights, unit + toLast, unit + 64 == end, sum);
  }
  for (; unit < end; unit += 16) {
    sum = four(hidden, x, unit, unit + toWeights, unit + toLast, unit + 16 == end, sum);
  }
  finish(last, f32x4.splat(load<f32>(last.bias) + sumLanes(sum)));
}

/** Adds φ(b + W x) · v of sixteen units to the last layer's sum; the padding does not count. */
@inline
function sixteen(hidden: Layer, x: usize, b: usize, w: usize, v: usize, padded: bool, sum: v128): v128 {
  const end = x + ((<usize>hidden.inputs) << 2);
  const rowBytes = (<usize>hidden.stride) << 2;
  let z0 = v128.load(b);
  let z1 = v128.load(b, 16);
  let z2 = v128.load(b, 32);
  let z3 = v128.load(b, 48);
  for (; x < end; x += 4) {
    const xj = v128.load32_splat(x);
    z0 = madd(xj, v128.load(w), z0);
    z1 = madd(xj, v128.load(w, 16), z1);
    z2 = madd(xj, v128.load(w, 32), z2);
    z3 = madd(xj, v128.load(w, 48), z3);
    w += rowBytes;
  }
  sum = madd(hiddenSigmoid(z0), v128.load(v), sum);
  sum = madd(hiddenSigmoid(z1), v128.load(v, 16), sum);
  sum = madd(hiddenSigmoid(z2), v128.load(v, 32), sum);
  let y3 = hiddenSigmoid(z3);
  if (padded) y3 = v128.and(y3, hidden.mask);
  return madd(y3, v128.load(v, 48), sum);
}

@inline
function four(hidden: Layer, x: usize, b: usize, w: usize, v: usize, padded: bool, sum: v128): v128 {
  const end = x + ((<usize>hidden.inputs) << 2);
  const rowBytes = (<usize>hidden.stride) << 2;
  let z = v128.load(b);
  for (; x < end; x += 4) {
    z = madd(v128.load32_splat(x), v128.load(w), z);
    w += rowBytes;
  }
  let y = hiddenSigmoid(z);
  if (padded) y = v128.and(y, hidden.mask);
  return madd(y, v128.load(v), sum);
}

/**
 * φ of the last layer. z is a whole vector: a single number that was just stored would have to reach the cache before
 * a vector could be loaded from there.
 */
@inline
function finish(last: Layer, z: v128): void {
  if (last.activation == SIGMOID) {
    v128.store(last.y, sigmoid(z));
  } else {
    v128.store(last.z, z);
    activate(last.activation, last.alpha, 1, last.z, last.y);
  }
}
