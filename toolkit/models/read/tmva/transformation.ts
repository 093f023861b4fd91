/** What a transformation does to events [events × inputs], in place. */
export type Transformation = (variables: Float32Array) => void
