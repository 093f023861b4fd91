/** What is looked for in lines, and what was found. The host writes it as i32 numbers in this order. */

/** A key of NDJSON, or a column of CSV. */
@unmanaged
export class Field {
  /** NDJSON: the bytes of the key, padded to 16, and how many there are. */
  name: usize;
  length: i32;
  /** Its place among the numbers of a row, and among the kept texts; −1 where it is not wanted. */
  number: i32;
  text: i32;
  /** NDJSON: what is unusual, a line without this key (1), or a line with it (2). */
  unusual: i32;
  /** NDJSON: the number of the last line that had it. */
  seen: i32;
}

/** What stands at a place among the keys of a line, learnt from the lines before. */
@unmanaged
export class Position {
  /** The first 16 bytes of the key, the quote that ends it and the colon, and which of them count. */
  patternLow: u64;
  patternHigh: u64;
  maskLow: u64;
  maskHigh: u64;
  /** Of the key, the quote and the colon; 0 where nothing was learnt. */
  length: i32;
  /** Which field it is, −1 where it is none. */
  field: i32;
}

@unmanaged
export class Plan {
  fields: usize;
  /** How many. In CSV there is one for each column. */
  count: i32;
  /** Numbers of a row. */
  width: i32;
  /** Kept texts of a row: where each begins and ends, two u32 numbers. */
  texts: i32;
  /** Whether the whole line is one more of them, at the end. */
  whole: i32;
  /** CSV: what separates cells, and what stands before decimals. */
  delimiter: i32;
  point: i32;
  /** NDJSON: room for `POSITIONS`, cleared. */
  positions: usize;
  /** Counts the lines. */
  line: i32;
  /** What the last call has found: rows, and lines, those without an event among them. */
  rows: i32;
  lines: i32;
}

/** Keys of a line whose places are learnt. */
export const POSITIONS: i32 = 256;

@inline
export function fieldAt(plan: Plan, i: i32): Field {
  return changetype<Field>(plan.fields + i * offsetof<Field>());
}

/** Notes where a text of the row begins and ends. */
@inline
export function noteText(texts: usize, i: i32, from: usize, to: usize): void {
  store<u32>(texts + (i << 3), <u32>from);
  store<u32>(texts + (i << 3), <u32>to, 4);
}
