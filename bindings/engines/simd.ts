/** WebAssembly with SIMD128. */
import { simd } from '../binaries/simd.ts'
import type { Network } from '../model/network.ts'
import type { Engine, Resident } from './api.ts'
import { KernelMemory } from './kernel-memory.ts'
import { compiled, type KernelsName } from './modules.ts'
import { SimdResident } from './simd-resident.ts'

export class SimdEngine extends KernelMemory implements Engine {
  readonly name: KernelsName
  readonly learning: WebAssembly.Module | undefined

  constructor(module = compiled(simd), name: KernelsName = 'simd', learning?: WebAssembly.Module) {
    super(module)
    this.name = name
    this.learning = learning
  }

  /** Whether the host runs these kernels: it has WebAssembly, lets bytes be compiled, and knows SIMD128. */
  static available(module?: WebAssembly.Module): boolean {
    if (module) return true
    try {
      compiled(simd)
      return true
    } catch {
      return false
    }
  }

  place(network: Network): Resident {
    return new SimdResident(this, network)
  }
}
