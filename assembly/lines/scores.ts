/**
 * Scores as the shortest decimals that read back as the same f32, in the digits and the form that JavaScript has for the
 * f64 of that decimal.
 */
import { MINUS, POINT, ZERO } from './bytes';

/** What stands around the scores of an event; the host writes it as i32 numbers in this order. */
@unmanaged
class Layout {
  /** Scores of an event. */
  outputs: i32;
  /** What stands before each score, and behind the last: how long it is, i32[outputs + 1]. */
  lengths: usize;
  /** Where it begins, i32[outputs + 1]. */
  places: usize;
  /** What stands for NaN, in three or four bytes. */
  nan: u32;
  nanLength: i32;
  /** Whether infinities are written as NaN is. */
  finite: i32;
  /** What the last call did: where it stopped writing. */
  end: usize;
}

/** 5^0 to 5^17. */
const FIVES = memory.data<u64>([
  1, 5, 25, 125, 625, 3125, 15625, 78125, 390625, 1953125, 9765625, 48828125, 244140625, 1220703125, 6103515625,
  30517578125, 152587890625, 762939453125,
]);

/** 10^0 to 10^9. */
const TENS = memory.data<u64>([
  1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000,
]);

/** 00 to 99, which the first call writes. */
const PAIRS = memory.data(200);

/**
 * Writes scores from number `at` on, up to `count` or the first that is left to the host: powers of two but 1, infinities
 * unless they are as NaN, what is below 1e-9 or has no bit behind the point.
 * @param layout see `Layout`
 * @returns the number of the score that is not written, with what stands before it
 */
export function writeScores(layout: usize, scores: usize, at: i32, count: i32, out: usize): i32 {
  const around = changetype<Layout>(layout);
  const outputs = around.outputs;
  if (load<u8>(PAIRS) == 0) writePairs();
  let i = at % outputs;
  for (; at < count; at++) {
    const bits = load<u32>(scores + (at << 2));
    out = writeAround(around, i, out);
    const end = writeScore(around, bits, out);
    if (end == 0) break;
    out = end;
    i++;
    if (i == outputs) {
      out = writeAround(around, outputs, out);
      i = 0;
    }
  }
  around.end = out;
  return at;
}

function writePairs(): void {
  for (let i = 0; i < 100; i++) {
    store<u8>(PAIRS + 2 * i, <u8>(48 + i / 10));
    store<u8>(PAIRS + 2 * i, <u8>(48 + (i % 10)), 1);
  }
}

/** Writes what stands before a score, or behind the last. */
@inline
function writeAround(layout: Layout, i: i32, out: usize): usize {
  const length = load<i32>(layout.lengths + (i << 2));
  const from = load<usize>(layout.places + (i << 2));
  for (let n = 0; n < length; n += 16) v128.store(out + n, v128.load(from + n));
  return out + length;
}

/** Returns 0 where the score is left to the host. */
@inline
function writeScore(layout: Layout, bits: u32, out: usize): usize {
  const exponent = <i32>((bits >> 23) & 0xff);
  const fraction = bits & 0x7fffff;
  if (exponent == 0xff && (fraction != 0 || layout.finite)) {
    store<u32>(out, layout.nan);
    return out + layout.nanLength;
  }
  if (bits == 0x3f800000 || bits << 1 == 0) {
    store<u8>(out, bits << 1 == 0 ? 48 : 49);
    return out + 1;
  }
  // The decimals that read back as a power of two reach farther above it than below.
  if (fraction == 0) return 0;
  if (bits >> 31) {
    store<u8>(out, MINUS);
    out++;
  }
  return writeDecimal(fraction | 0x800000, 150 - exponent, out);
}

/** Writes mantissa / 2^shift. */
function writeDecimal(mantissa: u32, shift: i32, out: usize): usize {
  // Decimals behind the point of nine digits: log10 of 2 is 1233 / 4096, a little more.
  let places = 8 - (((23 - shift) * 1233) >> 12);
  if (shift > 53 || places < 0 || places > 17) return 0;
  let half = load<u64>(FIVES + (places << 3));
  let product = <u64>mantissa * half;
  let rest = shift - places;
  if (rest < 1) return 0;
  if (product >> rest >= 1000000000) {
    places--;
    if (places < 0) return 0;
    half = load<u64>(FIVES + (places << 3));
    product = <u64>mantissa * half;
    rest++;
  }
  // What reads back lies within half a unit of the last bit, which is `half` / 2^(rest + 1) of the ninth digit.
  const whole = product >> rest;
  const part = product & ((<u64>1 << rest) - 1);
  let digits = part << 1 >= <u64>1 << rest ? whole + 1 : whole;
  let dropped = 0;
  // Half of an odd number: no distance is the same. So close to it that f64 could round there, the host is asked.
  const limit = half >> 1;
  const margin = half >> 20;
  for (let n = 1; n < 9; n++) {
    const ten = load<u64>(TENS + (n << 3));
    const quotient = <u64>(<u32>whole / <u32>ten);
    const below = ((whole - quotient * ten) << rest) + part;
    const above = (ten << rest) - below;
    const distance = above <= below ? above : below;
    if (distance > limit + margin) break;
    if (distance + margin > limit) return 0;
    digits = above <= below ? quotient + 1 : quotient;
    dropped = n;
  }
  return writeDigits(<u32>digits, places - dropped, out);
}

/** Writes digits, of which so many stand behind the point. */
@inline
function writeDigits(digits: u32, places: i32, out: usize): usize {
  while (digits % 10 == 0) {
    digits /= 10;
    places--;
  }
  if (places <= 0) return writeWhole(digits * <u32>load<u64>(TENS + (-places << 3)), out);
  const count = countOf(digits);
  if (count - places < -5) return writeScientific(digits, count, places, out);
  if (count > places) {
    const ten = <u32>load<u64>(TENS + (places << 3));
    out = writeWhole(digits / ten, out);
    store<u8>(out, POINT);
    writeFixed(digits % ten, places, out + 1);
    return out + 1 + places;
  }
  store<u64>(out, 0x3030303030302e30); // 0.000000
  writeFixed(digits, count, out + 2 + places - count);
  return out + 2 + places;
}

/** As 1.25e-7. */
function writeScientific(digits: u32, count: i32, places: i32, out: usize): usize {
  const ten = <u32>load<u64>(TENS + ((count - 1) << 3));
  store<u8>(out, ZERO + <u8>(digits / ten));
  out++;
  if (count > 1) {
    store<u8>(out, POINT);
    writeFixed(digits % ten, count - 1, out + 1);
    out += count;
  }
  store<u16>(out, 0x2d65); // e-
  return writeWhole(places - count + 1, out + 2);
}

function writeWhole(number: u32, out: usize): usize {
  const count = countOf(number);
  writeFixed(number, count, out);
  return out + count;
}

/** Writes a number in so many digits. */
@inline
function writeFixed(number: u32, count: i32, out: usize): void {
  out += count;
  for (; count > 1; count -= 2) {
    const rest = number / 100;
    out -= 2;
    store<u16>(out, load<u16>(PAIRS + ((number - rest * 100) << 1)));
    number = rest;
  }
  if (count > 0) store<u8>(out - 1, ZERO + <u8>number);
}

/** Digits of a number, 1 to 10. */
@inline
function countOf(number: u32): i32 {
  let count = 1;
  while (count < 10 && <u64>number >= load<u64>(TENS + (count << 3))) count++;
  return count;
}
