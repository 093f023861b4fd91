/** Kernels that run, with their memory and its views. */
import { ConfigurationError } from '../errors.ts'
import type { EngineKernels, Numbers } from './api.ts'
import { instantiated } from './modules.ts'

export class KernelMemory {
  readonly kernels: EngineKernels
  f32!: Float32Array
  f64!: Float64Array
  i32!: Int32Array
  u32!: Uint32Array
  #staging = 0
  #stagingBytes = 0

  constructor(module: WebAssembly.Module) {
    this.kernels = instantiated(module) as unknown as EngineKernels
    this.renew()
  }

  /** Views of the memory as it is now. To be called after whatever may have grown it. */
  renew(): void {
    const { buffer } = this.kernels.memory
    if (this.f32?.buffer === buffer) return
    this.f32 = new Float32Array(buffer)
    this.f64 = new Float64Array(buffer)
    this.i32 = new Int32Array(buffer)
    this.u32 = new Uint32Array(buffer)
  }

  allocate(bytes: number): number {
    try {
      if (bytes >= 2 ** 30 - 16) throw new RangeError(`${bytes} bytes in one piece`)
      return this.kernels.allocate(bytes) >>> 0
    } catch (error) {
      throw outOfMemory(error)
    } finally {
      this.renew()
    }
  }

  /** At least so many bytes, shared by all calls that copy something in or out; good until the next `staging`. */
  staging(bytes: number): number {
    if (bytes > this.#stagingBytes) {
      if (this.#staging) this.kernels.release(this.#staging)
      this.#staging = 0
      this.#stagingBytes = 0
      this.#staging = this.allocate(bytes)
      this.#stagingBytes = bytes
    }
    return this.#staging
  }

  /** Copies `count` numbers into the kernels' memory, as the f32 or f64 they are. */
  stage(numbers: Numbers, first: number, count: number, at: number): void {
    if (numbers instanceof Float64Array) this.f64.set(numbers.subarray(first, first + count), at / 8)
    else this.f32.set(numbers.subarray(first, first + count), at / 4)
  }
}

/** The kernels trap where their heap cannot grow any more. */
export function outOfMemory(cause: unknown): ConfigurationError {
  return new ConfigurationError("the engine's memory is full", { cause })
}
