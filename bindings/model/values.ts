/** What a value of a document is, checked where it stands: each throws a ConfigurationError that names the place. */
import { refuse } from '../errors.ts'

export type Dictionary = Record<string, unknown>

export function dictionary(value: unknown, path: string): Dictionary {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(path, value, 'an object')
  return value as Dictionary
}

export function array(value: unknown, path: string): unknown[] {
  if (!Array.isArray(value)) refuse(path, value, 'an array')
  return value
}

export function finite(value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) refuse(path, value, 'a finite number')
  return value
}
