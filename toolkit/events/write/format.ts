/** What every format of scores looks like to predict. */
import type { CellType, Kept } from '../index.ts'

/** A format: one file in this folder, and one line in index.ts. */
export interface ScoreFormat {
  /** What file names end with, after the dot. */
  readonly endings: readonly string[]
  /** Whether events that come as whole JSON go through as they are. */
  readonly takesWhole?: true
  writer(layout: Layout): ScoreWriter | Promise<ScoreWriter>
}

/** What is written of each event. */
export interface Layout {
  /** The columns that go through, before the scores. */
  kept: readonly KeptColumn[]
  /** The names of the outputs. */
  outputs: readonly string[]
}

export interface KeptColumn {
  name: string
  /** What it holds, where the file of the events tells. */
  type?: CellType
}

/** Makes the bytes of a file, in order. */
export interface ScoreWriter {
  /** What stands before the scores. */
  begin?(): string | Uint8Array
  /**
   * @param scores [events × outputs]; what is not known is NaN
   * @param kept what goes through with each event, with as many cells as columns
   * @returns what is good until the next call
   */
  scores(scores: Float32Array, kept: readonly Kept[] | undefined): string | Uint8Array
  /** What stands behind the scores, a block after the other. */
  end?(): Iterable<Uint8Array>
  /** What the beginning should have been, of the same length, now that all is known. */
  beginning?(): Uint8Array
}
