/** Writes a frontier: each drone by its number of hidden units, the table, and the curve. */
import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { FRONTIER, formatJSON } from 'nndrone'
import { csvCell } from '../csv.ts'
import { fileError, UsageError } from '../errors.ts'
import type { LearnResult } from '../jobs/learn/index.ts'
import { standalone } from '../plots/index.ts'
import { checkNew, checkOutput, type Inputs, writeFile } from './output.ts'
import { type FrontierPoint, frontierFigure, frontierPoint } from './view/frontier.ts'

const COLUMNS = ['hidden', 'parameters', 'mse', 'mseError', 'inSample', 'maxError', 'file'] as const

function droneFile(hidden: number): string {
  return `drone-${hidden}.json`
}

/**
 * Makes the folder, and checks every file that is to be there, before the work.
 * @throws UsageError or InputError that says why one cannot be written
 */
export async function checkFrontier(folder: string, inputs: Inputs, force: boolean | undefined): Promise<void> {
  const status = await stat(folder).catch(() => undefined)
  if (status && !status.isDirectory()) throw new UsageError(`--frontier ${folder}: is a file, expected a folder`)
  await mkdir(folder, { recursive: true }).catch((error) => {
    throw fileError(folder, error)
  })
  for (const name of [...FRONTIER.map(droneFile), 'frontier.csv', 'frontier.svg']) {
    const path = join(folder, name)
    await checkOutput(path, inputs, '--frontier')
    if (!force) await checkNew(path, '--frontier')
  }
}

export async function writeFrontier(folder: string, results: readonly LearnResult[]): Promise<FrontierPoint[]> {
  const points = results.map((result) => frontierPoint(result, join(folder, droneFile(result.drone.hidden[0]!))))
  for (const [i, { drone }] of results.entries()) await writeFile(points[i]!.file, `${formatJSON(drone.toJSON())}\n`)
  const rows = points.map((point) => COLUMNS.map((column) => csvCell(String(point[column] ?? ''))).join(','))
  await writeFile(join(folder, 'frontier.csv'), `${COLUMNS.join(',')}\n${rows.join('\n')}\n`)
  await writeFile(join(folder, 'frontier.svg'), standalone(frontierFigure(points).svg))
  return points
}
