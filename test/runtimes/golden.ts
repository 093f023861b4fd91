/** The digests that every runtime must give: a change of any bit anywhere shows here. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const GOLDEN = fileURLToPath(new URL('golden.json', import.meta.url))

export function golden(): Record<string, string> {
  return JSON.parse(readFileSync(GOLDEN, 'utf8')).digests
}

/** The names under which two hold something else, or only one of them anything. */
export function differing(found: Record<string, string>, expected: Record<string, string>): string[] {
  return [...new Set([...Object.keys(found), ...Object.keys(expected)])].filter(
    (name) => found[name] !== expected[name],
  )
}
