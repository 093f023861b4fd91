/**
 * eˣ = 2ⁿ eʳ with n = x / ln 2 rounded and |r| ≤ ln 2 / 2 (Cody and Waite): adding 1.5 · 2²³ leaves n in the low bits
 * of the sum, and shifting those by 23 makes an exponent of them. ln 2 is taken away in two parts, whose first has so
 * few bits that n times it is exact. eʳ = 1 + (r + r² p(r)), p a minimax polynomial whose coefficients were searched
 * among the f32 numbers around it.
 */
import { madd, nmadd } from './lanes';

/** Four of each, in memory: a load is shorter than the four instructions that V8 builds a v128 constant with. */
const TABLE: usize = memory.data<f32>([
  1.44269502, 1.44269502, 1.44269502, 1.44269502,
  12582912, 12582912, 12582912, 12582912,
  0.693145752, 0.693145752, 0.693145752, 0.693145752,
  1.42860677e-6, 1.42860677e-6, 1.42860677e-6, 1.42860677e-6,
  0.49999994, 0.49999994, 0.49999994, 0.49999994,
  0.166665211, 0.166665211, 0.166665211, 0.166665211,
  0.041668389, 0.041668389, 0.041668389, 0.041668389,
  0.00836874545, 0.00836874545, 0.00836874545, 0.00836874545,
  0.00138145417, 0.00138145417, 0.00138145417, 0.00138145417,
  88.7228317, 88.7228317, 88.7228317, 88.7228317,
  -87.3365402, -87.3365402, -87.3365402, -87.3365402,
  12583039, 12583039, 12583039, 12583039,
], 16);

/** 1 / ln 2 */
@inline export function LOG2_E(): v128 { return v128.load(TABLE); }
/** 1.5 · 2²³ */
@inline function ROUND(): v128 { return v128.load(TABLE, 16); }
@inline function LN2_HIGH(): v128 { return v128.load(TABLE, 32); }
@inline function LN2_LOW(): v128 { return v128.load(TABLE, 48); }
/** The largest x whose exponential is finite. */
@inline function LARGEST(): v128 { return v128.load(TABLE, 144); }
/** The smallest x whose exponential, or sigmoid, is a normal number. */
@inline export function SMALLEST(): v128 { return v128.load(TABLE, 160); }
/** 1.5 · 2²³ + 127: shifted, the low bits of the sum are 2ⁿ itself. */
@inline export function ROUND_127(): v128 { return v128.load(TABLE, 176); }

/** r of an x whose n is known. */
@inline
export function remainder(x: v128, n: v128): v128 {
  return nmadd(n, LN2_LOW(), nmadd(n, LN2_HIGH(), x));
}

@inline export function C0(): v128 { return v128.load(TABLE, 64); }
@inline export function C1(): v128 { return v128.load(TABLE, 80); }
@inline export function C2(): v128 { return v128.load(TABLE, 96); }
@inline export function C3(): v128 { return v128.load(TABLE, 112); }
@inline export function C4(): v128 { return v128.load(TABLE, 128); }

/** eʳ − 1 = r + r² p(r); p = (c₀ + c₁ r) + r² ((c₂ + c₃ r) + r² c₄), which is shorter to wait for than Horner's. */
@inline
export function expansion(r: v128, c0: v128, c1: v128, c2: v128, c3: v128, c4: v128): v128 {
  const square = f32x4.mul(r, r);
  const high = madd(square, c4, madd(r, c3, c2));
  const low = madd(r, c1, c0);
  return madd(square, madd(square, high, low), r);
}

@inline
function powerMinusOne(r: v128): v128 {
  return expansion(r, C0(), C1(), C2(), C3(), C4());
}

/** At most 1 ULP; 0 where the result would not be a normal number. */
export function exp(x: v128): v128 {
  const k = madd(x, LOG2_E(), ROUND());
  const r = remainder(x, f32x4.sub(k, ROUND()));
  const power = f32x4.add(f32x4.splat(1), powerMinusOne(r));
  const scaled = i32x4.add(power, i32x4.shl(k, 23));
  const finite = v128.bitselect(scaled, f32x4.add(x, f32x4.splat(Infinity)), f32x4.le(x, LARGEST()));
  return v128.andnot(finite, f32x4.lt(x, SMALLEST()));
}

/** eˣ − 1 for x ≤ 0: 2ⁿ (eʳ − 1) + (2ⁿ − 1) keeps what eˣ would lose beside 1. */
export function expMinusOne(x: v128): v128 {
  const bounded = f32x4.pmax(x, f32x4.splat(-80));
  const k = madd(bounded, LOG2_E(), ROUND_127());
  const r = remainder(bounded, f32x4.sub(k, ROUND_127()));
  const scale = i32x4.shl(k, 23);
  return madd(scale, powerMinusOne(r), f32x4.sub(scale, f32x4.splat(1)));
}
