/** How long calls took, drawn as bars on a logarithmic scale: a line for each fifth of a decade. */

const BARS_A_DECADE = 5

/** Eighths of a character. */
const EIGHTHS = ' ▏▎▍▌▋▊▉█'

/**
 * @param sorted nanoseconds, the shortest first
 * @param width characters of a line at most
 */
export function histogram(sorted: ArrayLike<number>, width: number): string {
  const bin = (value: number) => Math.floor(BARS_A_DECADE * Math.log10(Math.max(value, 1)))
  const counts = new Map<number, number>()
  for (let i = 0; i < sorted.length; i++) counts.set(bin(sorted[i]!), (counts.get(bin(sorted[i]!)) ?? 0) + 1)
  const [first, last] = [bin(sorted[0]!), bin(sorted[sorted.length - 1]!)]
  const most = Math.max(...counts.values())
  const figures = String(sorted.length).length
  const room = Math.max(8, width - 12 - figures)
  const lines: string[] = []
  for (let at = first; at <= last; at++) {
    const count = counts.get(at) ?? 0
    const from = duration(10 ** (at / BARS_A_DECADE)).padStart(8)
    // On a plain scale one call among a million would not be seen; the logarithm of the count shows it.
    const length = count === 0 ? 0 : Math.max(1, Math.round((8 * room * Math.log1p(count)) / Math.log1p(most)))
    const bar = '█'.repeat(length >> 3) + (length & 7 ? EIGHTHS[length & 7]! : '')
    lines.push(`${from} ${String(count).padStart(figures)} ${bar}`.trimEnd())
  }
  return `${lines.join('\n')}\n`
}

/** Nanoseconds as a person reads them. */
export function duration(nanoseconds: number): string {
  const units = [
    ['s', 1e9],
    ['ms', 1e6],
    ['µs', 1e3],
  ] as const
  const [unit, size] = units.find(([, size]) => nanoseconds >= 0.9995 * size) ?? (['ns', 1] as const)
  return `${Number((nanoseconds / size).toPrecision(3))} ${unit}`
}
