/** Finds numbers in lines of bytes. What is unusual is left to whoever asks. */
import { LineKernels, padded } from './kernels.ts'

/** What is looked for in the records of NDJSON. */
export interface WantedKeys {
  /** The keys of numbers, in the order of a row. */
  inputs: readonly string[]
  /** Those that a record may lack; the value is then NaN. A record without another one is unusual. */
  optional?: ReadonlySet<string> | 'all'
  /** Keys of which it is told where their values stand. */
  keep?: readonly string[]
  /** Whether it is told where the record stands. */
  whole?: boolean
  /** A record with one of these keys is unusual. */
  taken?: readonly string[]
}

/** What is looked for in the rows of CSV. */
export interface WantedColumns {
  /** How many columns there are. */
  columns: number
  /** Where the columns of numbers stand among them, in the order of a row. */
  inputs: readonly number[]
  /** Where those stand of which it is told where their cells are. */
  keep?: readonly number[]
  /** What separates cells: `,`, `;` or a tab. */
  delimiter: string
  /** What stands before decimals. */
  decimal?: '.' | ','
}

interface Field {
  name: Uint8Array
  number: number
  text: number
  unusual: 0 | 1 | 2
}

/** Places of assembly/lines/plan.ts, in i32 numbers. */
const FIELD = { size: 6 }
const PLAN = { rows: 9, lines: 10, size: 11 }
const POSITIONS = 256 * 40

/** Bytes of the numbers that are found at once, and the fewest rows. */
const ROWS_BYTES = 1 << 19
const FEWEST = 64

const FEED = 10

/**
 * Finds the wanted numbers in whole lines of UTF-8. It stops before each line that is unusual: one that is not plain JSON
 * or CSV, that is nested, quoted or has escapes in a key, or in which a number is missing or something else. Whoever asks
 * reads that line in another way.
 * @example
 * const scanner = Scanner.records({ inputs: drone.inputs, optional: 'all' })
 * scanner.load(bytes)
 * for (let at = 0; at < bytes.length; ) {
 *   at = scanner.scan(at)
 *   if (scanner.count > 0) drone.predictBatch(scanner.rows)
 *   else if (at < bytes.length) at = readUnusual(bytes, at)
 * }
 */
export class Scanner {
  readonly #kernels: LineKernels | undefined
  readonly #records: boolean
  readonly #width: number
  /** Texts of a row. */
  readonly #texts: number
  /** Rows that are found at once. */
  readonly #most: number
  #planAt = 0
  #rowsAt = 0
  #textsAt = 0
  #bytesAt = 0
  #length = 0
  /** How many rows the last call has found. */
  count = 0
  /** How many lines that call has passed; in those that are no rows there is nothing. */
  lines = 0

  private constructor(fields: readonly Field[] | undefined, records: boolean, plan: readonly number[]) {
    const [width = 0, texts = 0, whole = 0] = plan
    this.#records = records
    this.#width = width
    this.#texts = texts + whole
    this.#most = Math.max(FEWEST, Math.min(ROWS_BYTES >> 3, Math.floor(ROWS_BYTES / (8 * (width + this.#texts || 1)))))
    this.#kernels = fields && LineKernels.create()
    if (fields && this.#kernels) this.#settle(this.#kernels, fields, plan)
  }

  /**
   * Looks for keys of records, or for as many values of lists as there are inputs.
   * @example const scanner = Scanner.records({ inputs: ['pt', 'eta'], optional: 'all' })
   */
  static records({ inputs, optional, keep = [], whole = false, taken = [] }: WantedKeys): Scanner {
    const fields = new Map<string, Field>()
    const field = (name: string): Field => {
      const known = fields.get(name) ?? { name: new TextEncoder().encode(name), number: -1, text: -1, unusual: 0 }
      fields.set(name, known)
      return known
    }
    for (const [i, name] of inputs.entries()) {
      field(name).number = i
      if (optional !== 'all' && !optional?.has(name)) field(name).unusual = 1
    }
    for (const [i, name] of keep.entries()) field(name).text = i
    for (const name of taken) field(name).unusual = 2
    // Bytes that are no UTF-8 are read as U+FFFD: such a key is not told by its bytes.
    const distinct = unique(inputs) && unique(keep) && ![...fields.keys()].some((name) => /\ufffd|\p{Cs}/u.test(name))
    const plan = [inputs.length, keep.length, Number(whole), 0, 0]
    return new Scanner(distinct ? [...fields.values()] : undefined, true, plan)
  }

  /**
   * Looks for columns.
   * @example const scanner = Scanner.cells({ columns: 10, inputs: [3, 0], delimiter: ',' })
   */
  static cells({ columns, inputs, keep = [], delimiter, decimal = '.' }: WantedColumns): Scanner {
    const name = new Uint8Array()
    const fields = Array.from({ length: columns }, (): Field => ({ name, number: -1, text: -1, unusual: 0 }))
    for (const [i, at] of inputs.entries()) fields[at]!.number = i
    for (const [i, at] of keep.entries()) fields[at]!.text = i
    const plan = [inputs.length, keep.length, 0, delimiter.charCodeAt(0), decimal.charCodeAt(0)]
    return new Scanner(unique(inputs) && unique(keep) ? fields : undefined, false, plan)
  }

  /** Writes down what is looked for, and where everything lies. */
  #settle(kernels: LineKernels, fields: readonly Field[], plan: readonly number[]): void {
    const sizes = [
      PLAN.size * 4,
      fields.length * FIELD.size * 4,
      fields.reduce((sum, { name }) => sum + padded(name.length), 0),
      POSITIONS,
      this.#most * this.#width * 8,
      this.#most * this.#texts * 8,
    ]
    const places = [0]
    for (const size of sizes) places.push(places.at(-1)! + padded(size))
    const base = padded(kernels.reserve(places.at(-1)! + 16))
    const [planAt = 0, fieldsAt = 0, namesAt = 0, positionsAt = 0, ...rest] = places.map((place) => base + place)
    ;[this.#rowsAt = 0, this.#textsAt = 0, this.#bytesAt = 0] = rest
    this.#planAt = planAt / 4
    // Fields, how many, width, texts, whole, delimiter, point, positions, line.
    kernels.i32.set([fieldsAt, fields.length, ...plan, positionsAt, 0], this.#planAt)
    let nameAt = namesAt
    for (const [i, { name, number, text, unusual }] of fields.entries()) {
      kernels.u8.set(name, nameAt)
      kernels.i32.set([nameAt, name.length, number, text, unusual, 0], fieldsAt / 4 + i * FIELD.size)
      nameAt += padded(name.length)
    }
  }

  /**
   * Takes whole lines, in place of those that it had; the last one may lack its line feed.
   * @example scanner.load(bytes)
   */
  load(lines: Uint8Array): void {
    this.#length = lines.length
    const kernels = this.#kernels
    if (!kernels) return
    const at = this.#bytesAt
    kernels.reserve(at + lines.length + 1 - kernels.base)
    kernels.u8.set(lines, at)
    kernels.u8[at + lines.length] = FEED
  }

  /**
   * Reads on from the beginning of a line.
   * @returns where the next line begins, which is unusual where no row was found
   * @example const next = scanner.scan(0)
   */
  scan(from: number): number {
    const kernels = this.#kernels
    this.count = 0
    this.lines = 0
    if (!kernels) return from
    const at = this.#bytesAt
    const end = at + this.#length
    const scan = this.#records ? kernels.run.scanRecords : kernels.run.scanCells
    const next = scan(this.#planAt * 4, at + from, end, this.#rowsAt, this.#textsAt, this.#most)
    this.count = kernels.i32[this.#planAt + PLAN.rows]!
    this.lines = kernels.i32[this.#planAt + PLAN.lines]!
    return Math.min(next, end) - at
  }

  /**
   * What the last call has found, [count × inputs]; a view that is good until the next call.
   * @example const scores = drone.predictBatch(scanner.rows)
   */
  get rows(): Float64Array<ArrayBuffer> {
    const from = this.#rowsAt / 8
    return this.#kernels?.f64.subarray(from, from + this.count * this.#width) ?? new Float64Array()
  }

  /**
   * Where the texts that are kept of a row stand among the bytes: [from, to) for each, the record last; [0, 0) where it
   * has none.
   * @example const [from, to] = scanner.places(0)
   */
  places(row: number): number[] {
    const from = this.#textsAt / 4 + row * this.#texts * 2
    const places = this.#kernels?.u32.subarray(from, from + this.#texts * 2) ?? []
    return Array.from(places, (place) => (place === 0 ? 0 : place - this.#bytesAt))
  }
}

function unique(values: readonly unknown[]): boolean {
  return new Set(values).size === values.length
}
