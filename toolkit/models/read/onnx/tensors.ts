/** Events as the tensors that a graph takes, and the columns of its answers. */
import type { Numbers } from 'nndrone'
import { InputError } from '../../../errors.ts'
import { listed } from '../../../text.ts'
import type { ModelFile } from '../../model.ts'
import { answerColumns, type Column, inputNames, type Port, probabilitiesFirst } from '../../ports.ts'
import { type Metadata, oneLine, type Runtime, type Session, type Tensor } from './runtime.ts'

/** How onnxruntime-web shows a dimension that is open and has no name: −1 without a sign. */
export const OPEN = 0xffffffff

/** Numbers of an input that is asked for at once. */
const MOST_NUMBERS = 1 << 24

/** An input of the graph. */
interface InputPort extends Port {
  type: 'float32' | 'float64'
  /** Undefined where the number of events is open. */
  batch: number | undefined
  /** Whether there is no dimension of columns. */
  flat: boolean
}

export interface Opened {
  runtime: Runtime
  session: Session
  ports: InputPort[]
  batch: number | undefined
}

/** @throws InputError where inputs are not events of so many columns */
export function openTensors(file: ModelFile, runtime: Runtime, session: Session): Opened {
  const ports = readPorts(file, session)
  return { runtime, session, ports, batch: batchOf(file, ports) }
}

function readPorts(file: ModelFile, { inputNames, inputMetadata }: Session): InputPort[] {
  if (!inputMetadata)
    throw new InputError(`${file.path}: the ONNX runtime is too old to tell of inputs, expected 1.22 or newer`)
  return inputNames.map((name, i) => readPort(file, name, inputMetadata[i]!))
}

function readPort(file: ModelFile, name: string, { isTensor, type, shape = [] }: Metadata): InputPort {
  const where = `${file.path}: input ${JSON.stringify(name)}`
  if (!isTensor || (type !== 'float32' && type !== 'float64')) {
    throw new InputError(`${where}: ${type ?? 'no tensor'}, expected a tensor of float32 or float64`)
  }
  const dims = shape.map((size) => (typeof size === 'number' && size > 0 && size < OPEN ? size : undefined))
  const [batch, columns] = shape.length === 1 ? [dims[0], 1] : dims
  if (shape.length < 1 || shape.length > 2 || columns === undefined || (batch ?? 1) * columns > MOST_NUMBERS) {
    const sizes = shape.map((size, i) => dims[i] ?? (typeof size === 'string' ? size : '?')).join(', ')
    throw new InputError(`${where}: the shape [${sizes}], expected [events, a number of columns]`)
  }
  return { name, type, columns, batch, flat: shape.length === 1 }
}

function batchOf({ path }: ModelFile, ports: readonly InputPort[]): number | undefined {
  const batches = new Set(ports.map(({ batch }) => batch))
  if (batches.size === 1) return [...batches][0]
  throw new InputError(`${path}: ${ports.length} inputs of different numbers of events, expected one`)
}

/** Runs as many events as the model takes at once, or fewer. */
export async function run(file: ModelFile, opened: Opened, events: Numbers, outputs: readonly string[]) {
  const { runtime, session, ports, batch } = opened
  const width = ports.reduce((sum, { columns }) => sum + columns, 0)
  const count = events.length / width
  let first = 0
  const feeds: Record<string, Tensor> = {}
  for (const { name, type, columns, flat } of ports) {
    const rows = batch ?? count
    const data = type === 'float32' ? new Float32Array(rows * columns) : new Float64Array(rows * columns)
    for (let n = 0; n < count; n++) {
      for (let i = 0; i < columns; i++) data[n * columns + i] = events[n * width + first + i]!
    }
    feeds[name] = new runtime.Tensor(type, data, flat ? [rows] : [rows, columns])
    first += columns
  }
  const answers = await session.run(feeds, outputs).catch((error: Error) => {
    throw new InputError(`${file.path}: the ONNX runtime cannot run it: ${oneLine(error)}`)
  })
  for (const output of outputs) checkAnswer(file, output, answers[output], batch ?? count)
  return answers
}

function checkAnswer({ path }: ModelFile, name: string, tensor: Tensor | undefined, rows: number): void {
  const dims = tensor?.dims ?? []
  if (dims[0] === rows && dims.slice(2).every((size) => size === 1)) return
  throw new InputError(`${path}: output ${JSON.stringify(name)}: [${dims.join(', ')}], expected [${rows}, columns]`)
}

export function columnsOf(dims: readonly number[]): number {
  return dims[1] ?? 1
}

export function outputsOf(columns: readonly Column[]): string[] {
  return [...new Set(columns.map(({ output }) => output))]
}

/** An event of zeros is asked, to know how many columns there are. */
export async function readColumns(file: ModelFile, opened: Opened): Promise<Column[]> {
  const outputs = chosenOutputs(file, opened.session)
  const answers = await run(file, opened, new Float32Array(inputNames(opened.ports).length), outputs)
  const first = outputs.map((output) => {
    const { data, dims } = answers[output]!
    return [output, Array.from({ length: columnsOf(dims) }, (_, i) => data[i]!)] as const
  })
  return answerColumns(file.path, new Map(first))
}

function chosenOutputs({ path }: ModelFile, { outputNames, outputMetadata = [] }: Session): readonly string[] {
  const floats = outputNames.filter((_, i) => /^float(32|64)$/.test(outputMetadata[i]?.type ?? ''))
  if (floats.length > 0) return probabilitiesFirst(floats)
  const maps = outputNames.find((_, i) => outputMetadata[i]?.isTensor === false)
  const hint =
    maps === undefined
      ? ''
      : `; ${JSON.stringify(maps)} is a list of maps (ZipMap), which JavaScript runtimes do not return: export with options={'zipmap': False}`
  throw new InputError(`${path}: no output is a tensor of floats (${listed(outputNames)})${hint}`)
}
