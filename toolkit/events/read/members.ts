/** Where the members of a JSON object stand in its text, so that they can go through as they were written. */

const QUOTE = 34
const COMMA = 44
const BACKSLASH = 92
const OPENING = new Set([123, 91])
const CLOSING = new Set([125, 93])

/**
 * The text of the values of some keys, undefined where there is none; of a key that stands twice the last one, as
 * JSON.parse has it.
 * @param text an object that JSON.parse reads
 * @param keys with the place of each in the result
 */
export function memberTexts(text: string, keys: ReadonlyMap<string, number>): (string | undefined)[] {
  const values = new Array<string | undefined>(keys.size).fill(undefined)
  let at = skipSpace(text, text.indexOf('{') + 1)
  while (text.charCodeAt(at) === QUOTE) {
    const keyEnd = stringEnd(text, at)
    const key = text.slice(at + 1, keyEnd - 1)
    const from = skipSpace(text, text.indexOf(':', keyEnd) + 1)
    const end = valueEnd(text, from)
    const place = keys.get(key.includes('\\') ? JSON.parse(`"${key}"`) : key)
    if (place !== undefined) values[place] = text.slice(from, end)
    at = skipSpace(text, end)
    if (text.charCodeAt(at) === COMMA) at = skipSpace(text, at + 1)
  }
  return values
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (text.charCodeAt(at) <= 32) at++
  return at
}

/** Behind the closing quote of the string that begins at `from`. */
function stringEnd(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) return at + 1
    if (code === BACKSLASH) at++
  }
  return text.length
}

/** Where a value of any kind ends that begins at `from`. */
function valueEnd(text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = stringEnd(text, at) - 1
    else if (OPENING.has(code)) depth++
    else if (depth === 0 && (code === COMMA || code <= 32 || CLOSING.has(code))) return at
    else if (CLOSING.has(code)) depth--
  }
  return text.length
}
