/** Bytes that can be read at any place: of a file, of a part of one, or in memory. */
export interface Ranges {
  readonly size: number
  /** From one place to before another; what lies behind the end is left out. */
  slice(from: number, to: number): AsyncIterable<Uint8Array>
}

/** @returns fewer bytes where the end comes first */
export async function readRange(ranges: Ranges, from: number, to: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(Math.max(0, Math.min(to, ranges.size) - from))
  let at = 0
  for await (const chunk of ranges.slice(from, from + bytes.length)) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return at === bytes.length ? bytes : bytes.slice(0, at)
}

/** Bytes that are in memory. */
export function rangesOf(bytes: Uint8Array): Ranges {
  return {
    size: bytes.length,
    async *slice(from, to) {
      yield bytes.subarray(from, to)
    },
  }
}
