/** What several tests need: random networks (of their own file), comparison by bits, and the data that may be there. */
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Random } from '../bindings/arithmetic/random.ts'
import type { EngineName } from '../bindings/engines/api.ts'
import { loadEngine } from '../bindings/engines/index.ts'

export * from './networks.ts'

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')

/** The folder of the real events, if it is there. */
const data = process.env.NNDRONE_DATA ?? join(root, '../shared/data')

/** Where a file of that folder is, or would be. */
export function dataFile(name: string): string {
  return join(data, name)
}

type Body = () => void | Promise<void>
type Test = (name: string, body: Body) => void

/** A test that needs a file of the real events: says its name where it has to be skipped. */
export function withData(
  test: Test & { skip: Test },
  name: string,
  file: string,
  body: (path: string) => unknown,
): void {
  const path = dataFile(file)
  if (existsSync(path)) {
    test(name, async () => {
      await body(path)
    })
    return
  }
  console.log(`skipped: ${name} (no ${file} in NNDRONE_DATA)`)
  test.skip(name, () => {})
}

/** The engines that this host runs; the kernels' tests say it where `relaxed` is not among them. */
export const ENGINES: readonly EngineName[] = await loadEngine('relaxed').then(
  () => ['simd', 'js', 'relaxed'],
  () => ['simd', 'js'],
)

/** Where two lists differ in a bit, any NaN being equal to any other; −1 where they do not. */
export function firstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Math.min(a.length, b.length)
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return i
  return -1
}

export function seeded(seed: number): Random {
  return new Random(seed)
}
