/** Records of NDJSON: `{"pt":5,"eta":2.9}`, or a list of all numbers in their order. */
import { BACKSLASH, COLON, COMMA, FEED, MINUS, POINT, QUOTE, ZERO, countDigits, digitsAt, skipBlanks, stringStop } from './bytes';
import { readNumber } from './decimal';
import { Field, POSITIONS, Plan, Position, fieldAt, noteText } from './plan';

const OPEN_CURLY: u8 = 123;
const CLOSE_CURLY: u8 = 125;
const OPEN_SQUARE: u8 = 91;
const CLOSE_SQUARE: u8 = 93;

/** The words of JSON as four bytes, `false` without its first. */
const TRUE: u32 = 0x65757274;
const ALSE: u32 = 0x65736c61;
const NULL: u32 = 0x6c6c756e;

/**
 * Reads lines up to `end` or the first that is unusual: not JSON, nested, with escapes in a key, with a wanted value that
 * is no number, and whatever else is left to the host.
 * @param planAt see `Plan`
 * @param rows f64[most × width], where the numbers go
 * @param texts u32[most × texts × 2], where it is noted what is kept
 * @returns where the next line begins
 */
export function scanRecords(planAt: usize, at: usize, end: usize, rows: usize, texts: usize, most: i32): usize {
  const plan = changetype<Plan>(planAt);
  const rowBytes = plan.width << 3;
  const textBytes = (plan.texts + plan.whole) << 3;
  let count = 0;
  let lines = 0;
  if (plan.line > MANY) forgetLines(plan);
  while (at < end && count < most) {
    let next = skipBlanks(at);
    const byte = load<u8>(next);
    if (byte != FEED) {
      plan.line++;
      next = byte == OPEN_CURLY ? readObject(plan, next + 1, rows, texts) : byte == OPEN_SQUARE ? readList(plan, next + 1, rows, texts) : 0;
      if (next == 0) break;
      if (plan.whole) noteText(texts, plan.texts, at, next);
      next = skipBlanks(next);
      if (load<u8>(next) != FEED) break;
      count++;
      rows += rowBytes;
      texts += textBytes;
    }
    lines++;
    at = next + 1;
  }
  plan.rows = count;
  plan.lines = lines;
  return at;
}

/** So many lines are counted, and then from the beginning again. */
const MANY: i32 = 1 << 30;

function forgetLines(plan: Plan): void {
  plan.line = 0;
  for (let i = 0; i < plan.count; i++) fieldAt(plan, i).seen = 0;
}

/** Returns what is behind the object; 0 where it is unusual. @param at behind its brace */
function readObject(plan: Plan, at: usize, row: usize, texts: usize): usize {
  const line = plan.line;
  let seen = 0;
  let position = changetype<Position>(plan.positions);
  const last = plan.positions + POSITIONS * offsetof<Position>();
  at = skipBlanks(at);
  if (load<u8>(at) == CLOSE_CURLY) at++;
  else for (;;) {
    if (load<u8>(at) != QUOTE) {
      at = skipBlanks(at);
      if (load<u8>(at) != QUOTE) return 0;
    }
    at++;
    let index: i32;
    if (isAt(plan, position, at)) {
      index = position.field;
      at += position.length;
    } else {
      const stop = stringStop(at);
      if (load<u8>(stop) != QUOTE) return 0;
      index = search(plan, at, <i32>(stop - at));
      if (load<u8>(stop + 1) == COLON) learn(position, at, <i32>(stop - at) + 2, index);
      at = skipBlanks(stop + 1);
      if (load<u8>(at) != COLON) return 0;
      at++;
    }
    if (load<u8>(at) <= 32) at = skipBlanks(at);
    if (index < 0) at = passValue(at);
    else {
      const field = fieldAt(plan, index);
      if (field.unusual == 2) return 0;
      const from = at;
      at = field.number < 0 ? passValue(at) : readValue(at, row + (field.number << 3));
      if (field.text >= 0) noteText(texts, field.text, from, at);
      if (field.seen != line) {
        field.seen = line;
        seen++;
      }
    }
    if (at == 0) return 0;
    let byte = load<u8>(at);
    if (byte <= 32) {
      at = skipBlanks(at);
      byte = load<u8>(at);
    }
    at++;
    if (byte == CLOSE_CURLY) break;
    if (byte != COMMA) return 0;
    const after = changetype<usize>(position) + offsetof<Position>();
    if (after < last) position = changetype<Position>(after);
  }
  return seen == plan.count || fillMissing(plan, row, texts) ? at : 0;
}

/** Whether the key that was learnt for this place is there. */
@inline
function isAt(plan: Plan, position: Position, at: usize): bool {
  const low = (load<u64>(at) ^ position.patternLow) & position.maskLow;
  const high = (load<u64>(at, 8) ^ position.patternHigh) & position.maskHigh;
  if ((low | high) != 0 || position.length == 0) return false;
  return position.length <= 16 || restIsAt(fieldAt(plan, position.field), at);
}

/** As `isAt` behind the first 16 bytes. */
function restIsAt(field: Field, at: usize): bool {
  const length = field.length;
  return sameText(at, field.name, length) && load<u8>(at + length) == QUOTE && load<u8>(at + length + 1) == COLON;
}

/** Of a key of more than 14 bytes only what is wanted is learnt: the field has the rest of it. */
function learn(position: Position, at: usize, length: i32, field: i32): void {
  if (length > 16 && field < 0) return;
  const low = length >= 8 ? u64.MAX_VALUE : u64.MAX_VALUE >> ((8 - length) << 3);
  const high = length >= 16 ? u64.MAX_VALUE : length <= 8 ? 0 : u64.MAX_VALUE >> ((16 - length) << 3);
  position.maskLow = low;
  position.maskHigh = high;
  position.patternLow = load<u64>(at) & low;
  position.patternHigh = load<u64>(at, 8) & high;
  position.length = length;
  position.field = field;
}

/** Which field a key is, −1 where it is none. */
function search(plan: Plan, at: usize, length: i32): i32 {
  for (let i = 0; i < plan.count; i++) {
    const field = fieldAt(plan, i);
    if (field.length == length && sameText(at, field.name, length)) return i;
  }
  return -1;
}

function sameText(a: usize, b: usize, length: i32): bool {
  for (let i = 0; i < length; i++) if (load<u8>(a + i) != load<u8>(b + i)) return false;
  return true;
}

/** What the record has not got is missing. Returns whether that is usual. */
function fillMissing(plan: Plan, row: usize, texts: usize): bool {
  for (let i = 0; i < plan.count; i++) {
    const field = fieldAt(plan, i);
    if (field.seen == plan.line) continue;
    if (field.unusual == 1) return false;
    if (field.number >= 0) store<f64>(row + (field.number << 3), NaN);
    if (field.text >= 0) noteText(texts, field.text, 0, 0);
  }
  return true;
}

/** As many numbers as are wanted. Nothing of them is kept but the whole. */
function readList(plan: Plan, at: usize, row: usize, texts: usize): usize {
  if (plan.texts > 0) return 0;
  for (let i = 0; i < plan.width; i++) {
    at = readValue(skipBlanks(at), row + (i << 3));
    if (at == 0) return 0;
    at = skipBlanks(at);
    if (load<u8>(at) != (i + 1 < plan.width ? COMMA : CLOSE_SQUARE)) return 0;
    at++;
  }
  return at;
}

/** Reads a number, 1 for true, 0 for false, and NaN for null. Returns what is behind it, 0 where it is anything else. */
@inline
function readValue(at: usize, number: usize): usize {
  const byte = load<u8>(at);
  if (byte == MINUS || byte - ZERO < 10) return readNumber(at, number);
  const word = load<u32>(at);
  if (word == NULL) store<f64>(number, NaN);
  else if (word == TRUE) store<f64>(number, 1);
  else if (byte == 102 && load<u32>(at + 1) == ALSE) {
    store<f64>(number, 0);
    return at + 5;
  } else return 0;
  return at + 4;
}

/** Behind a value that nobody wants, but that must be JSON; 0 where it is not, or nested. */
@inline
function passValue(at: usize): usize {
  const byte = load<u8>(at);
  if (byte == QUOTE) return passString(at + 1);
  if (byte == MINUS || byte - ZERO < 10) return passNumber(at);
  const word = load<u32>(at);
  if (word == NULL || word == TRUE) return at + 4;
  return byte == 102 && load<u32>(at + 1) == ALSE ? at + 5 : 0;
}

function passString(at: usize): usize {
  at = stringStop(at);
  while (load<u8>(at) == BACKSLASH) {
    at = passEscape(at + 1);
    if (at == 0) return 0;
    at = stringStop(at);
  }
  return load<u8>(at) == QUOTE ? at + 1 : 0;
}

/** Behind one of `"\/bfnrt`, or u and four digits of a hexadecimal number. */
function passEscape(at: usize): usize {
  const byte = load<u8>(at);
  if (byte == QUOTE || byte == BACKSLASH || byte == 47) return at + 1;
  if (byte == 98 || byte == 102 || byte == 110 || byte == 114 || byte == 116) return at + 1;
  if (byte != 117) return 0;
  for (let i = 1; i <= 4; i++) {
    const digit = load<u8>(at + i);
    if (digit - ZERO >= 10 && (digit | 32) - 97 >= 6) return 0;
  }
  return at + 5;
}

function passNumber(at: usize): usize {
  if (load<u8>(at) == MINUS) at++;
  const first = at;
  at = passDigits(at);
  if (at == first || (at - first > 1 && load<u8>(first) == ZERO)) return 0;
  if (load<u8>(at) == POINT) {
    const decimals = at + 1;
    at = passDigits(decimals);
    if (at == decimals) return 0;
  }
  if ((load<u8>(at) | 32) != 101) return at;
  at++;
  const sign = load<u8>(at);
  if (sign == MINUS || sign == 43) at++;
  const exponent = at;
  at = passDigits(at);
  return at == exponent ? 0 : at;
}

@inline
function passDigits(at: usize): usize {
  let count = countDigits(digitsAt(at));
  while (count == 8) count = countDigits(digitsAt((at += 8)));
  return at + count;
}
