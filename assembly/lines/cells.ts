/** Lines of CSV without quotes. */
import { FEED, RETURN, SPACE, TAB, cellStop } from './bytes';
import { readCell } from './decimal';
import { Plan, fieldAt, noteText } from './plan';

/** `nan` in small letters, in three bytes. */
const NAN: u32 = 0x6e616e;

/**
 * Reads lines up to `end` or the first that is unusual: with a quote in it, more or fewer cells, a wanted one that is
 * no plain number, or blank but not empty.
 * @param planAt see `Plan`
 * @param rows f64[most × width], where the numbers go
 * @param texts u32[most × texts × 2], where it is noted what is kept
 * @returns where the next line begins
 */
export function scanCells(planAt: usize, at: usize, end: usize, rows: usize, texts: usize, most: i32): usize {
  const plan = changetype<Plan>(planAt);
  const rowBytes = plan.width << 3;
  const textBytes = plan.texts << 3;
  let count = 0;
  let lines = 0;
  while (at < end && count < most) {
    const empty = emptyLine(at);
    if (empty == 0) {
      const next = readLine(plan, at, rows, texts);
      if (next == 0) break;
      at = next;
      count++;
      rows += rowBytes;
      texts += textBytes;
    } else at += empty;
    lines++;
  }
  plan.rows = count;
  plan.lines = lines;
  return at;
}

/** How long a line is in which there is nothing, 0 where it is none. */
@inline
function emptyLine(at: usize): i32 {
  const byte = load<u8>(at);
  if (byte == FEED) return 1;
  return byte == RETURN && load<u8>(at + 1) == FEED ? 2 : 0;
}

/** Returns where the next line begins; 0 where this one is unusual. */
function readLine(plan: Plan, at: usize, row: usize, texts: usize): usize {
  const delimiter = <u8>plan.delimiter;
  const delimiters = i8x16.splat(delimiter);
  const point = <u8>plan.point;
  const last = plan.count - 1;
  // It may be blank, which is no event.
  if (load<u8>(at) <= SPACE && (delimiter == TAB || last == 0)) return 0;
  for (let i = 0; i <= last; i++) {
    const field = fieldAt(plan, i);
    const from = at;
    if (field.number >= 0) {
      while (load<u8>(at) == SPACE) at++;
      const number = row + (field.number << 3);
      at = readCell(at, point, number) || readMissing(at, delimiter, number);
      if (at == 0) return 0;
      while (load<u8>(at) == SPACE) at++;
    } else at = cellStop(at, delimiters);
    const end = i == last ? lineEnd(at, from) : at;
    if (end == 0 || (i < last && load<u8>(at) != delimiter)) return 0;
    if (field.text >= 0) noteText(texts, field.text, from, end);
    at = i < last ? at + 1 : end;
  }
  return at + (load<u8>(at) == RETURN ? 2 : 1);
}

/** Where the content of a line ends whose line feed is at a place or behind the carriage return there; 0 if neither. */
@inline
function lineEnd(at: usize, from: usize): usize {
  if (load<u8>(at) == RETURN && load<u8>(at + 1) == FEED) return at;
  if (load<u8>(at) != FEED) return 0;
  return at > from && load<u8>(at - 1) == RETURN ? at - 1 : at;
}

/** Behind a cell with nothing in it, or `nan` in any letters; 0 where it is neither. */
function readMissing(at: usize, delimiter: u8, out: usize): usize {
  store<f64>(out, NaN);
  const byte = load<u8>(at);
  if (byte == delimiter || byte == FEED || byte == RETURN) return at;
  return ((load<u32>(at) | 0x202020) & 0xffffff) == NAN ? at + 3 : 0;
}
