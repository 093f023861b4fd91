/** Writes a report: the page, and each of its figures by itself. */
import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileError, UsageError } from '../errors.ts'
import { report } from '../jobs/report/index.ts'
import type { ReportOptions } from '../jobs/report/options.ts'
import { reportFiles } from '../report/index.ts'
import { type ScaleChoice, scalingFile } from './options/scale.ts'
import { checkOutput, type Inputs, writeFile } from './output.ts'

/** Where a report is written. */
export interface ReportPlaces {
  page: string
  /** The folder of the figures, where they are wanted. */
  figures?: string
  /** What the command reads, and must not write over. */
  inputs: Inputs
}

/**
 * Checks the places before the work.
 * @param option that names the page
 * @throws UsageError or InputError that says why nothing can be written there
 */
export async function checkPlaces({ page, figures, inputs }: ReportPlaces, option: string): Promise<void> {
  await checkOutput(page, inputs, option)
  const status = figures === undefined ? undefined : await stat(figures).catch(() => undefined)
  if (status && !status.isDirectory()) throw new UsageError(`--figures ${figures}: is a file, expected a folder`)
}

/**
 * Checks whether a command that does something else can also make a report, for which its events are read again.
 * @throws UsageError where they cannot be; else as `checkPlaces`
 */
export async function checkReport(
  places: ReportPlaces,
  { events, scaleFrom }: { events?: readonly string[]; scaleFrom?: ScaleChoice },
): Promise<void> {
  if (events === undefined) throw new UsageError('--report: there are no --events to show')
  if (events.includes('-')) {
    throw new UsageError('--report: standard input cannot be read a second time; name files with --events')
  }
  if (scaleFrom !== undefined && scalingFile(scaleFrom) === undefined) {
    throw new UsageError(
      '--report: needs mean and scale before the events are read; take --scale-from from a drone or a JSON file',
    )
  }
  await checkPlaces(places, '--report')
}

/** Makes a report and writes it. Returns how many figures it has. */
export async function writeReport(options: ReportOptions, places: ReportPlaces): Promise<number> {
  const { html, figures } = reportFiles(await report(options))
  if (places.figures !== undefined) await writeFigures(places.figures, figures, places.inputs)
  await writeFile(places.page, html)
  return figures.length
}

async function writeFigures(folder: string, figures: ReturnType<typeof reportFiles>['figures'], inputs: Inputs) {
  await mkdir(folder, { recursive: true }).catch((error) => {
    throw fileError(folder, error)
  })
  const files = figures.flatMap(({ name, svg, csv }) => [
    { path: join(folder, `${name}.svg`), content: svg },
    { path: join(folder, `${name}.csv`), content: csv },
  ])
  for (const { path } of files) await checkOutput(path, inputs, '--figures')
  for (const { path, content } of files) await writeFile(path, content)
}
