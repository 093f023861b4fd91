/** Numbers as people write them. */

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** Plain numbers are written out from this size on, and below the other. */
const SMALLEST = 1e-3
const LARGEST = 1e5

/** Decimals that a double can be trusted for. */
const MOST_DECIMALS = 12

/** 10 to a whole power, nearest to it, which a product of tenths is not. */
export function power(exponent: number): number {
  return Number(`1e${exponent}`)
}

function exponentOf(value: number): number {
  return value === 0 ? 0 : Number(value.toExponential().split('e')[1])
}

/** `10⁻³` */
export function powerText(exponent: number): string {
  if (exponent === 0) return '1'
  if (exponent === 1) return '10'
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[Number(digit)]).join('')
  return `10${exponent < 0 ? '⁻' : ''}${digits}`
}

/** `−0.25`, `20 000`: a minus that is one, and thin spaces from five digits on. */
function plain(value: number, decimals: number): string {
  const [whole, part] = Math.abs(value).toFixed(decimals).split('.') as [string, string | undefined]
  const grouped = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, '\u2009') : whole
  const text = part ? `${grouped}.${part}` : grouped
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text
}

/** With so many significant digits, and no zero after them: `0.125`, `2.5×10⁻⁷`. */
export function numberText(value: number, digits = 3): string {
  if (Number.isNaN(value)) return 'not a number'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞'
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return plain(value, 0)
  const rounded = Number(value.toPrecision(digits))
  if (Math.abs(rounded) < LARGEST && Math.abs(rounded) >= SMALLEST) return plain(rounded, decimalsOf(rounded))
  const [mantissa, exponent] = value
    .toExponential(digits - 1)
    .split('e')
    .map(Number) as [number, number]
  return withPower(plain(mantissa, decimalsOf(mantissa)), exponent)
}

function decimalsOf(value: number): number {
  return String(value).split('.')[1]?.length ?? 0
}

function withPower(mantissa: string, exponent: number): string {
  return exponent === 0 ? mantissa : `${mantissa === '1' ? '' : `${mantissa}×`}10${powerText(exponent).slice(2)}`
}

/** Evenly spaced ticks, all with as many decimals as their distance asks for. */
export function tickTexts(ticks: readonly number[]): string[] {
  const largest = ticks.reduce((most, tick) => Math.max(most, Math.abs(tick)), 0)
  const exponent = largest >= LARGEST || largest < SMALLEST ? exponentOf(largest) : 0
  const scaled = ticks.map((tick) => tick / power(exponent))
  const step = scaled.length > 1 ? Math.abs(scaled[1]! - scaled[0]!) : Math.abs(scaled[0] ?? 0)
  let decimals = 0
  while (decimals < MOST_DECIMALS && !scaled.every((tick) => near(tick, decimals, step))) decimals++
  return scaled.map((tick, i) => (ticks[i] === 0 ? '0' : withPower(plain(tick, decimals), exponent)))
}

function near(tick: number, decimals: number, step: number): boolean {
  return Math.abs(Number(tick.toFixed(decimals)) - tick) <= 1e-6 * step
}

/** A coordinate: hundredths of a pixel are seen by nobody. */
export function px(value: number): string {
  return String(Math.round(value * 100) / 100 + 0)
}
