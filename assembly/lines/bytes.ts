/** What is found in bytes, eight or sixteen at a time. */

export const TAB: u8 = 9;
export const FEED: u8 = 10;
export const RETURN: u8 = 13;
export const SPACE: u8 = 32;
export const QUOTE: u8 = 34;
export const PLUS: u8 = 43;
export const COMMA: u8 = 44;
export const MINUS: u8 = 45;
export const POINT: u8 = 46;
export const ZERO: u8 = 48;
export const COLON: u8 = 58;
export const BACKSLASH: u8 = 92;

/** Behind spaces, tabs and carriage returns. */
@inline
export function skipBlanks(at: usize): usize {
  let byte = load<u8>(at);
  while (byte == SPACE || byte == TAB || byte == RETURN) byte = load<u8>(++at);
  return at;
}

/** The next byte that ends a string of JSON or is not plain in it: a quote, a backslash, or a control character. */
@inline
export function stringStop(at: usize): usize {
  let stops = stringStops(at);
  while (stops == 0) stops = stringStops((at += 16));
  return at + ctz(stops);
}

@inline
function stringStops(at: usize): i32 {
  const bytes = v128.load(at);
  const ends = v128.or(i8x16.eq(bytes, i8x16.splat(QUOTE)), i8x16.eq(bytes, i8x16.splat(BACKSLASH)));
  return i8x16.bitmask(v128.or(ends, i8x16.lt_u(bytes, i8x16.splat(SPACE))));
}

/** The next delimiter, line feed or quote. */
@inline
export function cellStop(at: usize, delimiter: v128): usize {
  let stops = cellStops(at, delimiter);
  while (stops == 0) stops = cellStops((at += 16), delimiter);
  return at + ctz(stops);
}

@inline
function cellStops(at: usize, delimiter: v128): i32 {
  const bytes = v128.load(at);
  const ends = v128.or(i8x16.eq(bytes, delimiter), i8x16.eq(bytes, i8x16.splat(FEED)));
  return i8x16.bitmask(v128.or(ends, i8x16.eq(bytes, i8x16.splat(QUOTE))));
}

/** Digits as their values: what is no digit is more than 9. */
@inline
export function digitsAt(at: usize): u64 {
  return load<u64>(at) ^ 0x3030303030303030;
}

/** How many of eight bytes are digits, from the first. A carry comes from what is no digit, and goes upwards. */
@inline
export function countDigits(digits: u64): i32 {
  return <i32>(ctz(((digits + 0x7676767676767676) | digits) & 0x8080808080808080) >> 3);
}

/** The number of eight digits, of which the first is the lowest byte. */
@inline
export function eightDigits(digits: u64): u64 {
  const pairs = digits * 10 + (digits >> 8);
  const high = (pairs & 0x000000ff000000ff) * 0x000f424000000064;
  const low = ((pairs >> 16) & 0x000000ff000000ff) * 0x0000271000000001;
  return (high + low) >> 32;
}
