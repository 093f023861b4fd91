/** Names of models and versions: parts of addresses and of paths, and so nothing that could lead elsewhere. */
import { excerpt } from '../text.ts'
import { Failure } from './failure.ts'

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/

export function isName(text: string): boolean {
  return NAME.test(text)
}

/** @throws Failure where a name could not be that of a folder */
export function checkName(what: 'model' | 'version', name: string): string {
  if (isName(name)) return name
  throw new Failure(
    400,
    `${what}: ${excerpt(name)}, expected up to 100 letters, digits, points, dashes and underscores`,
  )
}

/** Versions in their order: 9 before 10. */
export function byVersion(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true }) || (a < b ? -1 : 1)
}
