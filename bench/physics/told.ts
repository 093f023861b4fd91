/** What the command tells of a story, for several seeds. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median } from '../median.ts'

const COMMAND = fileURLToPath(new URL('../../toolkit/bin/nndrone.js', import.meta.url))

/** The figures of `nndrone demo` with these options, one object a seed. */
export function told<Figures>(options: readonly string[], seeds: readonly number[]): Figures[] {
  return seeds.map((seed) => {
    const folder = mkdtempSync(join(tmpdir(), 'nndrone-physics-'))
    try {
      const args = [COMMAND, 'demo', ...options, '--json', '--seed', String(seed), '--out', folder]
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 26 })
      if (status !== 0) throw new Error(`nndrone demo ${options.join(' ')}: ${stderr}`)
      return JSON.parse(stdout)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
}

/** `0.767 (0.761 to 0.772)`: the median of the seeds, the least and the greatest. */
export function spread(values: readonly number[], text: (value: number) => string): string {
  return `${text(median([...values]))} (${text(Math.min(...values))} to ${text(Math.max(...values))})`
}

export const fixed = (digits: number) => (value: number) => value.toFixed(digits)
export const short = (value: number) => value.toExponential(2)
export const percent = (value: number) => `${(100 * value).toFixed(1)} %`
