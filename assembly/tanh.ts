/** tanh by e^(−2|x|), which never overflows. */
import { ROUND_127, powerMinusOne, remainder } from './exp';

/** At most 2 ULP; odd to the bit, and x itself where x is tiny. */
export function tanh(x: v128): v128 {
  const sign = v128.and(x, i32x4.splat(0x80000000));
  const negative = f32x4.pmax(v128.or(x, i32x4.splat(0x80000000)), f32x4.splat(-9.02));
  const k = f32x4.add(f32x4.mul(negative, f32x4.splat(2.88539004)), ROUND_127());
  const r = remainder(f32x4.add(negative, negative), f32x4.sub(k, ROUND_127()));
  const scale = i32x4.shl(k, 23);
  // 1 − e^(−2|x|), from 2ⁿ and eʳ − 1 apart so that nothing is lost where x is small.
  const n = f32x4.sub(f32x4.sub(f32x4.splat(1), scale), f32x4.mul(scale, powerMinusOne(r)));
  return v128.or(f32x4.div(n, f32x4.sub(f32x4.splat(2), n)), sign);
}
