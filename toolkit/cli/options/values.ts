/** Values of options, checked while the command line is read: a wrong one is a mistake of usage. */
import { InvalidArgumentError } from 'commander'

/** A whole number from `least`. */
export function whole(least: number) {
  return (text: string): number => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= least && Number.isSafeInteger(value)) return value
    throw new InvalidArgumentError(`Expected a whole number from ${least}.`)
  }
}

export function positive(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value > 0 && Number.isFinite(value)) return value
  throw new InvalidArgumentError('Expected a positive number.')
}

/** A fraction from 0 to below 1. */
export function fraction(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= 0 && value < 1) return value
  throw new InvalidArgumentError('Expected a fraction from 0 to below 1.')
}

/** Names between commas. */
export function names(text: string): string[] {
  const list = text.split(',').map((name) => name.trim())
  if (list.includes('')) throw new InvalidArgumentError('Expected names between commas.')
  const twice = list.find((name, i) => list.indexOf(name) !== i)
  if (twice !== undefined) throw new InvalidArgumentError(`"${twice}" is named twice.`)
  return list
}

/** Numbers between commas, after those of the same option before. */
export function numbers(text: string, before: readonly number[] = []): number[] {
  const list = text.split(',').map((number) => (number.trim() === '' ? Number.NaN : Number(number)))
  if (list.every((number) => Number.isFinite(number))) return [...before, ...list]
  throw new InvalidArgumentError('Expected numbers between commas.')
}

/** Units of the hidden layers, between commas. */
export function units(text: string): number[] {
  return text.split(',').map(whole(1))
}

type Values = Readonly<Record<string, number>>

/** NAME=NUMBER, added to those before. */
export function values(text: string, before: Values = {}): Values {
  const at = text.lastIndexOf('=')
  const name = text.slice(0, at).trim()
  const value = text.slice(at + 1).trim()
  if (at <= 0 || name === '' || value === '' || !Number.isFinite(Number(value))) {
    throw new InvalidArgumentError('Expected NAME=NUMBER.')
  }
  return Object.fromEntries([...Object.entries(before), [name, Number(value)]])
}

/** COLUMN, or COLUMN:N. */
export function slicing(text: string): { column: string; bins?: number } {
  const [, column = text, bins] = /^(.+):(\d+)$/.exec(text) ?? []
  if (column.trim() === '') throw new InvalidArgumentError('Expected the name of a column, or NAME:N for n slices.')
  return bins === undefined ? { column } : { column, bins: whole(1)(bins) }
}
