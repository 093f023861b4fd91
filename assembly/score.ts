/**
 * One event whose values are the arguments, up to eight of them, and whose score is returned: a call from JavaScript
 * that stores nothing and reads nothing back. The score is NaN where a value is not finite; then the way through memory
 * (`predict`) is to be taken, which knows defaults.
 */
import { Network } from './layout';
import { respond } from './forward';
import { seen } from './preprocess';

/** Inputs 2i and 2i + 1 as the net sees them, [a b 0 0]. Where there is no second, its offset and scale are zero. */
@inline
function put(net: usize, i: usize, a: f64, b: f64): v128 {
  const network = changetype<Network>(net);
  const pair = f64x2.replace_lane(f64x2.splat(a), 1, b);
  const x = seen(pair, v128.load(network.offset + i * 16), v128.load(network.scale + i * 16));
  v128.store64_lane(network.x + i * 8, x, 0);
  return x;
}

/** @param sum of all inputs, which is not finite where one of them is not */
@inline
function scored(net: usize, sum: v128): f64 {
  const network = changetype<Network>(net);
  return <f64>respond(network, network.x, f32x4.sub(sum, sum));
}

export function score1(net: usize, a: f64): f64 {
  return scored(net, put(net, 0, a, 0));
}

export function score2(net: usize, a: f64, b: f64): f64 {
  return scored(net, put(net, 0, a, b));
}

export function score3(net: usize, a: f64, b: f64, c: f64): f64 {
  return scored(net, f32x4.add(put(net, 0, a, b), put(net, 1, c, 0)));
}

export function score4(net: usize, a: f64, b: f64, c: f64, d: f64): f64 {
  return scored(net, f32x4.add(put(net, 0, a, b), put(net, 1, c, d)));
}

export function score5(net: usize, a: f64, b: f64, c: f64, d: f64, e: f64): f64 {
  return scored(net, f32x4.add(f32x4.add(put(net, 0, a, b), put(net, 1, c, d)), put(net, 2, e, 0)));
}

export function score6(net: usize, a: f64, b: f64, c: f64, d: f64, e: f64, f: f64): f64 {
  return scored(net, f32x4.add(f32x4.add(put(net, 0, a, b), put(net, 1, c, d)), put(net, 2, e, f)));
}

export function score7(net: usize, a: f64, b: f64, c: f64, d: f64, e: f64, f: f64, g: f64): f64 {
  const x = f32x4.add(f32x4.add(put(net, 0, a, b), put(net, 1, c, d)), put(net, 2, e, f));
  return scored(net, f32x4.add(x, put(net, 3, g, 0)));
}

export function score8(net: usize, a: f64, b: f64, c: f64, d: f64, e: f64, f: f64, g: f64, h: f64): f64 {
  const x = f32x4.add(f32x4.add(put(net, 0, a, b), put(net, 1, c, d)), put(net, 2, e, f));
  return scored(net, f32x4.add(x, put(net, 3, g, h)));
}
