/** What commands do with events before their own work begins. */
import type { Command } from 'commander'
import { InputError, UsageError } from '../errors.ts'
import {
  type EventSource,
  type Loaded,
  load,
  openEvents,
  quoted,
  type Reading,
  type Selection,
  select,
  toNumber,
  WHERE_FUNCTIONS,
  Where,
} from '../events/index.ts'
import { listed } from '../listed.ts'
import type { Model } from '../models/index.ts'
import type { Scaling } from '../scaling/scaling.ts'
import { numbers, whole } from './options.ts'
import { progress } from './progress.ts'
import { counted, digits, say } from './terminal.ts'

/** For the help of `--events <files...>`. */
export const EVENTS =
  "CSV, TSV, NDJSON, NPY, NPZ, Parquet, Arrow or ROOT (file.root:tree), also .gz; several files, patterns as 'run*.csv'; - is standard input"

export interface EventOptions extends Selection {
  events: string[]
}

/** Adds the options that choose some of the events. */
export function choosesEvents(command: Command): Command {
  command
    .optionsGroup('Which events (in this order):')
    .option('--missing <numbers>', 'values that stand for a missing one, as -999; several with commas', numbers)
    .option('--skip <n>', 'leave out this many events at the beginning', whole(0))
    .option('--limit <n>', 'read this many events at most, after those', whole(1))
    .option('--where <condition>', "only events such as 'pt > 2 && abs(eta) < 4.5'", (text) => new Where(text))
    .option('--sample <n>', 'of those only n, by chance, in the order of the file', whole(1))
  if (!command.options.some(({ long }) => long === '--seed')) {
    command.option('--seed <n>', 'the source of that chance', whole(0), 1)
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
export async function openChosen(options: EventOptions): Promise<EventSource> {
  return select(await openEvents(options.events, { tolerant: options.onFault !== undefined }), options)
}

/** A file that names inputs, and whether in the order of the model's. */
type KnownInputs = Pick<Scaling, 'file' | 'names' | 'ordered'>

/**
 * The columns that hold a model's inputs: those of the same names, or others in the order of the inputs. A model that
 * does not name its inputs takes those that are known, or else the first columns that are not `beside`, and says so.
 * @throws UsageError where there are more or fewer
 */
export function inputColumns(
  model: Model,
  source: EventSource,
  features: readonly string[] | undefined,
  beside: readonly string[],
  known?: KnownInputs,
): readonly string[] {
  const { inputs } = model
  if (!features) return model.unnamed ? unnamedColumns(model, source, beside, known) : namedColumns(model, source)
  if (features.length !== inputs.length) {
    const wanted = `${model.file.path} has ${counted(inputs.length, 'input')} (${inputs.join(', ')})`
    throw new UsageError(`--features: ${counted(features.length, 'name')}, but ${wanted}`)
  }
  return features.every((name) => inputs.includes(name)) ? inputs : features
}

/** A program, or a service, was told the names by us. */
function namedColumns({ file, inputs, formulas }: Model, { columns }: EventSource): readonly string[] {
  if (!file.bytes) say(`${file.path} takes the columns ${listed(inputs)}`)
  return inputs.map((name) => (columns?.includes(name) ? name : (formulas?.get(name) ?? name)))
}

function unnamedColumns(
  { file, inputs }: Model,
  source: EventSource,
  beside: readonly string[],
  known: KnownInputs | undefined,
): readonly string[] {
  const names = known?.ordered && known.names?.length === inputs.length ? known.names : undefined
  if (!names && (!source.columns || inputs.every((name) => source.columns!.includes(name)))) return inputs
  const columns = names ?? firstColumns(file.path, source, inputs.length, beside)
  const whose = names ? `, as ${known!.file} has them` : ''
  say(`${file.path} names no inputs: takes the columns ${listed(columns)}${whose}`)
  return columns
}

function firstColumns(path: string, source: EventSource, count: number, beside: readonly string[]): readonly string[] {
  const free = columnsOf(source).filter((column) => !beside.includes(column))
  if (free.length >= count) return free.slice(0, count)
  throw new InputError(`${source.name}: ${counted(free.length, 'column')}, but ${path} has ${count} inputs`)
}

/** All columns that have a name; the index that pandas writes has none. */
export function columnsOf(source: EventSource): readonly string[] {
  checkNamed(source)
  checkHeader(source)
  return source.columns!.filter((column) => column !== '')
}

function checkNamed({ name, columns }: EventSource): void {
  if (!columns) throw new InputError(`${name}: the events carry no names, expected objects`)
}

/**
 * Where columns are taken that nobody has named, numbers for names are those of an event, unless they count columns.
 * @throws InputError where a CSV file seems to have no header
 */
function checkHeader({ name, format, columns }: EventSource): void {
  if (format !== 'csv') return
  const numbers = columns!.filter((column) => !Number.isNaN(toNumber(column) ?? Number.NaN))
  if (numbers.every((number, i) => Number(number) === i) || numbers.every((number, i) => Number(number) === i + 1))
    return
  const hint = 'add a header, or choose columns by --features'
  throw new InputError(
    `${name}: the first line looks like an event, not a header (it has ${quoted(numbers[0]!)}); ${hint}`,
  )
}

/** How fast events were read: `20,000 events, 7.1 MB in 0.2 s (95,000 events/s, 34 MB/s)`. */
export function pace(source: EventSource, events: number, seconds: number): string {
  const bytes = source.bytesRead()
  const rate = `${Math.round(events / seconds).toLocaleString('en')} events/s, ${size(bytes / seconds)}/s`
  return `${counted(events, 'event')}, ${size(bytes)} in ${digits(seconds)} s (${rate})`
}

function size(bytes: number): string {
  return bytes < 1e6 ? `${digits(bytes / 1e3)} kB` : `${digits(bytes / 1e6)} MB`
}

/** Events, and how fast they were read. */
export interface Read extends Loaded {
  pace: string
}

/** Loads events with a bar. @param reading as for `read` */
export async function loadShown(
  source: EventSource,
  features: readonly string[],
  beside: readonly string[],
  quiet: boolean | undefined,
  reading?: Reading,
): Promise<Read> {
  checkNamed(source)
  const began = performance.now()
  const bar = progress('reading', source.size, quiet)
  try {
    const loaded = await load(source, features, beside, {
      ...reading,
      onPiece: () => bar.update(source.bytesRead()),
    })
    return { ...loaded, pace: pace(source, loaded.count, (performance.now() - began) / 1000) }
  } finally {
    bar.stop()
  }
}

/**
 * Labels tell signal, 1, from background, 0.
 * @throws InputError on any other, or where all are alike
 */
export function checkLabels(source: EventSource, column: string, labels: Float64Array): void {
  const where = `${source.name}: column ${JSON.stringify(column)}`
  const wrong = labels.findIndex((label) => label !== 0 && label !== 1)
  if (wrong >= 0) {
    throw new InputError(`${where} of event ${wrong} (from 0): ${labels[wrong]}, expected 1 (signal) or 0 (background)`)
  }
  if (!bothKinds(labels)) {
    throw new InputError(`${where}: all ${labels[0]}, expected both signal (1) and background (0)`)
  }
}

export function bothKinds(labels: Float64Array): boolean {
  return labels.includes(0) && labels.includes(1)
}

/** Rows of a table [n × width] by their numbers. */
export function pick<Numbers extends Float32Array | Float64Array | Uint8Array>(
  values: Numbers,
  width: number,
  rows: ArrayLike<number>,
): Numbers {
  const picked = new (values.constructor as new (length: number) => Numbers)(rows.length * width)
  for (let n = 0; n < rows.length; n++) {
    picked.set(values.subarray(rows[n]! * width, (rows[n]! + 1) * width), n * width)
  }
  return picked
}

/** Columns [n] as [n × columns]. */
export function interleaved(columns: readonly Float64Array[]): Float32Array {
  const width = columns.length
  return Float32Array.from(
    { length: columns[0]!.length * width },
    (_, at) => columns[at % width]![Math.floor(at / width)]!,
  )
}

/** @throws UsageError where events could not be told apart by one score */
export function checkOneOutput(outputs: readonly string[], option: string): void {
  if (outputs.length === 1) return
  throw new UsageError(`${option}: needs a model of one output, not ${outputs.length} (${outputs.join(', ')})`)
}
