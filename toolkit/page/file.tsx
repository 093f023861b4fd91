import type { Loaded } from './documents.ts'
import type { Summary } from './service.ts'
export function FileScores(_: { model: Summary; it: Loaded }) {
  return null
}
