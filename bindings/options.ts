/** What a caller's options may be called, and of which type they are. */
import { ConfigurationError, refuse, shown } from './errors.ts'

/** The type of each option, as `typeof` gives it; '' leaves the check to the code that uses the option. */
export type OptionTypes<Options> = Readonly<Record<keyof Options, '' | 'function' | 'object' | 'boolean' | 'string'>>

/**
 * @param call what the options were passed to
 * @throws ConfigurationError on an option that does not exist, or is of another type
 */
export function checkOptions<Options>(call: string, options: unknown, types: OptionTypes<Options>): void {
  if (options === undefined || options === null) return
  if (typeof options !== 'object') refuse(`${call}: options`, options, 'an object')
  const known: Readonly<Record<string, string>> = types
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || value === null) continue
    if (!Object.hasOwn(known, name)) throw unknownOption(call, name, Object.keys(known))
    const type = known[name]
    if (type && typeof value !== type) refuse(name, value, type === 'object' ? 'an object' : `a ${type}`)
  }
}

function unknownOption(call: string, name: string, known: readonly string[]): ConfigurationError {
  const similar = known.find((other) => distance(name.toLowerCase(), other.toLowerCase()) <= 1 + other.length / 6)
  const hint = similar ? `did you mean ${similar}?` : `options are ${known.slice(0, 10).join(', ')}`
  return new ConfigurationError(`${call}: there is no option ${shown(name)}; ${hint}`)
}

/** How many letters have to be put in, left out or changed to make one word of another (Levenshtein). */
function distance(word: string, other: string): number {
  let row = Array.from(`${other} `, (_, j) => j)
  for (let i = 0; i < word.length; i++) {
    const above = row
    row = [i + 1]
    for (let j = 0; j < other.length; j++) {
      row.push(Math.min(row[j]! + 1, above[j + 1]! + 1, above[j]! + Number(word[i] !== other[j])))
    }
  }
  return row.at(-1)!
}
