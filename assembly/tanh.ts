/** tanh(x) = (1 − z) / (1 + z) with z = e^(−2|x|), which never overflows. */
import { ROUND_127, powerMinusOne } from './exp';

/** Four of each: the sign's bit, a −|x| below which the result is 1 in f32, 2 / ln 2, ln 2, and 1. */
const TABLE: usize = memory.data<f32>([
  -0.0, -0.0, -0.0, -0.0,
  -9.02, -9.02, -9.02, -9.02,
  2.88539004, 2.88539004, 2.88539004, 2.88539004,
  0.693147182, 0.693147182, 0.693147182, 0.693147182,
  1, 1, 1, 1,
], 16);

/** At most 2 ULP; odd to the bit, and x itself where x is tiny. */
@inline
export function tanhInline(x: v128): v128 {
  const bit = v128.load(TABLE);
  const one = v128.load(TABLE, 64);
  const negative = f32x4.pmax(v128.or(x, bit), v128.load(TABLE, 16));
  const k = f32x4.add(f32x4.mul(negative, v128.load(TABLE, 32)), ROUND_127());
  const n = f32x4.sub(k, ROUND_127());
  const r = f32x4.sub(f32x4.add(negative, negative), f32x4.mul(n, v128.load(TABLE, 48)));
  // z = 2ⁿ + 2ⁿ (eʳ − 1) in two parts, so that nothing is lost of 1 − z where x is small.
  const scale = i32x4.shl(k, 23);
  const rest = f32x4.mul(scale, powerMinusOne(r));
  const below = f32x4.sub(f32x4.sub(one, scale), rest);
  const above = f32x4.add(f32x4.add(one, scale), rest);
  return v128.or(f32x4.div(below, above), v128.and(x, bit));
}

/** The same as a call, where the length of the code matters more than its speed. */
export function tanh(x: v128): v128 {
  return tanhInline(x);
}
