/** Records of whole lines: a scanner finds most of them in the bytes, the others are read one by one. */
import type { Scanner } from 'nndrone/lines'
import { type Gathering, type Kept, type Piece, pieceOf } from '../pieces.ts'

export abstract class ScannedRecords {
  protected readonly scanner: Scanner
  /** The line that is read next, from 1. */
  protected line: number
  /** The record that is read next, from 0. */
  protected row = 0
  /** Whether something goes along with the numbers. */
  readonly #keeps: boolean

  constructor(scanner: Scanner, line: number, keeps: boolean) {
    this.scanner = scanner
    this.line = line
    this.#keeps = keeps
  }

  /** What goes along with a record that the scanner has found. @param text each character stands for a byte */
  protected abstract found(n: number, text: string): Kept

  /** Reads the record that the scanner leaves, and returns where the next one begins. */
  protected abstract readUnusual(events: Gathering, bytes: Buffer, text: () => string, from: number): number

  /** The events of whole lines. */
  pieces(bytes: Buffer): Generator<Piece> {
    return pieceOf((events) => {
      const scanner = this.scanner
      let text: string | undefined
      // Each character stands for a byte, so that places are the same.
      const asText = () => (text ??= bytes.toString('latin1'))
      scanner.load(bytes)
      for (let at = 0; at < bytes.length; ) {
        at = scanner.scan(at)
        if (scanner.count > 0) this.#take(events, at === bytes.length, asText)
        this.line += scanner.lines
        if (scanner.count === 0 && at < bytes.length) at = this.readUnusual(events, bytes, asText, at)
      }
    })
  }

  /** Takes what the scanner has found. */
  #take(events: Gathering, last: boolean, text: () => string): void {
    const { rows, count } = this.scanner
    const companions = this.#keeps ? Array.from({ length: count }, (_, n) => this.found(n, text())) : undefined
    events.add(rows, count, last, companions)
    this.row += count
  }
}
