/** What stands in a cell of text, as a number. */

const NUMBER = /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i
const INFINITE = /^[-+]?inf(inity)?$/i
const MISSING = /^([-+]?nan|na|n\/a|null|none)?$/i
const TRUTH = /^(true|false)$/i

/**
 * The number of a cell of CSV, 1 for true and 0 for false, NaN where it is a missing one (empty, nan, NA, null, none),
 * undefined where it is none of these.
 * @example toNumber(' 2.5 ') // 2.5
 */
export function toNumber(cell: string): number | undefined {
  // Blanks are taken away first: an expression that passes over them may try each of them anew.
  const bare = cell.trim()
  if (NUMBER.test(bare)) return Number(bare)
  if (MISSING.test(bare)) return Number.NaN
  if (INFINITE.test(bare)) return bare.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  return TRUTH.test(bare) ? Number(bare.toLowerCase() === 'true') : undefined
}
