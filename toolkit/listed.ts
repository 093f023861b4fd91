/** So many are shown of a list. */
const SHOWN = 10

/** Names as a message lists them: the first ten, and how many there are more. */
export function listed(names: readonly string[], separator = ', '): string {
  const shown = names.slice(0, SHOWN).join(separator)
  return names.length > SHOWN ? `${shown}${separator}… (${(names.length - SHOWN).toLocaleString('en')} more)` : shown
}
