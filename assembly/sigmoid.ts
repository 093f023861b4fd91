/**
 * σ(x) = 1 / (1 + e⁻ˣ): to the last bits for outputs, whose smallest are likelihoods, and shorter for hidden layers.
 *
 * eˣ = 2ⁿ eʳ as in `exp.ts`, and eʳ = (A + B) / (A − B) with A even and B odd in r, so that one division gives
 * σ = 2ⁿ(A + B) / (2ⁿ(A + B) + (A − B)). The coefficients are minimax, and were scaled to what rounds best.
 */
import { LOG2_E, ROUND_127, SMALLEST, remainder } from './exp';
import { madd, nmadd } from './lanes';

const OUTPUT: usize = memory.data<f32>([
  40, 40, 40, 40,
  10.573247, 10.573247, 10.573247, 10.573247,
  105.759125, 105.759125, 105.759125, 105.759125,
  0.88, 0.88, 0.88, 0.88,
  60.0904121, 60.0904121, 60.0904121, 60.0904121,
], 16);

/** At most 2 ULP; 0 where the result would not be a normal number. */
@inline
export function sigmoid(x: v128): v128 {
  const bounded = f32x4.pmin(x, v128.load(OUTPUT));
  const k = madd(bounded, LOG2_E(), ROUND_127());
  const r = remainder(bounded, f32x4.sub(k, ROUND_127()));
  const square = f32x4.mul(r, r);
  const even = madd(square, v128.load(OUTPUT, 16), v128.load(OUTPUT, 32));
  const odd = f32x4.add(square, v128.load(OUTPUT, 64));
  const scaled = f32x4.mul(r, v128.load(OUTPUT, 48));
  const power = f32x4.mul(i32x4.shl(k, 23), madd(scaled, odd, even));
  const y = f32x4.div(power, f32x4.add(power, nmadd(scaled, odd, even)));
  return v128.andnot(y, f32x4.lt(x, SMALLEST()));
}

const HIDDEN: usize = memory.data<f32>([
  -86, -86, -86, -86,
  17.334005, 17.334005, 17.334005, 17.334005,
  360.87533, 360.87533, 360.87533, 360.87533,
  125.06986, 125.06986, 125.06986, 125.06986,
], 16);

/**
 * Absolute error below 2⁻²³. In powers of two: x / ln 2 = n + f and 2ᶠ = (A + B) / (A − B). What the product x / ln 2
 * loses by rounding grows with x, but σ′ falls faster.
 */
@inline
function hidden(x: v128, most: v128, least: v128, log2e: v128, round: v128, a2: v128, a0: v128, b0: v128): v128 {
  const bounded = f32x4.pmax(f32x4.pmin(x, most), least);
  const k = madd(bounded, log2e, round);
  const f = madd(bounded, log2e, f32x4.sub(round, k));
  const square = f32x4.mul(f, f);
  const even = madd(square, a2, a0);
  const odd = f32x4.add(square, b0);
  const power = f32x4.mul(i32x4.shl(k, 23), madd(f, odd, even));
  return f32x4.div(power, f32x4.add(power, nmadd(f, odd, even)));
}

@inline
function MOST(): v128 { return v128.load(OUTPUT); }
@inline
function LEAST(): v128 { return v128.load(HIDDEN); }
@inline
function A2(): v128 { return v128.load(HIDDEN, 16); }
@inline
function A0(): v128 { return v128.load(HIDDEN, 32); }
@inline
function B0(): v128 { return v128.load(HIDDEN, 48); }

@inline
export function hiddenSigmoid(x: v128): v128 {
  return hidden(x, MOST(), LEAST(), LOG2_E(), ROUND_127(), A2(), A0(), B0());
}

/** The same of all numbers from z to `end`, in whole vectors, → y: constants stay in registers. */
export function hiddenSigmoids(z: usize, end: usize, y: usize): void {
  const most = MOST();
  const least = LEAST();
  const log2e = LOG2_E();
  const round = ROUND_127();
  const a2 = A2();
  const a0 = A0();
  const b0 = B0();
  for (; z + 48 < end; z += 64, y += 64) {
    const a = hidden(v128.load(z), most, least, log2e, round, a2, a0, b0);
    const b = hidden(v128.load(z, 16), most, least, log2e, round, a2, a0, b0);
    const c = hidden(v128.load(z, 32), most, least, log2e, round, a2, a0, b0);
    const d = hidden(v128.load(z, 48), most, least, log2e, round, a2, a0, b0);
    v128.store(y, a);
    v128.store(y, b, 16);
    v128.store(y, c, 32);
    v128.store(y, d, 48);
  }
  for (; z < end; z += 16, y += 16) v128.store(y, hidden(v128.load(z), most, least, log2e, round, a2, a0, b0));
}
