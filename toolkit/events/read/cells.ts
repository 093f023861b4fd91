/** What stands in a cell of text, as a number. */

const NUMBER = /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i
const INFINITE = /^[-+]?inf(inity)?$/i
const MISSING = /^([-+]?nan|na|n\/a|null|none)?$/i
const TRUTH = /^(true|false)$/i

/** The number of a cell, 1 for true and 0 for false, NaN where it is a missing one, undefined where it is none of these. */
export function toNumber(cell: string): number | undefined {
  // Blanks are taken away first: an expression that passes over them may try each of them anew.
  const bare = cell.trim()
  if (NUMBER.test(bare)) return Number(bare)
  if (MISSING.test(bare)) return Number.NaN
  if (INFINITE.test(bare)) return bare.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  return TRUTH.test(bare) ? Number(bare.toLowerCase() === 'true') : undefined
}

/** Digits of a whole number that is exact, and the powers of ten to divide it by, exact too: the quotient is right. */
const EXACT = 15
const POWERS = Float64Array.from({ length: EXACT + 1 }, (_, i) => 10 ** i)

/** `toNumber` of what stands from one place to before another: most cells are digits and a point, read here. */
export function numberAt(text: string, from: number, to: number): number | undefined {
  const sign = text.charCodeAt(from)
  let at = sign === 45 || sign === 43 ? from + 1 : from
  const first = at
  let whole = 0
  let point = -1
  for (; at < to; at++) {
    const code = text.charCodeAt(at)
    if (code >= 48 && code <= 57) whole = 10 * whole + code - 48
    else if (code === 46 && point < 0) point = at
    else return toNumber(text.slice(from, to))
  }
  const digits = to - first - (point < 0 ? 0 : 1)
  if (digits === 0) return toNumber(text.slice(from, to))
  if (digits > EXACT) return Number(text.slice(from, to))
  const value = point < 0 ? whole : whole / POWERS[to - point - 1]!
  return sign === 45 ? -value : value
}
