/** Events as commands take them: files, and which of their events. */
import { type Command, Option } from 'commander'
import { UsageError } from '../../errors.ts'
import {
  type EventSource,
  type OpenOptions,
  openEvents,
  type Selection,
  WHERE_FUNCTIONS,
  Where,
} from '../../events/index.ts'
import { numbers, whole } from './values.ts'

/** For the help of `--events <files...>`. */
export const EVENTS =
  "CSV, TSV, NDJSON, NPY, NPZ, Parquet, Arrow or ROOT (file.root:tree), also .gz; several files, patterns as 'run*.csv'; - is standard input"

export interface EventOptions extends Selection, Pick<OpenOptions, 'decimal'> {
  /** Required where events cannot come from elsewhere; that is checked last, so that a wrong name is told first. */
  events?: string[]
}

/** Adds the options that choose some of the events, but for one that means something else to the command. */
export function choosesEvents(command: Command): Command {
  command
    .addOption(
      new Option(
        '--decimal <mark>',
        'what stands before the decimals in CSV; with a comma, cells are separated by semicolons or tabs',
      )
        .choices(['.', ','])
        .helpGroup('Options:'),
    )
    .optionsGroup('Which events (in this order):')
    .option('--missing <numbers>', 'values that mean a missing value, as -999; several with commas', numbers)
    .option('--skip <n>', 'leave out this many events at the beginning', whole(0))
  if (!command.options.some(({ long }) => long === '--limit')) {
    command.option('--limit <n>', 'read this many events at most, after those', whole(1))
  }
  command
    .option('--where <condition>', "only events such as 'pt > 2 && abs(eta) < 4.5'", (text) => new Where(text))
    .option('--sample <n>', 'only n of those, drawn at random, in the order of the file', whole(1))
  if (!command.options.some(({ long }) => long === '--seed')) {
    command.option('--seed <n>', 'random seed of the sample', whole(0), 1)
  }
  return command.addHelpText(
    'after',
    `
A condition compares with < <= > >= == != (false where a value is missing) and joins with && || ! ( ); it knows
+ - * / % ${WHERE_FUNCTIONS.join(' ')}.
Columns in it need not be inputs of the model; a name with a dot or a space in it stands in quotes.`,
  )
}

/** Opens the chosen events. */
export async function openChosen({ events, ...selection }: EventOptions): Promise<EventSource> {
  if (events !== undefined) return openEvents(events, selection)
  throw new UsageError('--events is missing; name files of events, or - for standard input')
}
