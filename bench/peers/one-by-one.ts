/** The batches of a rival that knows single events only: a loop over one row that is filled anew. */
export function oneByOne(one: (event: number[]) => number, width: number): (events: Float32Array) => Float32Array {
  const row = Array.from({ length: width }, () => 0.5)
  let out = new Float32Array(0)
  return (events) => {
    const count = events.length / width
    if (out.length !== count) out = new Float32Array(count)
    for (let n = 0; n < count; n++) {
      for (let i = 0; i < width; i++) row[i] = events[n * width + i]!
      out[n] = one(row)
    }
    return out
  }
}
