/** The kernels that read lines and write scores: each reader and each writer has an instance, and so a memory, of its own. */
import { type Kernels, lines } from '../binaries/lines.ts'
import { compiled, instantiated } from '../engines/modules.ts'
import { powersOfFive } from './powers.ts'

/** Bytes that are read behind the last one that counts. */
const ROOM = 64

/** What is read next must begin at a multiple of 16. */
export function padded(bytes: number): number {
  return (bytes + 15) & ~15
}

export class LineKernels {
  readonly run: Kernels
  u8!: Uint8Array<ArrayBuffer>
  i32!: Int32Array<ArrayBuffer>
  u32!: Uint32Array<ArrayBuffer>
  f32!: Float32Array<ArrayBuffer>
  f64!: Float64Array<ArrayBuffer>
  readonly base: number

  private constructor(run: Kernels) {
    this.run = run
    this.base = this.reserve(0)
    new BigUint64Array(run.memory.buffer).set(powersOfFive(), run.powersAt() / 8)
  }

  /** Undefined where the host does not run WebAssembly with SIMD. */
  static create(): LineKernels | undefined {
    try {
      return new LineKernels(instantiated(compiled(lines)) as unknown as Kernels)
    } catch {
      return undefined
    }
  }

  /** Makes room for so many bytes and what is read behind them. Returns where they begin. */
  reserve(bytes: number): number {
    const base = this.run.reserve(bytes + ROOM)
    const { buffer } = this.run.memory
    if (this.u8?.buffer !== buffer) {
      this.u8 = new Uint8Array(buffer)
      this.i32 = new Int32Array(buffer)
      this.u32 = new Uint32Array(buffer)
      this.f32 = new Float32Array(buffer)
      this.f64 = new Float64Array(buffer)
    }
    return base
  }
}
