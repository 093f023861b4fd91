/** Where a kernel or a pool looks along an axis. */
import type { Options } from '../options.ts'

export interface Look {
  /** Of the axis. */
  length: number
  width: number
  stride: number
  dilation: number
  padding: 'valid' | 'same' | 'causal'
}

export interface Windows {
  /** Positions, the length of the output. */
  count: number
  /** Where the first one begins; below zero where padding comes first. */
  start: number
}

/** As TensorFlow counts: with `same` padding the odd one comes last. */
export function windows(options: Options, { length, width, stride, dilation, padding }: Look): Windows {
  const span = (width - 1) * dilation + 1
  if (padding === 'same') {
    const count = Math.ceil(length / stride)
    return { count, start: -(Math.max(0, (count - 1) * stride + span - length) >> 1) }
  }
  if (padding === 'causal') return { count: Math.ceil(length / stride), start: 1 - span }
  if (span > length) throw options.error(`looks at ${span} positions, but the input has ${length}`)
  return { count: Math.floor((length - span) / stride) + 1, start: 0 }
}
