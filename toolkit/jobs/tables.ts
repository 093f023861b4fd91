/** Tables of numbers, row by row. */

/** Rows of a table [n × width] by their numbers. */
export function pick<Numbers extends Float32Array | Float64Array | Uint8Array>(
  values: Numbers,
  width: number,
  rows: ArrayLike<number>,
): Numbers {
  const picked = new (values.constructor as new (length: number) => Numbers)(rows.length * width)
  for (let n = 0; n < rows.length; n++) {
    picked.set(values.subarray(rows[n]! * width, (rows[n]! + 1) * width), n * width)
  }
  return picked
}

/** Columns [n] as [n × columns]. */
export function interleaved(columns: readonly Float64Array[]): Float32Array {
  const width = columns.length
  return Float32Array.from(
    { length: columns[0]!.length * width },
    (_, at) => columns[at % width]![Math.floor(at / width)]!,
  )
}

/** Some columns of a table [n × columns], in an order of their own. */
export function project(events: Float64Array, columns: readonly string[], chosen: readonly string[]): Float64Array {
  if (chosen.join() === columns.join()) return events
  const at = chosen.map((name) => columns.indexOf(name))
  const count = events.length / columns.length
  const projected = new Float64Array(count * at.length)
  for (let n = 0; n < count; n++) {
    for (let i = 0; i < at.length; i++) projected[n * at.length + i] = events[n * columns.length + at[i]!]!
  }
  return projected
}
