/** nndrone drift */
import type { Command } from 'commander'
import type { DriftMeasure } from '../drift/index.ts'
import { LIMIT } from '../drift/index.ts'
import { drift } from '../jobs/drift.ts'
import { openDrone } from '../models/index.ts'
import { counted, grouped } from '../text.ts'
import { choosesEvents, EVENTS, type EventOptions, openChosen } from './options/events.ts'
import { names, positive } from './options/values.ts'
import { notify } from './view/messages.ts'
import { percent } from './view/numbers.ts'
import { watch } from './view/progress.ts'
import { standardOutput } from './view/stdout.ts'
import { painter, table } from './view/terminal.ts'

/** The exit code that says that something drifted. */
const DRIFTED = 3

interface Options extends Omit<EventOptions, 'limit'> {
  features?: string[]
  limit: number
  json?: boolean
}

export function driftCommand(program: Command): void {
  const command = program
    .command('drift')
    .summary('measure how events differ from those of the training')
    .description(
      'Measures how events differ from those that a drone was trained with, for each input and for the score: by the population stability index (PSI) and the statistic of Kolmogorov and Smirnov (KS), against the quantiles that the drone keeps. Exits with 3 where an index is above the limit, and more than chance makes of so few events.',
    )
    .argument('<drone>', 'the drone')
    .option('--events <files...>', EVENTS)
    .option(
      '--features <names>',
      "columns in the order of the drone's inputs, as a,b,…, where they have other names",
      names,
    )
    .option('--limit <psi>', 'the index above which an input or a score has drifted', positive, LIMIT)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  $ nndrone drift drone.json --events today.csv
  $ nndrone drift drone.json --events 'run*.parquet' --limit 0.25 --json
  $ nndrone drift drone.json --events today.csv > drift.txt || mail -s 'the events have changed' us < drift.txt`,
    )
    .action(run)
  choosesEvents(command)
}

async function run(path: string, { features, limit, json, ...chosen }: Options): Promise<void> {
  const drone = await openDrone(path)
  const events = await openChosen(chosen)
  const view = watch(json)
  const measured = await drift({ drone, events, features, limit, onProgress: view.see, onNotice: notify }).finally(
    view.stop,
  )
  standardOutput().write(json ? `${JSON.stringify(measured)}\n` : asText(measured))
  if (measured.drifted) process.exitCode = DRIFTED
}

function asText({ events, training, limit, outside, variables }: DriftMeasure): string {
  const paint = painter(standardOutput())
  const lines = table([
    ['', 'PSI', 'KS', 'missing', 'in training', ''],
    ...variables.map(({ name, kind, psi, ks, missing, missingInTraining, drifted }) => [
      kind === 'output' && name !== 'score' ? `score ${name}` : name,
      psi.toFixed(4),
      ks.toFixed(4),
      percent(missing),
      percent(missingInTraining),
      drifted ? 'drifted' : '',
    ]),
  ])
    .split('\n')
    .map((line) => (line.endsWith('drifted') ? paint('yellow', line) : line))
    .join('\n')
  const drifted = variables.filter((variable) => variable.drifted).length
  const verdict =
    drifted === 0
      ? `Nothing drifted (limit ${limit}).`
      : `${counted(drifted, 'variable')} of ${variables.length} drifted (limit ${limit}).`
  return `${lines}
${counted(events, 'event')} compared with ${grouped(training)} of the training; ${percent(outside)} have a value out of its range.
${verdict}
`
}
