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
  const bytes = new Uint8Array(length)
  const digit = (i: number) => {
    const code = text.charCodeAt(i)
    return code === 33 ? 52 : code - 40
  }
  for (let i = 0, n = 0; n < length; n++) {
    const first = digit(i++)
    bytes[n] = (first < 85 ? first : 85 + 87 * (first - 85) + digit(i++)) - shift
  }
  return bytes
}
