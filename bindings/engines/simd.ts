/** WebAssembly with SIMD128: compiles the kernels, owns their memory and its views. */
import { instantiateSync } from '@assemblyscript/loader'
import { type Kernels, simd } from '../binaries/simd.ts'
import { type Binary, bytesOf } from '../binary.ts'
import { ConfigurationError, shown } from '../errors.ts'
import { type Activation, activations } from '../model/activations.ts'
import type { Layer, Network } from '../model/network.ts'
import type { Engine, Numbers, Resident } from './api.ts'

interface LayerShape {
  activation: Activation
  alpha: number
  outputs: number
}

/** `relaxed` has the same source; it rounds a product and its sum once, as the host likes. */
export type KernelsName = 'simd' | 'relaxed'

export class SimdEngine implements Engine {
  readonly name: KernelsName
  readonly learning: WebAssembly.Module | undefined
  readonly kernels: Kernels
  f32!: Float32Array
  f64!: Float64Array
  i32!: Int32Array
  u32!: Uint32Array
  #staging = 0
  #stagingBytes = 0

  constructor(module = compiled(simd), name: KernelsName = 'simd', learning?: WebAssembly.Module) {
    this.name = name
    this.learning = learning
    this.kernels = instantiateSync(module).instance.exports as unknown as Kernels
    this.renew()
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

  /**
   * Compiles kernels in the background, and loads those that are not in this file.
   * @throws ConfigurationError where the host does not know relaxed SIMD; of SIMD128, `available` is what says so
   */
  static async prepare(name: KernelsName): Promise<void> {
    try {
      if (name === 'relaxed') ({ relaxed } = await import('../relaxed.ts'))
      await compile(name === 'relaxed' ? relaxed! : simd)
    } catch (cause) {
      if (name === 'relaxed') throw refused(name, cause)
    }
  }

  place(network: Network): Resident {
    return new SimdResident(this, network)
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

/** Compiled once for all engines. */
const modules = new Map<Binary, WebAssembly.Module>()

/** Once `prepare` has loaded it. */
let relaxed: Binary | undefined

export function relaxedModule(): WebAssembly.Module {
  const module = relaxed && modules.get(relaxed)
  if (module) return module
  throw new ConfigurationError('engine: "relaxed" is not there yet; await Drone.load or loadEngine("relaxed") first')
}

/** @throws ConfigurationError where the host does not run such kernels */
export function compiled(binary: Binary): WebAssembly.Module {
  try {
    const module = modules.get(binary) ?? new WebAssembly.Module(bytesOf(binary))
    modules.set(binary, module)
    return module
  } catch (cause) {
    throw refused('simd', cause)
  }
}

/** As `compiled`, but in the background; throws what the host throws. */
export async function compile(binary: Binary): Promise<WebAssembly.Module> {
  const module = modules.get(binary) ?? (await WebAssembly.compile(bytesOf(binary)))
  modules.set(binary, module)
  return module
}

/** @throws ConfigurationError where a module that was given is none, or has not the kernel that it is given for */
export function checkModule(option: string, module: unknown, kernel: string, file: string): void {
  if (module === undefined) return
  if (!(module instanceof WebAssembly.Module)) {
    throw new ConfigurationError(`${option}: ${shown(module)}, expected a WebAssembly.Module`)
  }
  if (WebAssembly.Module.exports(module).some(({ name }) => name === kernel)) return
  throw new ConfigurationError(`${option}: a module without the kernel ${kernel}, expected that of nndrone/${file}`)
}

function refused(name: KernelsName, cause: unknown): ConfigurationError {
  const needed = name === 'relaxed' ? 'relaxed SIMD' : 'SIMD128'
  return new ConfigurationError(`engine: "${name}", but this host does not run WebAssembly with ${needed}`, { cause })
}

/** The kernels trap where their heap cannot grow any more. */
export function outOfMemory(cause: unknown): ConfigurationError {
  return new ConfigurationError("the engine's memory is full", { cause })
}

export class SimdResident implements Resident {
  protected readonly engine: SimdEngine
  protected readonly inputs: number
  protected readonly outputs: number
  protected readonly shape: LayerShape[]
  /** Its pointer, which a growth may change. */
  protected net = 0
  inputAt = 0
  outputAt = 0

  constructor(engine: SimdEngine, network: Network) {
    this.engine = engine
    this.inputs = network.inputs.length
    this.outputs = network.outputs.length
    this.shape = network.layers.map((layer) => ({
      activation: layer.activation,
      alpha: layer.alpha,
      outputs: layer.bias.length,
    }))
    this.#settle(this.#create())
    this.#writeInputs(network)
    for (const [k, layer] of network.layers.entries()) this.#writeLayer(k, layer)
  }

  get input(): Float64Array {
    return this.engine.f64
  }

  get output(): Float32Array {
    return this.engine.f32
  }

  #create(): number {
    const engine = this.engine
    const shape = [this.inputs, this.shape.length]
    const at = engine.allocate((2 + 3 * this.shape.length) * 4)
    for (const { activation, outputs } of this.shape) shape.push(outputs, activations[activation].id, 0)
    engine.i32.set(shape, at >>> 2)
    for (const [k, { alpha }] of this.shape.entries()) engine.f32[(at >>> 2) + 4 + 3 * k] = alpha
    try {
      return engine.kernels.create(at)
    } catch (error) {
      throw outOfMemory(error)
    } finally {
      engine.renew()
      engine.kernels.release(at)
    }
  }

  /** Takes the pointer of the network, which a growth may have moved. */
  #settle(net: number): void {
    const { kernels } = this.engine
    this.engine.renew()
    this.net = net
    this.inputAt = kernels.eventOf(net) >>> 3
    this.outputAt = kernels.answerOf(net) >>> 2
  }

  #writeInputs({ inputs }: Network): void {
    const { kernels, f64 } = this.engine
    const offset = kernels.offsetOf(this.net) >>> 3
    const scale = kernels.scaleOf(this.net) >>> 3
    const fallback = kernels.fallbackOf(this.net) >>> 3
    for (const [i, input] of inputs.entries()) {
      f64[offset + i] = input.offset
      f64[scale + i] = input.scale
      f64[fallback + i] = input.default ?? Number.NaN
    }
  }

  #writeLayer(k: number, { weights, bias }: Layer): void {
    const { f32 } = this.engine
    const { biasAt, weightsAt, stride } = this.whereIs(k)
    const inputs = weights.length / bias.length
    f32.set(bias, biasAt)
    for (let i = 0; i < bias.length; i++) {
      for (let j = 0; j < inputs; j++) f32[weightsAt + j * stride + i] = weights[i * inputs + j]!
    }
  }

  /** Numbers of floats. */
  protected whereIs(k: number): { biasAt: number; weightsAt: number; stride: number } {
    const { kernels } = this.engine
    return {
      biasAt: kernels.biasOf(this.net, k) >>> 2,
      weightsAt: kernels.weightsOf(this.net, k) >>> 2,
      stride: kernels.strideOf(this.net, k),
    }
  }

  layers(): Layer[] {
    const { f32 } = this.engine
    return this.shape.map(({ activation, alpha, outputs }, k) => {
      const { biasAt, weightsAt, stride } = this.whereIs(k)
      const inputs = k === 0 ? this.inputs : this.shape[k - 1]!.outputs
      const weights = new Float32Array(inputs * outputs)
      for (let i = 0; i < outputs; i++) {
        for (let j = 0; j < inputs; j++) weights[i * inputs + j] = f32[weightsAt + j * stride + i]!
      }
      return { activation, alpha, weights, bias: f32.slice(biasAt, biasAt + outputs) }
    })
  }

  predict(): void {
    this.engine.kernels.predict(this.net)
  }

  predictBatch(events: Numbers, count: number, out: Float32Array): void {
    const engine = this.engine
    const inputs = this.inputs
    const outputs = this.outputs
    const double = events instanceof Float64Array
    const chunk = stagedEvents(inputs, outputs)
    const scratchBytes = engine.kernels.scratchOf(this.net) * 4
    const eventsAt = engine.staging(scratchBytes + chunk * (inputs * 8 + outputs * 4))
    const outAt = eventsAt + chunk * inputs * 8
    const scratch = outAt + chunk * outputs * 4
    for (let first = 0; first < count; first += chunk) {
      const n = Math.min(chunk, count - first)
      engine.stage(events, first * inputs, n * inputs, eventsAt)
      engine.kernels.predictBlocks(this.net, eventsAt, double, Math.ceil(n / 8), scratch, outAt)
      copy(engine.f32, outAt >>> 2, n * outputs, out, first * outputs)
    }
  }

  expand(k: number, incoming: Float32Array, bias: number): void {
    const { kernels } = this.engine
    try {
      this.#settle(kernels.expand(this.net, k))
    } catch (error) {
      this.engine.renew()
      throw outOfMemory(error)
    }
    const unit = this.shape[k]!.outputs++
    const { f32 } = this.engine
    const { biasAt, weightsAt, stride } = this.whereIs(k)
    f32[biasAt + unit] = bias
    for (let j = 0; j < incoming.length; j++) f32[weightsAt + j * stride + unit] = incoming[j]!
  }

  release(): void {
    this.engine.kernels.destroy(this.net)
    this.net = 0
  }
}

/** Events that are staged at once: a multiple of the eight that are scored together, within a megabyte or so. */
export function stagedEvents(inputs: number, outputs: number): number {
  return Math.max(8, Math.min(512, Math.floor(65536 / Math.max(inputs, outputs)) & ~7))
}

/** `count` floats between memories; element by element where there are few, since a call of `set` costs more. */
function copy(from: Float32Array, fromAt: number, count: number, to: Float32Array, toAt: number): void {
  if (count > 32) to.set(from.subarray(fromAt, fromAt + count), toAt)
  else for (let i = 0; i < count; i++) to[toAt + i] = from[fromAt + i]!
}
