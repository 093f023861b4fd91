/** Figures as a person reads them. */

/** Four digits; JSON has them all. */
export function digits(value: number): string {
  return formatFor([value])(value)
}

/** Four digits for figures of one row or column: all with an exponent where one needs it. */
export function alike(values: readonly number[]): string[] {
  return values.map(formatFor(values))
}

function formatFor(values: readonly number[]): (value: number) => string {
  const sizes = values.filter((value) => value !== 0 && Number.isFinite(value)).map(Math.abs)
  const exponents = sizes.some((size) => size < 1e-3 || size >= 1e6)
  return (value) => {
    if (value === 0 || !Number.isFinite(value)) return String(value)
    return exponents ? value.toExponential(3) : String(Number(value.toPrecision(4)))
  }
}

export function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(3)} %`
}

/** Bytes. */
export function size(bytes: number): string {
  return bytes < 1e6 ? `${digits(bytes / 1e3)} kB` : `${digits(bytes / 1e6)} MB`
}
