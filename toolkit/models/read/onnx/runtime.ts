/** What is used of the ONNX runtimes, and whichever of them is installed. */
import { InputError } from '../../../errors.ts'
import { optional } from '../../../optional.ts'
import type { ModelFile } from '../../model.ts'
import type { Values } from './numbers.ts'

/** What is used of the runtimes' interface, which is one. */
export interface Runtime {
  InferenceSession: { create(bytes: Uint8Array, options: object): Promise<Session> }
  Tensor: new (type: string, data: Values, dims: number[]) => Tensor
  env?: { logLevel?: string; wasm?: { numThreads?: number } }
}

export interface Session {
  inputNames: readonly string[]
  outputNames: readonly string[]
  inputMetadata?: readonly Metadata[]
  outputMetadata?: readonly Metadata[]
  release(): Promise<void>
  run(feeds: Record<string, Tensor>, fetches: readonly string[], options: object): Promise<Record<string, Tensor>>
}

export interface Metadata {
  isTensor: boolean
  type?: string
  /** Names where a dimension is open. */
  shape?: readonly (number | string)[]
}

export interface Tensor {
  type?: string
  data: ArrayLike<number>
  dims: readonly number[]
}

const RUNTIMES = ['onnxruntime-node', 'onnxruntime-web']

export async function loadRuntime({ path }: ModelFile): Promise<Runtime> {
  for (const name of RUNTIMES) {
    const module = (await optional(name).catch((error) => {
      throw new InputError(`the ONNX runtime cannot be loaded: ${oneLine(error)}`)
    })) as (Runtime & { default: Runtime }) | undefined
    if (!module) continue
    const runtime = module.InferenceSession ? module : module.default
    // Its threads would keep this process from ending.
    if (runtime.env?.wasm) runtime.env.wasm.numThreads = 1
    // What goes wrong is said in an error.
    if (runtime.env) runtime.env.logLevel = 'fatal'
    return runtime
  }
  throw new InputError(`${path}: an ONNX model needs a runtime, and none is installed: npm install onnxruntime-node`)
}

/** What a runtime says of an error, which may be pages. */
export function oneLine(error: Error): string {
  return String(error?.message ?? error)
    .split('\n')[0]!
    .slice(0, 200)
}
