/** What every format of scores looks like to predict. */

/** A format: one file in this folder, and one line in index.ts. */
export interface ScoreFormat {
  /** What file names end with, after the dot. */
  readonly endings: readonly string[]
  /** @param outputs their names */
  writer(outputs: readonly string[]): ScoreWriter | Promise<ScoreWriter>
}

/** Makes the bytes of a file, in order. */
export interface ScoreWriter {
  /** What stands before the scores. */
  begin?(): string | Uint8Array
  /** @param scores [events × outputs]; what is not known is NaN */
  scores(scores: Float32Array): string | Uint8Array
  /** What stands behind the scores. */
  end?(): Uint8Array
  /** What the beginning should have been, of the same length, now that all is known. */
  beginning?(): Uint8Array
}
