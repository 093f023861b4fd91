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

/** Words that Python writes for numbers that JSON has none for, and what is read in their place. */
const WORDS: readonly (readonly [word: string, json: string])[] = [
  ['NaN', ' null '],
  ['-Infinity', ' -1e999 '],
  ['Infinity', ' 1e999 '],
]

/** A text of JSON without those words; the same text where there are none. */
export function withoutWords(text: string): string {
  let plain = ''
  let from = 0
  for (let at = 0; at < text.length; ) {
    const word = WORDS.find(([word]) => text.startsWith(word, at))
    if (word) {
      plain += text.slice(from, at) + word[1]
      from = at += word[0].length
    } else at = text.charCodeAt(at) === QUOTE ? stringEnd(text, at) : at + 1
  }
  return plain + text.slice(from)
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
