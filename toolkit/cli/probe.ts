/** nndrone probe */
import type { Command } from 'commander'
import { csvCell } from '../csv.ts'
import { UsageError } from '../errors.ts'
import { openEvents } from '../events/index.ts'
import { listed } from '../listed.ts'
import { type Method, probesLike } from '../probe/index.ts'
import { columnsOf, loadShown } from './events.ts'
import { names, whole } from './options.ts'
import { checkOutput, openOutput } from './output.ts'
import { addRangeOption, methodOption, probesIn, type Ranges, withinMethod } from './probing.ts'
import { counted, say } from './terminal.ts'

interface Options {
  like?: string
  features?: string[]
  range?: Ranges
  method?: Method
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
      'Makes events to ask a teacher about, where there are few real ones or none: like those of a file (resample: real events moved by Gaussian noise of their covariance; munge: features drawn anew about those of the nearest neighbour), or anywhere in the ranges of the features (uniform, normal with the range as two deviations to either side, latin-hypercube). Writes CSV.',
    )
    .option('--like <file>', 'events that the probes are to be like, or whose ranges they are to have')
    .option('--features <names>', 'columns of that file, as a,b,…; all unless given', names)
  addRangeOption(command)
    .addOption(methodOption('--method <name>', 'how; resample with --like, else uniform'))
    .option('--count <n>', 'how many', whole(1), 100_000)
    .option('--seed <n>', 'the source of every random choice', whole(0), 1)
    .option('--out <file>', 'write them to a file')
    .option('--json', 'print one JSON object: how many, and what features')
    .addHelpText(
      'after',
      `
Examples:
  $ nndrone probe --like events.csv --features pt,eta --count 100000 --out probes.csv
  $ nndrone probe --range pt=0:50 --range eta=1:6 --method latin-hypercube > probes.csv

distill --probe makes them and asks about them at once.`,
    )
    .action(run)
}

async function run(options: Options): Promise<void> {
  const { out, json } = options
  if (json && out === undefined) throw new UsageError('--json: the probes need a place, name it with --out')
  await checkOutput(out, { '--like': options.like })
  const { features, events } = await made(options)
  await writeProbes(features, events, out)
  if (json) process.stdout.write(`${JSON.stringify({ out, features, events: options.count })}\n`)
  else if (out !== undefined) say(`wrote ${counted(options.count, 'event')} to ${out}`)
}

async function made({ like, features, range, method, count, seed, json }: Options) {
  if ((like === undefined) === (range === undefined)) {
    throw new UsageError('probes like what? Name either a file with --like, or ranges with --range')
  }
  if (range) {
    const chosen = features ?? [...range.keys()]
    return { features: chosen, events: probesIn(range, chosen, withinMethod(method), count, seed) }
  }
  const source = await openEvents([like!])
  const chosen = features ?? columnsOf(source)
  if (!features && !json) say(`no --features given: takes the columns ${listed(chosen)}`)
  const { events } = await loadShown(source, chosen, [], json)
  return {
    features: chosen,
    events: await probesLike(events, chosen.length, { method: method ?? 'resample', count, seed }),
  }
}

/** Events that are written at once. */
const PIECE = 4096

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
