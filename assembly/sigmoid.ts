/** σ(x) = 1 / (1 + e⁻ˣ), the same for hidden layers and the last. */
import { LOG2_E, ROUND_127, SMALLEST, remainder } from './exp';

const TABLE: usize = memory.data<f32>([
  40, 40, 40, 40,
  10.8135614, 10.8135614, 10.8135614, 10.8135614,
  108.162567, 108.162567, 108.162567, 108.162567,
  0.900010526, 0.900010526, 0.900010526, 0.900010526,
  54.0812836, 54.0812836, 54.0812836, 54.0812836,
], 16);

/**
 * At most 2 ULP; 0 where the result would not be a normal number. eˣ = 2ⁿ eʳ as in `exp.ts`, and
 * eʳ = (A + B) / (A − B) with A even and B odd in r, so that one division gives σ = 2ⁿ(A + B) / (2ⁿ(A + B) + (A − B)).
 */
@inline
export function sigmoid(x: v128): v128 {
  const bounded = f32x4.pmin(x, v128.load(TABLE));
  const k = f32x4.add(f32x4.mul(bounded, LOG2_E()), ROUND_127());
  const r = remainder(bounded, f32x4.sub(k, ROUND_127()));
  const square = f32x4.mul(r, r);
  const even = f32x4.add(f32x4.mul(v128.load(TABLE, 16), square), v128.load(TABLE, 32));
  const odd = f32x4.mul(r, f32x4.add(f32x4.mul(v128.load(TABLE, 48), square), v128.load(TABLE, 64)));
  const power = f32x4.mul(i32x4.shl(k, 23), f32x4.add(even, odd));
  const y = f32x4.div(power, f32x4.add(power, f32x4.sub(even, odd)));
  return v128.andnot(y, f32x4.lt(x, SMALLEST()));
}
