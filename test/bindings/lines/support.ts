/** What the tests of lines share. */

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** Where values were found that are not those expected, to the bit, with the texts they were found in; ten at most. */
export function differences(
  found: readonly (number | undefined)[],
  expected: readonly number[],
  texts: readonly string[],
): string[] {
  const wrong = texts.map((text, n) => ({ text, found: found[n], expected: expected[n]! }))
  return wrong
    .filter(({ found, expected }) => found !== undefined && !Object.is(found, expected))
    .map(({ text, found, expected }) => `${text}: ${found}, expected ${expected}`)
    .slice(0, 10)
}
