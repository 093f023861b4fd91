import type { Summary } from './service.ts'
export function Grow(_: { models: readonly Summary[]; shown: boolean; away?: boolean; onChange(): void }) {
  return null
}
