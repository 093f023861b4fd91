/**
 * One event through one hidden layer of sigmoids or tanh to one output, which is what most drones are: the same
 * operations in the same order as `dense` and `activate`, but from a unit's sum to its part of the answer everything
 * stays in registers.
 */
import { Layer, Network, layerAt } from './layout';
import { SIGMOID, activate } from './activation';
import { hiddenSigmoid, sigmoid } from './sigmoid';
import { madd, sumAll } from './lanes';
import { tanh, tanhInline } from './tanh';

/**
 * x f32[inputs] → z of the last layer, in all lanes. Its sum starts from `sum`, which is 0, or NaN where the event is to
 * have no score. Leaves the hidden layer's y, which learning needs; its z is not kept.
 */
export function throughSigmoids(net: Network, x: usize, sum: v128): v128 {
  return through(net, x, sum, false);
}

/** The same through a layer of tanh: a function of its own, so that its constants take no registers from the other. */
export function throughTanhs(net: Network, x: usize, sum: v128): v128 {
  return through(net, x, sum, true);
}

@inline
function through(net: Network, x: usize, sum: v128, isTanh: bool): v128 {
  const hidden = layerAt(net, 0);
  const last = layerAt(net, 1);
  const end = (<usize>hidden.stride) << 2;
  let i: usize = 0;
  for (; i + 64 <= end; i += 64) sum = sixteen(hidden, x, i, end, last.weights + i, isTanh, sum);
  for (; i < end; i += 16) sum = four(hidden, x, i, end, last.weights + i, isTanh, sum);
  return f32x4.add(v128.load32_splat(last.bias), sumAll(sum));
}

/** y = φ(b + W x) of sixteen units, and y · v added to the last layer's sum; the padding of y is zero. */
@inline
function sixteen(hidden: Layer, x: usize, i: usize, end: usize, v: usize, isTanh: bool, sum: v128): v128 {
  const stop = x + ((<usize>hidden.inputs) << 2);
  const b = hidden.bias + i;
  let w = hidden.weights + i;
  let z0 = v128.load(b);
  let z1 = v128.load(b, 16);
  let z2 = v128.load(b, 32);
  let z3 = v128.load(b, 48);
  for (; x < stop; x += 4) {
    const xj = v128.load32_splat(x);
    z0 = madd(xj, v128.load(w), z0);
    z1 = madd(xj, v128.load(w, 16), z1);
    z2 = madd(xj, v128.load(w, 32), z2);
    z3 = madd(xj, v128.load(w, 48), z3);
    w += end;
  }
  if (isTanh) {
    z0 = tanhInline(z0);
    z1 = tanhInline(z1);
    z2 = tanhInline(z2);
    z3 = tanhInline(z3);
  } else {
    z0 = hiddenSigmoid(z0);
    z1 = hiddenSigmoid(z1);
    z2 = hiddenSigmoid(z2);
    z3 = hiddenSigmoid(z3);
  }
  if (i + 64 == end) z3 = v128.and(z3, hidden.mask);
  const y = hidden.y + i;
  v128.store(y, z0);
  v128.store(y, z1, 16);
  v128.store(y, z2, 32);
  v128.store(y, z3, 48);
  sum = madd(z0, v128.load(v), sum);
  sum = madd(z1, v128.load(v, 16), sum);
  sum = madd(z2, v128.load(v, 32), sum);
  return madd(z3, v128.load(v, 48), sum);
}

@inline
function four(hidden: Layer, x: usize, i: usize, end: usize, v: usize, isTanh: bool, sum: v128): v128 {
  const stop = x + ((<usize>hidden.inputs) << 2);
  let w = hidden.weights + i;
  let z = v128.load(hidden.bias + i);
  for (; x < stop; x += 4) {
    z = madd(v128.load32_splat(x), v128.load(w), z);
    w += end;
  }
  z = isTanh ? tanh(z) : hiddenSigmoid(z);
  if (i + 16 == end) z = v128.and(z, hidden.mask);
  v128.store(hidden.y + i, z);
  return madd(z, v128.load(v), sum);
}

/** φ of the last layer, whose z is a whole vector; leaves y, of which the first number is the answer. */
@inline
export function finish(net: Network, z: v128): f32 {
  const last = layerAt(net, 1);
  if (last.activation == SIGMOID) {
    const y = sigmoid(z);
    v128.store(last.y, y);
    return f32x4.extract_lane(y, 0);
  }
  // Not a single number: one that was just stored would have to reach the cache before a vector could be loaded there.
  v128.store(last.z, z);
  activate(last.activation, last.alpha, 1, last.z, last.y);
  return load<f32>(last.y);
}
