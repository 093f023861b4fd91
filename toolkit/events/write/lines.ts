/** The lines of scores as text, for what has more in them than scores. */

/** What a writer has made, as text. */
export function asText(content: string | Uint8Array): string {
  if (typeof content === 'string') return content
  return Buffer.from(content.buffer, content.byteOffset, content.length).toString()
}

/** Each line without its line feed. */
export function linesOf(bytes: Uint8Array): string[] {
  return asText(bytes).split('\n').slice(0, -1)
}
