/** σ(x) = 1 / (1 + e⁻ˣ), twice: for a last layer, accurate where it is tiny, and for a hidden one, short. */
import { LOG2_E, ROUND_127, SMALLEST, remainder } from './exp';

const TABLE: usize = memory.data<f32>([
  40, 40, 40, 40,
  12.0150394, 12.0150394, 12.0150394, 12.0150394,
  120.180687, 120.180687, 120.180687, 120.180687,
  60.0903435, 60.0903435, 60.0903435, 60.0903435,
  16.2, 16.2, 16.2, 16.2,
  -16.2, -16.2, -16.2, -16.2,
  12830263, 12830263, 12830263, 12830263,
  95616.5078, 95616.5078, 95616.5078, 95616.5078,
  92.2709808, 92.2709808, 92.2709808, 92.2709808,
  51321056, 51321056, 51321056, 51321056,
  1451653.25, 1451653.25, 1451653.25, 1451653.25,
  3882.31079, 3882.31079, 3882.31079, 3882.31079,
], 16);

/**
 * At most 2 ULP; 0 where the result would not be a normal number. eˣ = 2ⁿ eʳ as in `exp.ts`, and
 * eʳ = (A + B) / (A − B) with A even and B odd in r, so that one division gives σ = 2ⁿ(A + B) / (2ⁿ(A + B) + (A − B)).
 */
export function sigmoid(x: v128): v128 {
  const bounded = f32x4.pmin(x, v128.load(TABLE));
  const k = f32x4.add(f32x4.mul(bounded, LOG2_E()), ROUND_127());
  const r = remainder(bounded, f32x4.sub(k, ROUND_127()));
  const square = f32x4.mul(r, r);
  const even = f32x4.add(f32x4.mul(v128.load(TABLE, 16), square), v128.load(TABLE, 32));
  const odd = f32x4.mul(r, f32x4.add(square, v128.load(TABLE, 48)));
  const power = f32x4.mul(i32x4.shl(k, 23), f32x4.add(even, odd));
  const y = f32x4.div(power, f32x4.add(power, f32x4.sub(even, odd)));
  return v128.andnot(y, f32x4.lt(x, SMALLEST()));
}

/**
 * Absolute error at most 2⁻²³, exactly 0 and 1 far out. tanh(x / 4) = N / D, N odd and D even in x, and by the
 * addition theorem σ(x) = ½ + ½ tanh(x / 2) = ½ + N D / (D² + N²): half the degree, one division, no exponents.
 */
@inline
export function sigmoidHidden(x: v128): v128 {
  const bounded = f32x4.pmax(f32x4.pmin(x, v128.load(TABLE, 64)), v128.load(TABLE, 80));
  const square = f32x4.mul(bounded, bounded);
  const n2 = f32x4.add(f32x4.mul(v128.load(TABLE, 128), square), v128.load(TABLE, 112));
  const n = f32x4.mul(bounded, f32x4.add(f32x4.mul(n2, square), v128.load(TABLE, 96)));
  const d2 = f32x4.add(f32x4.mul(f32x4.add(square, v128.load(TABLE, 176)), square), v128.load(TABLE, 160));
  const d = f32x4.add(f32x4.mul(d2, square), v128.load(TABLE, 144));
  const squares = f32x4.add(f32x4.mul(d, d), f32x4.mul(n, n));
  return f32x4.add(f32x4.splat(0.5), f32x4.div(f32x4.mul(n, d), squares));
}
