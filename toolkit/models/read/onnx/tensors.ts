/** Events as the tensors that a graph takes, and the columns of its answers. */
import type { Numbers } from 'nndrone'
import { InputError } from '../../../errors.ts'
import { listed } from '../../../text.ts'
import type { ModelFile } from '../../model.ts'
import { answerColumns, type Column, inputNames, type Port, probabilitiesFirst } from '../../ports.ts'
import { floatsOf, KINDS } from './numbers.ts'
import { type Metadata, oneLine, type Runtime, type Session, type Tensor } from './runtime.ts'

/** How onnxruntime-web shows a dimension that is open and has no name: −1 without a sign. */
export const OPEN = 0xffffffff

/** Numbers of an input that is asked for at once. */
const MOST_NUMBERS = 1 << 24

/** An input of the graph. */
interface InputPort extends Port {
  /** A key of KINDS. */
  type: string
  /** Undefined where the number of events is open. */
  batch: number | undefined
  /** Of an event: none where a tensor is a number an event. */
  shape: readonly number[]
}

export interface Opened {
  runtime: Runtime
  session: Session
  ports: InputPort[]
  batch: number | undefined
}

/**
 * @param columns of an event, where they are known and the graph leaves them open
 * @throws InputError where inputs are not events of so many columns
 */
export function openTensors(file: ModelFile, runtime: Runtime, session: Session, columns?: number): Opened {
  const ports = readPorts(file, session, columns)
  return { runtime, session, ports, batch: batchOf(file, ports) }
}

function readPorts(file: ModelFile, { inputNames, inputMetadata }: Session, columns: number | undefined): InputPort[] {
  if (!inputMetadata)
    throw new InputError(`${file.path}: the ONNX runtime is too old to tell of inputs, expected 1.22 or newer`)
  const inputs = inputNames.map((name, i) => new Input(file, name, inputMetadata[i]!))
  const open = inputs.filter((input) => input.open)
  const known = inputs.reduce((sum, input) => sum + (input.open ? 0 : input.known), 0)
  const left = columns !== undefined && open.length === 1 ? columns - known : undefined
  return inputs.map((input) => input.port(left))
}

/** What is known of an input before the number of columns is. */
class Input {
  readonly #where: string
  readonly #name: string
  readonly #type: string
  readonly #shape: readonly (number | string)[]
  /** Undefined where a dimension is open. */
  readonly #sizes: readonly (number | undefined)[]

  constructor({ path }: ModelFile, name: string, { isTensor, type = '', shape = [] }: Metadata) {
    this.#where = `${path}: input ${JSON.stringify(name)}`
    this.#name = name
    this.#type = type
    this.#shape = shape
    this.#sizes = shape.map((size) => (typeof size === 'number' && size > 0 && size < OPEN ? size : undefined))
    if (!isTensor || !Object.hasOwn(KINDS, type)) {
      throw new InputError(`${this.#where}: ${type || 'no tensor'}, expected a tensor of numbers`)
    }
    if (shape.length === 0) throw this.#wrong('expected a first dimension for the events')
  }

  /** Whether a dimension of columns is open. */
  get open(): boolean {
    return this.#sizes.slice(1).includes(undefined)
  }

  /** The columns of the dimensions that are not. */
  get known(): number {
    return this.#sizes.slice(1).reduce<number>((product, size) => product * (size ?? 1), 1)
  }

  /** @param left columns for the one that is open */
  port(left: number | undefined): InputPort {
    const [batch, ...sizes] = this.#sizes
    const size = left === undefined ? undefined : left / this.known
    const alone = sizes.filter((one) => one === undefined).length === 1
    if (this.open && !(alone && Number.isInteger(size) && size! >= 1)) {
      const given = left === undefined ? '' : `, which ${left} columns do not fit`
      throw this.#wrong(
        given === '' ? 'which leaves the number of columns open: name them with --features' : given.slice(2),
      )
    }
    const shape = sizes.map((one) => one ?? size!)
    const columns = shape.reduce((product, one) => product * one, 1)
    if ((batch ?? 1) * columns > MOST_NUMBERS) throw this.#wrong(`expected at most ${MOST_NUMBERS} numbers`)
    return { name: this.#name, type: this.#type, columns, batch, shape }
  }

  #wrong(what: string): InputError {
    const sizes = this.#sizes.map((size, i) => size ?? (typeof this.#shape[i] === 'string' ? this.#shape[i] : '?'))
    return new InputError(`${this.#where}: the shape [${sizes.join(', ')}], ${what}`)
  }
}

function batchOf({ path }: ModelFile, ports: readonly InputPort[]): number | undefined {
  const batches = new Set(ports.map(({ batch }) => batch))
  if (batches.size === 1) return [...batches][0]
  throw new InputError(`${path}: ${ports.length} inputs of different numbers of events, expected one`)
}

/** What a graph answers: the numbers of an output, event by event. */
export interface Answer {
  numbers: ArrayLike<number>
  columns: number
}

/** Runs as many events as the model takes at once, or fewer. */
export async function run(file: ModelFile, opened: Opened, events: Numbers, outputs: readonly string[]) {
  const { session, batch } = opened
  const width = opened.ports.reduce((sum, { columns }) => sum + columns, 0)
  const rows = batch ?? events.length / width
  // What a graph cannot do with an event is an error here, and no line of the runtime's own.
  const tensors = await session
    .run(feedsOf(opened, events, width, rows), outputs, { logSeverityLevel: 4 })
    .catch((error) => {
      throw new InputError(`${file.path}: the ONNX runtime cannot run it: ${oneLine(error)}`)
    })
  return new Map(outputs.map((output) => [output, answerOf(file, opened, output, tensors[output], rows)]))
}

function feedsOf({ runtime, ports }: Opened, events: Numbers, width: number, rows: number): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {}
  let first = 0
  for (const { name, type, columns, shape } of ports) {
    const { array, convert, whole } = KINDS[type]!
    const data = new array(rows * columns)
    for (let n = 0; n < events.length / width; n++) {
      for (let i = 0; i < columns; i++) {
        const value = events[n * width + first + i]!
        // An event that has no whole number there is answered with NaN in the end.
        const number = whole && !Number.isFinite(value) ? 0 : value
        data[n * columns + i] = convert ? convert(number) : number
      }
    }
    feeds[name] = new runtime.Tensor(type, data, [rows, ...shape])
    first += columns
  }
  return feeds
}

function answerOf(file: ModelFile, { ports }: Opened, name: string, tensor: Tensor | undefined, rows: number): Answer {
  const { type = '', data = [], dims = [] } = tensor ?? {}
  if (dims[0] === rows) return { numbers: floatsOf(type, data), columns: dims.slice(1).reduce((a, b) => a * b, 1) }
  const where = `${file.path}: output ${JSON.stringify(name)}`
  const [only] = ports
  if (ports.length === 1 && only!.shape.length === 0 && only!.batch !== undefined) {
    const shapes = `[${only!.batch}] → [${dims.join(', ')}]`
    throw new InputError(
      `${where}: the graph takes one event and has no dimension of events (${shapes}); export it with a first dimension for them`,
    )
  }
  throw new InputError(`${where}: [${dims.join(', ')}], expected [${rows}, columns]`)
}

/** Where each event lacks a whole number that an input asks for. */
export function lacking({ ports }: Opened, events: Numbers, n: number, width: number): boolean {
  let at = n * width
  for (const { type, columns } of ports) {
    if (KINDS[type]!.whole && events.subarray(at, at + columns).some((value) => !Number.isFinite(value))) return true
    at += columns
  }
  return false
}

export function outputsOf(columns: readonly Column[]): string[] {
  return [...new Set(columns.map(({ output }) => output))]
}

/**
 * An event of zeros is asked, to know how many columns there are.
 * @param names of all columns of the only output, where the file says so
 */
export async function readColumns(file: ModelFile, opened: Opened, names?: readonly string[]): Promise<Column[]> {
  const outputs = chosenOutputs(file, opened.session)
  const answers = await run(file, opened, new Float32Array(inputNames(opened.ports).length), outputs)
  const first = outputs.map((output) => {
    const { numbers, columns } = answers.get(output)!
    return [output, Array.from({ length: columns }, (_, i) => numbers[i]!)] as const
  })
  const [[only, numbers], ...more] = first as [(typeof first)[0], ...typeof first]
  const named = more.length === 0 && numbers.length === names?.length
  return named ? names.map((name, index) => ({ output: only, index, name })) : answerColumns(file.path, new Map(first))
}

function chosenOutputs({ path }: ModelFile, { outputNames, outputMetadata = [] }: Session): readonly string[] {
  const floats = outputNames.filter((_, i) => /^float(16|32|64)$/.test(outputMetadata[i]?.type ?? ''))
  if (floats.length > 0) return probabilitiesFirst(floats)
  throw new InputError(`${path}: no output is a tensor of floats (${listed(outputNames)})`)
}
