/** ONNX models, run by whichever runtime is installed: onnxruntime-node or onnxruntime-web. */
import type { Numbers } from 'nndrone'
import { InputError } from '../../../errors.ts'
import type { Description, Model, ModelFile, ModelFormat, ReadOptions } from '../../model.ts'
import { type Column, inputNames } from '../../ports.ts'
import { prepared } from './graph.ts'
import { type Own, ownFacts } from './own.ts'
import { loadRuntime, type Metadata, oneLine } from './runtime.ts'
import { lacking, OPEN, type Opened, openTensors, outputsOf, readColumns, run } from './tensors.ts'

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

async function openOnnx(file: ModelFile, { columns }: ReadOptions): Promise<Model> {
  const bytes = prepared(file)
  const runtime = await loadRuntime(file)
  const session = await runtime.InferenceSession.create(bytes, { logSeverityLevel: 4 }).catch((error: Error) => {
    const quantised = /qonnx|brevitas/.test(error?.message ?? '')
    const hint = quantised
      ? '; its operators are those of QONNX, which no runtime has: export the model before it is quantised'
      : ''
    throw new InputError(`${file.path}: not a model that the ONNX runtime reads: ${oneLine(error)}${hint}`)
  })
  const opened = openTensors(file, runtime, session, columns)
  const width = inputNames(opened.ports).length
  const own = ownFacts(file.bytes, width)
  return new OnnxModel(file, opened, await readColumns(file, opened, own?.outputs), own)
}

/** Events that the runtime is given at once. */
const PIECE = 8192

class OnnxModel implements Model {
  readonly file: ModelFile
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly optional: ReadonlySet<string>
  readonly unnamed: boolean
  readonly unscaled?: true
  readonly #opened: Opened
  readonly #columns: readonly Column[]

  constructor(file: ModelFile, opened: Opened, columns: readonly Column[], own: Own | undefined) {
    const { ports } = opened
    this.file = file
    this.#opened = opened
    this.#columns = columns
    this.inputs = own?.inputs ?? inputNames(ports)
    this.optional = own?.optional ?? new Set()
    this.unnamed = !own && ports.length === 1 && this.inputs.length > 1
    // A drone that was exported brings its preparation along.
    if (!own) this.unscaled = true
    this.outputs = columns.map(({ name }) => name)
  }

  async predictBatch(events: Numbers): Promise<Float32Array> {
    const [width, height] = [this.inputs.length, this.outputs.length]
    const count = events.length / width
    const scores = new Float32Array(count * height)
    const piece = this.#opened.batch ?? PIECE
    for (let from = 0; from < count; from += piece) {
      const to = Math.min(from + piece, count)
      const some = events.subarray(from * width, to * width)
      const answers = await run(this.file, this.#opened, some, outputsOf(this.#columns))
      for (const [i, { output, index }] of this.#columns.entries()) {
        const { numbers, columns } = answers.get(output)!
        for (let n = from; n < to; n++) scores[n * height + i] = numbers[(n - from) * columns + index]!
      }
    }
    for (let n = 0; n < count; n++) {
      if (lacking(this.#opened, events, n, width)) scores.fill(Number.NaN, n * height, (n + 1) * height)
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
