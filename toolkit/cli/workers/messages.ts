/** What predict and its workers tell each other. */
import type { Kept, Part } from '../../events/index.ts'

/** How each part is scored. */
export interface Start {
  drone: { path: string; name?: string; bytes: Uint8Array }
  features?: readonly string[]
  cut?: string
  onlyPassing?: boolean
  default?: Readonly<Record<string, number>>
  missing?: readonly number[]
  where?: string
  decimal?: '.' | ','
  onError: 'fail' | 'skip' | 'null'
  /** Decides the format of the scores, with that of the events. */
  out?: string
  keep?: readonly string[]
}

/** A part to be scored. */
export interface Task {
  part: Part
  /** What the first part has told of all: the columns that go along, and those of the events. */
  known?: Known
}

export interface Known {
  keep: readonly string[]
  columns: readonly string[] | undefined
}

/** What became of a part. */
export interface Scored {
  known: Known
  /** What stands before all scores. */
  begin: Uint8Array
  scores: Uint8Array
  /** Events that were scored, and of those how many pass the cut. */
  count: number
  passed: number | undefined
  /** Records that were read, and the bad ones of them, whose rows count from the beginning of the part. */
  rows: number
  faults: readonly Kept[]
  notices: readonly string[]
  /** Why it ended early: the message, and whether it is for people. */
  error?: { message: string; known: boolean }
}
