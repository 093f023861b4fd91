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

/** 00 to 99, the first digit in the lower byte. */
const PAIRS = memory.data<u16>([
  0x3030, 0x3130, 0x3230, 0x3330, 0x3430, 0x3530, 0x3630, 0x3730, 0x3830, 0x3930,
  0x3031, 0x3131, 0x3231, 0x3331, 0x3431, 0x3531, 0x3631, 0x3731, 0x3831, 0x3931,
  0x3032, 0x3132, 0x3232, 0x3332, 0x3432, 0x3532, 0x3632, 0x3732, 0x3832, 0x3932,
  0x3033, 0x3133, 0x3233, 0x3333, 0x3433, 0x3533, 0x3633, 0x3733, 0x3833, 0x3933,
  0x3034, 0x3134, 0x3234, 0x3334, 0x3434, 0x3534, 0x3634, 0x3734, 0x3834, 0x3934,
  0x3035, 0x3135, 0x3235, 0x3335, 0x3435, 0x3535, 0x3635, 0x3735, 0x3835, 0x3935,
  0x3036, 0x3136, 0x3236, 0x3336, 0x3436, 0x3536, 0x3636, 0x3736, 0x3836, 0x3936,
  0x3037, 0x3137, 0x3237, 0x3337, 0x3437, 0x3537, 0x3637, 0x3737, 0x3837, 0x3937,
  0x3038, 0x3138, 0x3238, 0x3338, 0x3438, 0x3538, 0x3638, 0x3738, 0x3838, 0x3938,
  0x3039, 0x3139, 0x3239, 0x3339, 0x3439, 0x3539, 0x3639, 0x3739, 0x3839, 0x3939,
]);

/**
 * Writes scores from number `at` on, up to `count` or the first that is left to the host: powers of two but 1, infinities
 * unless they are as NaN, what is below 1e-9 or has no bit behind the point.
 * @param layout see `Layout`
 * @returns the number of the score that is not written, with what stands before it
 */
export function writeScores(layout: usize, scores: usize, at: i32, count: i32, out: usize): i32 {
  const around = changetype<Layout>(layout);
  const outputs = around.outputs;
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
