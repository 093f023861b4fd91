/** nndrone probe */
import type { Command } from 'commander'
import { csvCell } from '../csv.ts'
import { UsageError } from '../errors.ts'
import { openEvents } from '../events/index.ts'
import { PIECE } from '../jobs/ask.ts'
import { probe, type Ranges } from '../jobs/probe.ts'
import type { Method } from '../probe/index.ts'
import { counted } from '../text.ts'
import { addRangeOption, coordinatesOption, methodOption } from './options/probes.ts'
import { names, whole } from './options/values.ts'
import { checkOutput, openOutput } from './output.ts'
import { notify, say } from './view/messages.ts'
import { watch } from './view/progress.ts'
import { standardOutput } from './view/stdout.ts'

interface Options {
  like?: string
  features?: string[]
  range?: Ranges
  method?: Method
  coordinates?: string[]
  count: number
  seed: number
  out?: string
  json?: boolean
}

export function probeCommand(program: Command): void {
  const command = program
    .command('probe')
    .summary('make events to ask a teacher about')
    .description(
      'Makes events to ask a teacher about, where there are few real ones or none: like those of a file (resample: real events moved by Gaussian noise of their covariance, the less the more there are, in logarithms of what is positive and skewed and in differences of what is ordered; munge: features drawn again around those of the nearest neighbour), or anywhere in the ranges of the features (uniform, normal with the range as two deviations to either side, latin-hypercube). Writes CSV.',
    )
    .option('--like <file>', 'events that the probes are to be like, or whose ranges they are to have')
    .option('--features <names>', 'columns of that file, as a,b,…; all unless given', names)
  addRangeOption(command)
    .addOption(methodOption('--method <name>', 'how they are made; resample with --like, else uniform'))
    .addOption(coordinatesOption())
    .option('--count <n>', 'how many probes', whole(1), 100_000)
    .option('--seed <n>', 'random seed', whole(0), 1)
    .option('--out <file>', 'write the probes to a file')
    .option('--json', 'print one JSON object: how many probes, and their features')
    .addHelpText(
      'after',
      `
Examples:
  $ nndrone probe --like events.csv --features pt,eta --count 100000 --out probes.csv
  $ nndrone probe --range pt=0:50 --range eta=1:6 --method latin-hypercube > probes.csv

distill --questions asks about such events beside those of a file; distill --probe makes them and needs no file.`,
    )
    .action(run)
}

async function run({ like, out, json, ...options }: Options): Promise<void> {
  if (json && out === undefined) throw new UsageError('--json needs --out, which names a file for the probes')
  await checkOutput(out, { '--like': like })
  const source = like === undefined ? undefined : await openEvents(like)
  const view = watch(json)
  const looking = { onProgress: view.see, onNotice: notify }
  const { features, events } = await probe({ ...options, like: source, ...looking }).finally(view.stop)
  await writeProbes(features, events, out)
  if (json) standardOutput().write(`${JSON.stringify({ out, features, events: options.count })}\n`)
  else if (out !== undefined) say(`wrote ${counted(options.count, 'event')} to ${out}`)
}

async function writeProbes(features: readonly string[], events: Float64Array, path: string | undefined): Promise<void> {
  const width = features.length
  const output = await openOutput(path)
  try {
    await output.write(`${features.map(csvCell).join(',')}\n`)
    for (let from = 0; from < events.length; from += PIECE * width) {
      const rows: string[] = []
      for (let at = from; at < Math.min(from + PIECE * width, events.length); at += width) {
        rows.push(events.subarray(at, at + width).join(','))
      }
      await output.write(`${rows.join('\n')}\n`)
    }
    await output.finish()
  } catch (error) {
    await output.abandon()
    throw error
  }
}
