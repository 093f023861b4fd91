/** Transforms events [events × inputs] in place. */
export type Transformation = (variables: Float32Array) => void
