/** The events of a demo as files: what it writes, and whether a folder may be written to. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from '../../errors.ts'
import type { Sample } from '../../simulation/sample.ts'

/** Where the events to learn from are. */
export const TRAIN = 'train.csv'
export const TEST = 'test.csv'

/** A missing value is an empty cell. @param label the name of their column */
export function asCSV({ events, labels, features }: Sample, label: string): string {
  const rows = Array.from(labels, (value, n) => {
    const cells = Array.from(events.subarray(n * features.length, (n + 1) * features.length), (cell) => {
      return Number.isNaN(cell) ? '' : cell
    })
    return [...cells, value].join(',')
  })
  return [header(features, label), ...rows, ''].join('\n')
}

function header(features: readonly string[], label: string): string {
  return [...features, label].join(',')
}

/**
 * An earlier demo is told over again: its folder begins with the same columns.
 * @param files what the demo writes
 * @throws UsageError where the folder has files of the same names that are others
 */
export async function checkOwn(
  folder: string,
  files: readonly string[],
  { features, label }: { features: readonly string[]; label: string },
): Promise<void> {
  const taken = files.find((name) => existsSync(join(folder, name)))
  if (taken === undefined) return
  const events = await readFile(join(folder, TRAIN), 'utf8').catch(() => '')
  if (events.startsWith(`${header(features, label)}\n`)) return
  throw new UsageError(
    `--out ${folder}: ${join(folder, taken)} exists and is not of an earlier demo; add --force to replace it, or name another folder`,
  )
}
