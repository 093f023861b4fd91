import type { Piece } from '../../chain.ts'

/** Transforms events [events × inputs] in place. */
export type Transformation = (variables: Float32Array) => void

/** A transformation, and the same as a step of a chain. */
export interface Transforming {
  apply: Transformation
  piece: Piece
}
