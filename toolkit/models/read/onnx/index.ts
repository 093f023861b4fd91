/** ONNX models, run by whichever runtime is installed: onnxruntime-node or onnxruntime-web. */
import type { Numbers } from 'nndrone'
import { InputError } from '../../../errors.ts'
import { optional } from '../../../optional.ts'
import type { Description, Model, ModelFile, ModelFormat } from '../../model.ts'
import { answerColumns, type Column, inputNames, type Port, probabilitiesFirst } from '../../ports.ts'

export const onnx: ModelFormat = {
  title: 'ONNX',
  matches: ({ bytes }) => isModelProto(bytes),
  ending: /\.onnx$/i,
  read: openOnnx,
}

/** A version of the format, then one of the fields that follow it: producer, graph, operators. Protobuf has no magic. */
function isModelProto(bytes: Buffer): boolean {
  return bytes[0] === 0x08 && bytes[1]! < 0x20 && [0x12, 0x3a, 0x42].includes(bytes[2]!)
}

/** How onnxruntime-web shows a dimension that is open and has no name: −1 without a sign. */
const OPEN = 0xffffffff

/** Numbers of an input that is asked for at once. */
const MOST_NUMBERS = 1 << 24

/** Events that the runtime is given at once. */
const PIECE = 8192

/** What is used of the runtimes' interface, which is one. */
interface Runtime {
  InferenceSession: { create(bytes: Uint8Array, options: object): Promise<Session> }
  Tensor: new (type: string, data: Float32Array | Float64Array, dims: number[]) => Tensor
  env?: { wasm?: { numThreads?: number } }
}

interface Session {
  inputNames: readonly string[]
  outputNames: readonly string[]
  inputMetadata?: readonly Metadata[]
  outputMetadata?: readonly Metadata[]
  run(feeds: Record<string, Tensor>, fetches: readonly string[]): Promise<Record<string, Tensor>>
}

interface Metadata {
  isTensor: boolean
  type?: string
  /** Names where a dimension is open. */
  shape?: readonly (number | string)[]
}

interface Tensor {
  data: ArrayLike<number>
  dims: readonly number[]
}

/** An input of the graph. */
interface InputPort extends Port {
  type: 'float32' | 'float64'
  /** Undefined where the number of events is open. */
  batch: number | undefined
  /** Whether there is no dimension of columns. */
  flat: boolean
}

interface Opened {
  runtime: Runtime
  session: Session
  ports: InputPort[]
  batch: number | undefined
}

async function openOnnx(file: ModelFile): Promise<Model> {
  const runtime = await loadRuntime(file)
  const session = await runtime.InferenceSession.create(file.bytes, { logSeverityLevel: 4 }).catch((error: Error) => {
    throw new InputError(`${file.path}: not a model that the ONNX runtime reads: ${oneLine(error)}`)
  })
  const ports = readPorts(file, session)
  const opened = { runtime, session, ports, batch: batchOf(file, ports) }
  return new OnnxModel(file, opened, await readColumns(file, opened))
}

class OnnxModel implements Model {
  readonly file: ModelFile
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly optional: ReadonlySet<string> = new Set()
  readonly unnamed: boolean
  readonly unscaled = true
  readonly #opened: Opened
  readonly #columns: readonly Column[]

  constructor(file: ModelFile, opened: Opened, columns: readonly Column[]) {
    const { ports } = opened
    this.file = file
    this.#opened = opened
    this.#columns = columns
    this.inputs = inputNames(ports)
    this.unnamed = ports.length === 1 && this.inputs.length > 1
    this.outputs = columns.map(({ name }) => name)
  }

  async predictBatch(events: Numbers): Promise<Float32Array> {
    const [width, height] = [this.inputs.length, this.outputs.length]
    const count = events.length / width
    const scores = new Float32Array(count * height)
    const piece = this.#opened.batch ?? PIECE
    for (let from = 0; from < count; from += piece) {
      const to = Math.min(from + piece, count)
      const tensors = await run(
        this.file,
        this.#opened,
        events.subarray(from * width, to * width),
        outputsOf(this.#columns),
      )
      for (const [i, { output, index }] of this.#columns.entries()) {
        const { data, dims } = tensors[output]!
        const columns = columnsOf(dims)
        for (let n = from; n < to; n++) scores[n * height + i] = data[(n - from) * columns + index]!
      }
    }
    return scores
  }

  describe(): Description {
    const { session, batch } = this.#opened
    const tensors = (names: readonly string[], data: readonly Metadata[] = []) =>
      names.map((name, i) => ({
        name,
        type: data[i]?.type,
        shape: data[i]?.shape?.map((size) => (size === OPEN ? '?' : size)).join(' × '),
      }))
    return {
      format: 'ONNX',
      version: isModelProto(this.file.bytes) ? `IR ${this.file.bytes[1]}` : undefined,
      batch,
      inputs: this.inputs,
      outputs: this.outputs,
      inputTensors: tensors(session.inputNames, session.inputMetadata),
      outputTensors: tensors(session.outputNames, session.outputMetadata),
    }
  }
}

const RUNTIMES = ['onnxruntime-node', 'onnxruntime-web']

async function loadRuntime({ path }: ModelFile): Promise<Runtime> {
  for (const name of RUNTIMES) {
    const module = (await optional(name).catch((error) => {
      throw new InputError(`the ONNX runtime cannot be loaded: ${oneLine(error)}`)
    })) as (Runtime & { default: Runtime }) | undefined
    if (!module) continue
    const runtime = module.InferenceSession ? module : module.default
    // Its threads would keep this process from ending.
    if (runtime.env?.wasm) runtime.env.wasm.numThreads = 1
    return runtime
  }
  throw new InputError(`${path}: an ONNX model needs a runtime, and none is installed: npm install onnxruntime-node`)
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
async function run(file: ModelFile, opened: Opened, events: Numbers, outputs: readonly string[]) {
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

function columnsOf(dims: readonly number[]): number {
  return dims[1] ?? 1
}

function outputsOf(columns: readonly Column[]): string[] {
  return [...new Set(columns.map(({ output }) => output))]
}

/** An event of zeros is asked, to know how many columns there are. */
async function readColumns(file: ModelFile, opened: Opened): Promise<Column[]> {
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
  throw new InputError(`${path}: no output is a tensor of floats (${outputNames.join(', ')})${hint}`)
}

function oneLine(error: Error): string {
  return String(error?.message ?? error)
    .split('\n')[0]!
    .slice(0, 200)
}
