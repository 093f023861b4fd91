/**
 * One event through one hidden layer of sigmoids to one output, which is what most drones are: the same operations in
 * the same order as `forward`, but from a unit's sum to its part of the answer everything stays in registers.
 */
import { Layer, Network, layerAt } from './layout';
import { SIGMOID, activate } from './activation';
import { hiddenSigmoid, sigmoid } from './sigmoid';
import { madd, sumLanes } from './lanes';

/** x f32[inputs] → y of both layers; z is not kept. */
export function shallow(net: Network, x: usize): void {
  const hidden = layerAt(net, 0);
  const last = layerAt(net, 1);
  const end = (<usize>hidden.stride) << 2;
  let sum = f32x4.splat(0);
  let i: usize = 0;
  for (; i + 64 <= end; i += 64) {
    sum = sixteen(hidden, x, hidden.bias + i, hidden.weights + i, hidden.y + i, last.weights + i, i + 64 == end, sum);
  }
  for (; i < end; i += 16) {
    sum = four(hidden, x, hidden.bias + i, hidden.weights + i, hidden.y + i, last.weights + i, i + 16 == end, sum);
  }
  finish(last, f32x4.splat(load<f32>(last.bias) + sumLanes(sum)));
}

/** y = φ(b + W x) of sixteen units, and y · v added to the last layer's sum; the padding of y is zero. */
@inline
function sixteen(hidden: Layer, x: usize, b: usize, w: usize, y: usize, v: usize, padded: bool, sum: v128): v128 {
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
  const y0 = hiddenSigmoid(z0);
  const y1 = hiddenSigmoid(z1);
  const y2 = hiddenSigmoid(z2);
  let y3 = hiddenSigmoid(z3);
  if (padded) y3 = v128.and(y3, hidden.mask);
  v128.store(y, y0);
  v128.store(y, y1, 16);
  v128.store(y, y2, 32);
  v128.store(y, y3, 48);
  sum = madd(y0, v128.load(v), sum);
  sum = madd(y1, v128.load(v, 16), sum);
  sum = madd(y2, v128.load(v, 32), sum);
  return madd(y3, v128.load(v, 48), sum);
}

@inline
function four(hidden: Layer, x: usize, b: usize, w: usize, y: usize, v: usize, padded: bool, sum: v128): v128 {
  const end = x + ((<usize>hidden.inputs) << 2);
  const rowBytes = (<usize>hidden.stride) << 2;
  let z = v128.load(b);
  for (; x < end; x += 4) {
    z = madd(v128.load32_splat(x), v128.load(w), z);
    w += rowBytes;
  }
  let y0 = hiddenSigmoid(z);
  if (padded) y0 = v128.and(y0, hidden.mask);
  v128.store(y, y0);
  return madd(y0, v128.load(v), sum);
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
