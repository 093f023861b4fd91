/** Arrays of numbers, and their shapes. */

/** Sizes of an array without its first axis, the events. The last axis is the channels. */
export type Shape = readonly number[]

/** Numbers in the order of their shape, the last axis running fastest. Double precision, as JavaScript computes. */
export type Values = Float64Array

export function size(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1)
}
