/** Decimals as the f64 nearest to them: what is not certain here is left to the host. */
import { MINUS, PLUS, POINT, ZERO, countDigits, digitsAt, eightDigits } from './bytes';

/** 10^0 to 10^8, and the largest number to which so many digits can be added. */
const TENS = memory.data<u64>([1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000]);
const MOST = memory.data<u64>([
  18446744073709551614, 1844674407370955160, 184467440737095515, 18446744073709550, 1844674407370954, 184467440737094,
  18446744073708, 1844674407369, 184467440736,
]);

/** 10^0 to 10^22, which are exact. */
const EXACT = memory.data<f64>([
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
]);

/** Powers of five from 5^−LARGEST to 5^LARGEST, 128 bits each, the highest one set; the host writes them. */
const LARGEST: i32 = 64;
const POWERS = memory.data((2 * LARGEST + 1) * 16, 16);

/** Where the host writes the powers of five: for each the high half, then the low one. */
export function powersAt(): usize {
  return POWERS;
}

/**
 * Reads a number. `loose` is as cells have it: a sign before it, zeros before it, and no digit on one side of the point.
 * @param point what stands before the decimals
 * @param out where the number goes
 * @returns what is behind it, 0 where it is left to the host
 */
@inline
function read(at: usize, loose: bool, point: u8, out: usize): usize {
  const sign = load<u8>(at);
  if (sign == MINUS || (loose && sign == PLUS)) at++;
  const first = at;
  let decimals: usize = 0;
  let number: u64 = 0;
  for (;;) {
    const digits = digitsAt(at);
    const count = countDigits(digits);
    if (count > 0) {
      if (number > load<u64>(MOST + (count << 3))) return 0;
      number = number * load<u64>(TENS + (count << 3)) + eightDigits(digits << ((8 - count) << 3));
      at += count;
      if (count == 8) continue;
    }
    if (decimals != 0 || load<u8>(at) != point) break;
    decimals = ++at;
  }
  const places = decimals == 0 ? 0 : <i32>(at - decimals);
  const whole = <i32>((decimals == 0 ? at : decimals - 1) - first);
  if (loose) {
    if (whole + places == 0) return 0;
  } else if (whole == 0 || (decimals != 0 && places == 0) || (whole > 1 && load<u8>(first) == ZERO)) return 0;
  let exponent = -places;
  if ((load<u8>(at) | 32) == 101) {
    at++;
    const expSign = load<u8>(at);
    if (expSign == MINUS || expSign == PLUS) at++;
    const digits = digitsAt(at);
    const count = countDigits(digits);
    if (count == 0 || count > 5) return 0;
    const shift = <i32>eightDigits(digits << ((8 - count) << 3));
    exponent += expSign == MINUS ? -shift : shift;
    at += count;
  }
  const value = scaled(number, exponent);
  if (value != value) return 0;
  store<f64>(out, sign == MINUS ? -value : value);
  return at;
}

/** Reads a number as JSON has it. Returns what is behind it, 0 where it is left to the host. */
export function readNumber(at: usize, out: usize): usize {
  return read(at, false, POINT, out);
}

/** Reads a number as a cell of CSV has it, with `point` before the decimals. */
export function readCell(at: usize, point: u8, out: usize): usize {
  return read(at, true, point, out);
}

/** number · 10^exponent; NaN where this is left to the host. */
function scaled(number: u64, exponent: i32): f64 {
  if (number <= 0x0020000000000000 && exponent >= -22 && exponent <= 22) {
    const exact = <f64>number;
    return exponent < 0 ? exact / load<f64>(EXACT - (exponent << 3)) : exact * load<f64>(EXACT + (exponent << 3));
  }
  if (number == 0) return 0;
  if (exponent < -LARGEST || exponent > LARGEST) return NaN;
  return eiselLemire(number, exponent);
}

/** The high half of a product; the low one is a · b. */
@inline
function highProduct(a: u64, b: u64): u64 {
  const aLow = a & 0xffffffff;
  const aHigh = a >> 32;
  const bLow = b & 0xffffffff;
  const bHigh = b >> 32;
  const middle = aHigh * bLow + ((aLow * bLow) >> 32);
  const other = (middle & 0xffffffff) + aLow * bHigh;
  return aHigh * bHigh + (middle >> 32) + (other >> 32);
}

/**
 * Lemire, Number Parsing at a Gigabyte per Second (2021), doi:10.1002/spe.2984: the number times 128 bits of a power of
 * five tells 53 bits of the result and how to round it. With these exponents it is neither subnormal nor infinite.
 */
function eiselLemire(number: u64, exponent: i32): f64 {
  const shift = clz(number);
  const power = POWERS + ((exponent + LARGEST) << 4);
  const w = number << shift;
  const factor = load<u64>(power);
  let high = highProduct(w, factor);
  let low = w * factor;
  if ((high & 0x1ff) == 0x1ff) {
    const more = highProduct(w, load<u64>(power, 8));
    low += more;
    if (low < more) high++;
    // The bits that are left out could matter.
    if (low == 0xffffffffffffffff && (exponent < -27 || exponent > 55)) return NaN;
  }
  const upper = high >> 63;
  let mantissa = high >> (upper + 9);
  let binary = ((217706 * exponent) >> 16) + 63 + <i32>upper - <i32>shift + 1023;
  // Halfway between two: to the even one.
  if (low <= 1 && exponent >= -4 && exponent <= 23 && (mantissa & 3) == 1 && mantissa << (upper + 9) == high) {
    mantissa &= ~1;
  }
  mantissa = (mantissa + (mantissa & 1)) >> 1;
  if (mantissa >= 0x0020000000000000) {
    mantissa = 0x0010000000000000;
    binary++;
  }
  return reinterpret<f64>((mantissa & 0x000fffffffffffff) | (<u64>binary << 52));
}
