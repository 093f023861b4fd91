/** tanh(x) = (1 − z) / (1 + z) with z = e^(−2|x|), which never overflows. */
import { C0, C1, C2, C3, C4, ROUND_127, expansion } from './exp';

/** Four of each: the sign's bit, a −|x| below which the result is 1 in f32, 2 / ln 2, ln 2, and 1. */
const TABLE: usize = memory.data<f32>([
  -0.0, -0.0, -0.0, -0.0,
  -9.02, -9.02, -9.02, -9.02,
  2.88539004, 2.88539004, 2.88539004, 2.88539004,
  0.693147182, 0.693147182, 0.693147182, 0.693147182,
  1, 1, 1, 1,
], 16);

@inline function SIGN(): v128 { return v128.load(TABLE); }
@inline function LEAST(): v128 { return v128.load(TABLE, 16); }
@inline function TWO_LOG2_E(): v128 { return v128.load(TABLE, 32); }
@inline function LN2(): v128 { return v128.load(TABLE, 48); }
@inline function ONE(): v128 { return v128.load(TABLE, 64); }

/** At most 2 ULP; odd to the bit, and x itself where x is tiny. */
@inline
function quotient(
  x: v128,
  sign: v128, least: v128, log2e: v128, round: v128, ln2: v128, one: v128,
  c0: v128, c1: v128, c2: v128, c3: v128, c4: v128,
): v128 {
  const negative = f32x4.pmax(v128.or(x, sign), least);
  const k = f32x4.add(f32x4.mul(negative, log2e), round);
  const n = f32x4.sub(k, round);
  const r = f32x4.sub(f32x4.add(negative, negative), f32x4.mul(n, ln2));
  // z = 2ⁿ + 2ⁿ (eʳ − 1) in two parts, so that nothing is lost of 1 − z where x is small.
  const scale = i32x4.shl(k, 23);
  const rest = f32x4.mul(scale, expansion(r, c0, c1, c2, c3, c4));
  const below = f32x4.sub(f32x4.sub(one, scale), rest);
  const above = f32x4.add(f32x4.add(one, scale), rest);
  return v128.or(f32x4.div(below, above), v128.and(x, sign));
}

@inline
export function tanhInline(x: v128): v128 {
  return quotient(x, SIGN(), LEAST(), TWO_LOG2_E(), ROUND_127(), LN2(), ONE(), C0(), C1(), C2(), C3(), C4());
}

/** The same as a call, where the length of the code matters more than its speed. */
export function tanh(x: v128): v128 {
  return tanhInline(x);
}

/** The same of all numbers from z to `end`, in whole vectors, → y. Four at once: each waits long for its own results. */
export function tanhs(z: usize, end: usize, y: usize): void {
  const sign = SIGN();
  const least = LEAST();
  const log2e = TWO_LOG2_E();
  const round = ROUND_127();
  const ln2 = LN2();
  const one = ONE();
  const c0 = C0();
  const c1 = C1();
  const c2 = C2();
  const c3 = C3();
  const c4 = C4();
  for (; z + 48 < end; z += 64, y += 64) {
    const a = quotient(v128.load(z), sign, least, log2e, round, ln2, one, c0, c1, c2, c3, c4);
    const b = quotient(v128.load(z, 16), sign, least, log2e, round, ln2, one, c0, c1, c2, c3, c4);
    const c = quotient(v128.load(z, 32), sign, least, log2e, round, ln2, one, c0, c1, c2, c3, c4);
    const d = quotient(v128.load(z, 48), sign, least, log2e, round, ln2, one, c0, c1, c2, c3, c4);
    v128.store(y, a);
    v128.store(y, b, 16);
    v128.store(y, c, 32);
    v128.store(y, d, 48);
  }
  for (; z < end; z += 16, y += 16) v128.store(y, tanh(v128.load(z)));
}
