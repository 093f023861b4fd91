/**
 * A mini-batch of one event, through a net that `shallow.ts` knows: the same operations as `backward`, but each unit's
 * δ and gradient stay in registers, and its parameters take their step at once.
 */
import { Layer, Network, layerAt } from './layout';
import { TANH, sigmoidSlope, tanhSlope } from './activation';
import { nmadd } from './lanes';

/** w − rate · gradient, of four parameters. */
@inline
function descend(parameters: usize, gradient: v128, rate: v128): void {
  v128.store(parameters, nmadd(rate, gradient, v128.load(parameters)));
}

/** x f32[inputs] is what the event was to the hidden layer, whose y is there; δ is that of the only output. */
export function stepOnce(net: Network, x: usize, delta: f32, rate: f32): void {
  const hidden = layerAt(net, 0);
  const last = layerAt(net, 1);
  const end = (<usize>hidden.stride) << 2;
  const step = f32x4.splat(rate);
  const above = f32x4.splat(delta);
  descend(last.bias, f32x4.replace_lane(f32x4.splat(0), 0, delta), step);
  let i: usize = 0;
  for (; i + 64 <= end; i += 64) sixteen(hidden, x, i, end, last.weights + i, above, step);
  for (; i < end; i += 16) four(hidden, x, i, end, last.weights + i, above, step);
}

/** The weights of sixteen units, and those that lead from them to the output. Products of padding are masked. */
@inline
function sixteen(hidden: Layer, x: usize, i: usize, end: usize, v: usize, above: v128, step: v128): void {
  const isTanh = hidden.activation == TANH;
  let mask = i32x4.splat(-1);
  if (i + 64 == end) mask = hidden.mask;
  const y = hidden.y + i;
  const d0 = units(y, v, isTanh, above, step);
  const d1 = units(y + 16, v + 16, isTanh, above, step);
  const d2 = units(y + 32, v + 32, isTanh, above, step);
  const d3 = v128.and(lastUnits(y + 48, v + 48, isTanh, above, step, mask), mask);
  const b = hidden.bias + i;
  descend(b, d0, step);
  descend(b + 16, d1, step);
  descend(b + 32, d2, step);
  descend(b + 48, d3, step);
  const stop = x + ((<usize>hidden.inputs) << 2);
  for (let w = hidden.weights + i; x < stop; x += 4, w += end) {
    const xj = v128.load32_splat(x);
    descend(w, f32x4.mul(xj, d0), step);
    descend(w + 16, f32x4.mul(xj, d1), step);
    descend(w + 32, f32x4.mul(xj, d2), step);
    descend(w + 48, v128.and(f32x4.mul(xj, d3), mask), step);
  }
}

@inline
function four(hidden: Layer, x: usize, i: usize, end: usize, v: usize, above: v128, step: v128): void {
  let mask = i32x4.splat(-1);
  if (i + 16 == end) mask = hidden.mask;
  const delta = v128.and(lastUnits(hidden.y + i, v, hidden.activation == TANH, above, step, mask), mask);
  descend(hidden.bias + i, delta, step);
  const stop = x + ((<usize>hidden.inputs) << 2);
  for (let w = hidden.weights + i; x < stop; x += 4, w += end) {
    descend(w, v128.and(f32x4.mul(v128.load32_splat(x), delta), mask), step);
  }
}

/** δ of four units; and the weights v that lead from them take their step, which is 0 where the mask is. */
@inline
function lastUnits(y: usize, v: usize, isTanh: bool, above: v128, step: v128, mask: v128): v128 {
  const values = v128.load(y);
  const weights = v128.load(v);
  v128.store(v, nmadd(step, v128.and(f32x4.mul(values, above), mask), weights));
  return f32x4.mul(f32x4.mul(weights, above), isTanh ? tanhSlope(values) : sigmoidSlope(values));
}

@inline
function units(y: usize, v: usize, isTanh: bool, above: v128, step: v128): v128 {
  const values = v128.load(y);
  const weights = v128.load(v);
  v128.store(v, nmadd(step, f32x4.mul(values, above), weights));
  return f32x4.mul(f32x4.mul(weights, above), isTanh ? tanhSlope(values) : sigmoidSlope(values));
}
