/** What the page and its worker tell each other. */
import type { DriftMeasure } from '../drift/index.ts'

/** A file to score. */
export interface Order {
  document: string
  file: File
}

export type Report =
  | { what: 'progress'; bytes: number; events: number }
  | { what: 'failed'; message: string }
  | { what: 'done'; scored: FileScored }

export interface FileScored {
  events: number
  /** Events without a score, because a value is missing. */
  unscored: number
  seconds: number
  /** Scores of the first output, in bins of equal width. */
  ends: [least: number, greatest: number]
  counts: number[]
  drift: DriftMeasure
  /** The file with the scores. */
  joined: Blob
  name: string
}
