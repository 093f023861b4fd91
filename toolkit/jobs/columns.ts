/** Which columns of the events hold the inputs of a model. */
import { InputError, OptionError } from '../errors.ts'
import { type EventSource, quoted, toNumber } from '../events/index.ts'
import type { Model } from '../models/index.ts'
import type { Scaling } from '../scaling/scaling.ts'
import { counted, listed } from '../text.ts'
import type { JobOptions } from './job.ts'

/** A file that names inputs, and whether in the order of the model's. */
type KnownInputs = Pick<Scaling, 'file' | 'names' | 'ordered'>

export interface ColumnChoice extends Pick<JobOptions, 'onNotice'> {
  /** The columns that were asked for. */
  features?: readonly string[]
  /** Columns that are for something else. */
  beside: readonly string[]
  known?: KnownInputs
}

/**
 * The columns that hold a model's inputs: those of the same names, or others in the order of the inputs. A model that
 * does not name its inputs takes those that are known, or those of the names that it has for want of others, or else the
 * first columns that are not `beside`, and says so.
 * @throws OptionError where there are more or fewer
 */
export function inputColumns(model: Model, source: EventSource, choice: ColumnChoice): readonly string[] {
  const { inputs } = model
  const { features } = choice
  if (!features) return model.unnamed ? unnamedColumns(model, source, choice) : namedColumns(model, source, choice)
  if (features.length !== inputs.length) {
    const wanted = `${model.file.path} has ${counted(inputs.length, 'input')} (${listed(inputs)})`
    throw new OptionError('features', `${counted(features.length, 'name')}, but ${wanted}`)
  }
  return features.every((name) => inputs.includes(name)) ? inputs : features
}

/** A program or a service may have been told the names by whoever opened it. */
function namedColumns(
  { file, inputs, formulas }: Model,
  { columns }: EventSource,
  { onNotice }: ColumnChoice,
): readonly string[] {
  if (!file.bytes) onNotice?.(`${file.path} takes the columns ${listed(inputs)}`)
  return inputs.map((name) => (columns?.includes(name) ? name : (formulas?.get(name) ?? name)))
}

function unnamedColumns({ file, inputs }: Model, source: EventSource, choice: ColumnChoice): readonly string[] {
  const { beside, known, onNotice } = choice
  const names = known?.ordered && known.names?.length === inputs.length ? known.names : undefined
  if (!names && (!source.columns || inputs.every((name) => source.columns!.includes(name)))) return inputs
  const columns = names ?? firstColumns(file.path, source, inputs.length, beside)
  const whose = names ? `, as ${known!.file} has them` : ''
  onNotice?.(`${file.path} names no inputs: takes the columns ${listed(columns)}${whose}`)
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

/** @throws InputError where events are lists of numbers without names */
export function checkNamed({ name, columns }: EventSource): void {
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
  const hint = 'add a header, or choose columns by `features`'
  throw new InputError(
    `${name}: the first line looks like an event, not a header (it has ${quoted(numbers[0]!)}); ${hint}`,
  )
}
