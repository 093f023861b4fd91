/** What a missing value becomes, by the names of the columns. */
import { OptionError } from '../errors.ts'
import { listed, suggested } from '../text.ts'

interface Defaults {
  default?: Readonly<Record<string, number>>
}

/** @throws OptionError where one is for no input */
export function checkDefaults(features: readonly string[], { default: defaults = {} }: Defaults): void {
  const unknown = Object.keys(defaults).find((name) => !features.includes(name))
  if (unknown === undefined) return
  const question = suggested(unknown, features)
  throw new OptionError(
    'default',
    `${JSON.stringify(unknown)} is not a feature${question}; there are ${listed(features)}`,
  )
}

/** Puts them in the places of missing values. @param rows [events × columns] */
export function fillMissing(
  rows: Float64Array,
  columns: readonly string[],
  { default: defaults = {} }: Defaults,
): void {
  for (const [name, value] of Object.entries(defaults)) {
    const first = columns.indexOf(name)
    for (let at = first; at < rows.length; at += columns.length) if (Number.isNaN(rows[at]!)) rows[at] = value
  }
}
