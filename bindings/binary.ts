/** The kernels' binaries, which are kept as text (scripts/binary.mjs writes them so). */

export interface Binary {
  /** Of the bytes. */
  length: number
  /** What was added to each byte. */
  shift: number
  /** A digit from 0 to 84 is a byte; 85 and 86 begin a pair that is a larger one. */
  text: string
}

export function bytesOf({ length, shift, text }: Binary): Uint8Array<ArrayBuffer> {
  const codes = new TextEncoder().encode(text.replaceAll('!', '\\'))
  const bytes = new Uint8Array(length)
  // No call in the loop: a process that has just started has compiled nothing yet.
  for (let i = 0, n = 0; n < length; n++) {
    let value = codes[i++]! - 40
    if (value > 84) value = 85 + 87 * (value - 85) + codes[i++]! - 40
    bytes[n] = value - shift
  }
  return bytes
}
