/** What is made of a tree or an RNTuple. */
import type { Field } from '../strips.ts'

export interface RootTable {
  /** Events. */
  count: number
  columns: Column[]
}

export interface Column {
  name: string
  /** What it holds where that is not a number for each event. */
  field: Field | string
}
