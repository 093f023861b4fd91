/** A model as a runtime has it. */
import type { Numbers } from 'nndrone'
import { InputError } from '../../../errors.ts'
import type { Description, Model, ModelFile, ReadOptions } from '../../model.ts'
import { type Column, inputNames } from '../../ports.ts'
import { isOnnx } from './bytes.ts'
import { type Own, ownFacts } from './own.ts'
import { loadRuntime, type Metadata, oneLine } from './runtime.ts'
import { lacking, OPEN, type Opened, openTensors, outputsOf, readColumns, run } from './tensors.ts'

/** @throws InputError where no runtime reads it, or its inputs and outputs are not those of events */
export async function openOnnx(file: ModelFile, { columns }: ReadOptions): Promise<Model> {
  const runtime = await loadRuntime(file)
  const session = await runtime.InferenceSession.create(file.bytes, { logSeverityLevel: 4 }).catch((error: Error) => {
    const quantised = /qonnx|brevitas/.test(error?.message ?? '')
    const hint = quantised
      ? '; its operators are those of QONNX, which no runtime has: export the model before it is quantised'
      : ''
    throw new InputError(`${file.path}: not a model that the ONNX runtime reads: ${oneLine(error)}${hint}`)
  })
  const opened = openTensors(file, runtime, session, columns)
  const own = ownFacts(file.bytes, inputNames(opened.ports).length)
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
  readonly float32: boolean
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
    this.float32 = ports.every(({ type }) => type === 'float32')
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

  async close(): Promise<void> {
    await this.#opened.session.release()
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
      version: isOnnx(this.file.bytes) ? `IR ${this.file.bytes[1]}` : undefined,
      batch,
      inputs: this.inputs,
      outputs: this.outputs,
      inputTensors: tensors(session.inputNames, session.inputMetadata),
      outputTensors: tensors(session.outputNames, session.outputMetadata),
    }
  }
}
