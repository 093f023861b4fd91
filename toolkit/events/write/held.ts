/** Scores and kept cells of formats that have to know what a column holds before they write its first value. */
import { type Cell, type CellType, type Kept, toNumber } from '../index.ts'
import { cellText } from './cells.ts'
import type { KeptColumn, Layout } from './format.ts'

/** All events of a file. */
export class Held {
  readonly columns: readonly HeldColumn[]
  readonly #outputs: number
  readonly #scores: Float32Array[] = []
  count = 0

  constructor({ kept, outputs }: Layout) {
    this.columns = kept.map((column) => new HeldColumn(column))
    this.#outputs = outputs.length
  }

  add(scores: Float32Array, kept: readonly Kept[]): void {
    this.#scores.push(scores.slice())
    for (const { cells, json } of kept) {
      for (const [i, column] of this.columns.entries()) column.add(cellText(cells[i], json))
    }
    this.count += scores.length / this.#outputs
  }

  /** [events × outputs], `events` at a time and fewer at the end, with the cells of each column. */
  *blocks(events: number): Generator<{ scores: Float32Array; cells: Cell[][] }> {
    const columns = this.columns.map((column) => column.cells())
    const scores = this.#all()
    for (let n = 0; n < this.count; n += events) {
      const some = Math.min(events, this.count - n)
      const cells = columns.map((column) => Array.from({ length: some }, () => column.next().value as Cell))
      yield { scores: scores.subarray(n * this.#outputs, (n + some) * this.#outputs), cells }
    }
  }

  #all(): Float32Array {
    const scores = new Float32Array(this.count * this.#outputs)
    let at = 0
    for (const piece of this.#scores) {
      scores.set(piece, at)
      at += piece.length
    }
    return scores
  }
}

/** Cells that are packed together. */
const PACK = 1 << 14

const INTEGER = /^-?(0|[1-9]\d*)$/

/** What is read as a number where one is asked for, and could not be written as one without loss. */
const TEXT = /^\s*([-+]?0\d|true|false)/i

class HeldColumn {
  readonly name: string
  readonly #type: CellType | undefined
  readonly #packs: { bytes: Buffer; lengths: Int32Array }[] = []
  #cells: Cell[] = []
  #integers = true
  #numbers = true
  /** Whether no whole number is too large for a float64. */
  #exact = true
  /** Whether a cell has nothing in it. */
  missing = false
  /** Characters of the longest cell. */
  widest = 0

  constructor({ name, type }: KeptColumn) {
    this.name = name
    this.#type = type
  }

  add(cell: Cell): void {
    if (cell === undefined) this.missing = true
    else this.#look(cell)
    this.#cells.push(cell)
    if (this.#cells.length === PACK) this.#pack()
  }

  /** What all cells can be written as without loss. @param missing whether a whole number may be missing */
  holds(missing: boolean): CellType | 'text' {
    if (this.#type === 'float32' || this.#type === 'float64') return this.#type
    if (this.#integers && (missing || !this.missing)) return 'integer'
    return this.#numbers && this.#exact ? 'float64' : 'text'
  }

  *cells(): Generator<Cell> {
    for (const { bytes, lengths } of this.#packs) {
      const text = bytes.toString('utf8')
      let at = 0
      for (const length of lengths) {
        yield length < 0 ? undefined : text.slice(at, at + length)
        at += Math.max(0, length)
      }
    }
    yield* this.#cells
  }

  #look(cell: string): void {
    this.widest = Math.max(this.widest, cell.length)
    const integer = INTEGER.test(cell)
    this.#integers &&= integer && (cell.length < 19 || BigInt.asIntN(64, BigInt(cell)) === BigInt(cell))
    this.#exact &&= !integer || Number.isSafeInteger(Number(cell))
    this.#numbers &&= integer || (toNumber(cell) !== undefined && !TEXT.test(cell))
  }

  /** As bytes, which take less memory than texts of their own. */
  #pack(): void {
    const cells = this.#cells
    this.#packs.push({
      bytes: Buffer.from(cells.map((cell) => cell ?? '').join('')),
      lengths: Int32Array.from(cells, (cell) => cell?.length ?? -1),
    })
    this.#cells = []
  }
}

/** The number of a cell, NaN where it is missing. */
export function cellNumber(cell: Cell): number {
  if (cell === undefined) return Number.NaN
  return toNumber(cell) ?? Number.NaN
}
