/** What is said of a file of no format that is read. */

/** As much of it as a message has room for. */
const CHARACTERS = 40
const BYTES = 8

/**
 * What it is not, and what stands at its beginning.
 * @param wanted what it should have been: `a model`
 */
export function unknown(bytes: Uint8Array, wanted: string): string {
  if (bytes.length === 0) return `empty, expected ${wanted}`
  return `not ${wanted} of a known format, but ${beginning(bytes)}; nndrone --version names the formats`
}

function beginning(bytes: Uint8Array): string {
  const text = textAt(bytes)?.trim()
  if (text === '') return 'blanks'
  if (text !== undefined) {
    const line = text.split(/[\r\n]/, 1)[0]!
    return `text that begins with ${JSON.stringify(line.length > CHARACTERS ? `${line.slice(0, CHARACTERS)}…` : line)}`
  }
  const hexadecimal = Array.from(bytes.subarray(0, BYTES), (byte) => byte.toString(16).padStart(2, '0'))
  return `bytes that begin with ${hexadecimal.join(' ')}`
}

/** The first characters; undefined where they are no text. */
function textAt(bytes: Uint8Array): string | undefined {
  const some = bytes.subarray(0, 1024)
  if (some.some((byte) => byte < 9 || (byte > 13 && byte < 32))) return undefined
  try {
    // The last character may be cut.
    return new TextDecoder('utf-8', { fatal: true }).decode(some, { stream: true })
  } catch {
    return undefined
  }
}
