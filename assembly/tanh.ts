/** tanh(x) = (1 − z) / (1 + z) with z = e^(−2|x|), which never overflows. */
import { ROUND_127, powerMinusOne } from './exp';

/** At most 2 ULP; odd to the bit, and x itself where x is tiny. */
export function tanh(x: v128): v128 {
  const sign = v128.and(x, i32x4.splat(0x80000000));
  const negative = f32x4.pmax(v128.or(x, i32x4.splat(0x80000000)), f32x4.splat(-9.02));
  const k = f32x4.add(f32x4.mul(negative, f32x4.splat(2.88539004)), ROUND_127());
  const n = f32x4.sub(k, ROUND_127());
  const r = f32x4.sub(f32x4.add(negative, negative), f32x4.mul(n, f32x4.splat(0.693147182)));
  // z = 2ⁿ + 2ⁿ (eʳ − 1) in two parts, so that nothing is lost of 1 − z where x is small.
  const scale = i32x4.shl(k, 23);
  const rest = f32x4.mul(scale, powerMinusOne(r));
  const below = f32x4.sub(f32x4.sub(f32x4.splat(1), scale), rest);
  const above = f32x4.add(f32x4.add(f32x4.splat(1), scale), rest);
  return v128.or(f32x4.div(below, above), sign);
}
