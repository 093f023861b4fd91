/** The lines of scores as text, for what has more in them than scores. */

/** Each line without its line feed. */
export function linesOf(bytes: Uint8Array): string[] {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString().split('\n').slice(0, -1)
}
