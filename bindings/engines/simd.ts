/** WebAssembly with SIMD128: compiles the kernels, owns their memory and its views. */
import { instantiateSync } from '@assemblyscript/loader'
import { simd } from '../binaries/simd.ts'
import { type Binary, bytesOf } from '../binary.ts'
import { ConfigurationError } from '../errors.ts'
import { type Activation, activations } from '../model/activations.ts'
import type { Layer, Network } from '../model/network.ts'
import type { Engine, Numbers, Resident, Steps, TrainingSet } from './api.ts'

/** The exports of `assembly/index.ts`, where they are explained. */
interface Kernels {
  readonly memory: WebAssembly.Memory
  allocate(bytes: number): number
  release(pointer: number): void
  create(shape: number): number
  destroy(net: number): void
  expand(net: number, k: number): number
  eventOf(net: number): number
  offsetOf(net: number): number
  scaleOf(net: number): number
  fallbackOf(net: number): number
  answerOf(net: number): number
  scratchOf(net: number): number
  biasOf(net: number, k: number): number
  weightsOf(net: number, k: number): number
  strideOf(net: number, k: number): number
  predict(net: number): void
  predictBlocks(net: number, events: number, double: boolean, blocks: number, scratch: number, out: number): void
  preprocess(net: number, events: number, double: boolean, count: number, rows: number): void
  train(
    net: number,
    rows: number,
    targets: number,
    order: number,
    first: number,
    count: number,
    batch: number,
    rate: number,
    entropy: boolean,
    loss: number,
  ): number
}

interface LayerShape {
  activation: Activation
  alpha: number
  outputs: number
}

/** `relaxed` has the same source; it rounds a product and its sum once, as the host likes. */
export type KernelsName = 'simd' | 'relaxed'

export class SimdEngine implements Engine {
  readonly name: KernelsName
  readonly kernels: Kernels
  f32!: Float32Array
  f64!: Float64Array
  i32!: Int32Array
  u32!: Uint32Array
  #staging = 0
  #stagingBytes = 0

  constructor(module?: WebAssembly.Module, name: KernelsName = 'simd') {
    this.name = name
    this.kernels = instantiateSync(module ?? compiled(name)).instance.exports as unknown as Kernels
    this.renew()
  }

  /** Whether the host runs these kernels: it has WebAssembly, lets bytes be compiled, and knows SIMD128. */
  static available(module?: WebAssembly.Module): boolean {
    if (module) return true
    try {
      compiled('simd')
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
      const binary = name === 'simd' ? simd : (await import('../relaxed.ts')).relaxed
      modules[name] ??= await WebAssembly.compile(bytesOf(binary))
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
const modules: { [name in KernelsName]?: WebAssembly.Module } = {}

function compiled(name: KernelsName): WebAssembly.Module {
  if (name === 'relaxed' && !modules.relaxed) {
    throw new ConfigurationError('engine: "relaxed" is not there yet; await Drone.load or loadEngine("relaxed") first')
  }
  modules[name] ??= compile(name, simd)
  return modules[name]
}

/** @throws ConfigurationError where the host does not run such kernels */
export function compile(name: KernelsName, binary: Binary): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytesOf(binary))
  } catch (cause) {
    throw refused(name, cause)
  }
}

function refused(name: KernelsName, cause: unknown): ConfigurationError {
  const needed = name === 'relaxed' ? 'relaxed SIMD' : 'SIMD128'
  return new ConfigurationError(`engine: "${name}", but this host does not run WebAssembly with ${needed}`, { cause })
}

/** The kernels trap where their heap cannot grow any more. */
function outOfMemory(cause: unknown): ConfigurationError {
  return new ConfigurationError("the engine's memory is full", { cause })
}

class SimdResident implements Resident {
  readonly #engine: SimdEngine
  readonly #inputs: number
  readonly #outputs: number
  #shape: LayerShape[]
  #net = 0
  inputAt = 0
  outputAt = 0

  constructor(engine: SimdEngine, network: Network) {
    this.#engine = engine
    this.#inputs = network.inputs.length
    this.#outputs = network.outputs.length
    this.#shape = network.layers.map((layer) => ({
      activation: layer.activation,
      alpha: layer.alpha,
      outputs: layer.bias.length,
    }))
    this.#settle(this.#create())
    this.#writeInputs(network)
    for (const [k, layer] of network.layers.entries()) this.#writeLayer(k, layer)
  }

  get input(): Float64Array {
    return this.#engine.f64
  }

  get output(): Float32Array {
    return this.#engine.f32
  }

  #create(): number {
    const engine = this.#engine
    const shape = [this.#inputs, this.#shape.length]
    const at = engine.allocate((2 + 3 * this.#shape.length) * 4)
    for (const { activation, outputs } of this.#shape) shape.push(outputs, activations[activation].id, 0)
    engine.i32.set(shape, at >>> 2)
    for (const [k, { alpha }] of this.#shape.entries()) engine.f32[(at >>> 2) + 4 + 3 * k] = alpha
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
    const { kernels } = this.#engine
    this.#engine.renew()
    this.#net = net
    this.inputAt = kernels.eventOf(net) >>> 3
    this.outputAt = kernels.answerOf(net) >>> 2
  }

  #writeInputs({ inputs }: Network): void {
    const { kernels, f64 } = this.#engine
    const offset = kernels.offsetOf(this.#net) >>> 3
    const scale = kernels.scaleOf(this.#net) >>> 3
    const fallback = kernels.fallbackOf(this.#net) >>> 3
    for (const [i, input] of inputs.entries()) {
      f64[offset + i] = input.offset
      f64[scale + i] = input.scale
      f64[fallback + i] = input.default ?? Number.NaN
    }
  }

  #writeLayer(k: number, { weights, bias }: Layer): void {
    const { f32 } = this.#engine
    const { biasAt, weightsAt, stride } = this.#whereIs(k)
    const inputs = weights.length / bias.length
    f32.set(bias, biasAt)
    for (let i = 0; i < bias.length; i++) {
      for (let j = 0; j < inputs; j++) f32[weightsAt + j * stride + i] = weights[i * inputs + j]!
    }
  }

  #whereIs(k: number): { biasAt: number; weightsAt: number; stride: number } {
    const { kernels } = this.#engine
    return {
      biasAt: kernels.biasOf(this.#net, k) >>> 2,
      weightsAt: kernels.weightsOf(this.#net, k) >>> 2,
      stride: kernels.strideOf(this.#net, k),
    }
  }

  layers(): Layer[] {
    const { f32 } = this.#engine
    return this.#shape.map(({ activation, alpha, outputs }, k) => {
      const { biasAt, weightsAt, stride } = this.#whereIs(k)
      const inputs = k === 0 ? this.#inputs : this.#shape[k - 1]!.outputs
      const weights = new Float32Array(inputs * outputs)
      for (let i = 0; i < outputs; i++) {
        for (let j = 0; j < inputs; j++) weights[i * inputs + j] = f32[weightsAt + j * stride + i]!
      }
      return { activation, alpha, weights, bias: f32.slice(biasAt, biasAt + outputs) }
    })
  }

  predict(): void {
    this.#engine.kernels.predict(this.#net)
  }

  predictBatch(events: Numbers, count: number, out: Float32Array): void {
    const engine = this.#engine
    const inputs = this.#inputs
    const outputs = this.#outputs
    const double = events instanceof Float64Array
    const chunk = stagedEvents(inputs, outputs)
    const scratchBytes = engine.kernels.scratchOf(this.#net) * 4
    const eventsAt = engine.staging(scratchBytes + chunk * (inputs * 8 + outputs * 4))
    const outAt = eventsAt + chunk * inputs * 8
    const scratch = outAt + chunk * outputs * 4
    for (let first = 0; first < count; first += chunk) {
      const n = Math.min(chunk, count - first)
      engine.stage(events, first * inputs, n * inputs, eventsAt)
      engine.kernels.predictBlocks(this.#net, eventsAt, double, Math.ceil(n / 8), scratch, outAt)
      copy(engine.f32, outAt >>> 2, n * outputs, out, first * outputs)
    }
  }

  expand(k: number, incoming: Float32Array, bias: number): void {
    const { kernels } = this.#engine
    try {
      this.#settle(kernels.expand(this.#net, k))
    } catch (error) {
      this.#engine.renew()
      throw outOfMemory(error)
    }
    const unit = this.#shape[k]!.outputs++
    const { f32 } = this.#engine
    const { biasAt, weightsAt, stride } = this.#whereIs(k)
    f32[biasAt + unit] = bias
    for (let j = 0; j < incoming.length; j++) f32[weightsAt + j * stride + unit] = incoming[j]!
  }

  trainingSet(capacity: number): TrainingSet {
    return new SimdTrainingSet(this.#engine, () => this.#net, this.#inputs, this.#outputs, capacity)
  }

  train(set: TrainingSet, steps: Steps, loss: number): number {
    const { first, count, batch, learningRate } = steps
    const { rowsAt, targetsAt, orderAt } = set as SimdTrainingSet
    const entropy = steps.loss === 'cross-entropy'
    const rate = Math.fround(learningRate / batch)
    const { kernels } = this.#engine
    try {
      return kernels.train(this.#net, rowsAt, targetsAt, orderAt, first, count, batch, rate, entropy, loss)
    } catch (error) {
      throw outOfMemory(error)
    } finally {
      this.#engine.renew()
    }
  }

  release(): void {
    this.#engine.kernels.destroy(this.#net)
    this.#net = 0
  }
}

/** Events that are staged at once: a multiple of the eight that are scored together, within a megabyte or so. */
function stagedEvents(inputs: number, outputs: number): number {
  return Math.max(8, Math.min(512, Math.floor(65536 / Math.max(inputs, outputs)) & ~7))
}

/** `count` floats between memories; element by element where there are few, since a call of `set` costs more. */
function copy(from: Float32Array, fromAt: number, count: number, to: Float32Array, toAt: number): void {
  if (count > 32) to.set(from.subarray(fromAt, fromAt + count), toAt)
  else for (let i = 0; i < count; i++) to[toAt + i] = from[fromAt + i]!
}

/** Rows of inputs as the net sees them, padded to four, then targets, then the order: one block. */
class SimdTrainingSet implements TrainingSet {
  readonly #engine: SimdEngine
  readonly #net: () => number
  readonly #inputs: number
  readonly #outputs: number
  readonly #capacity: number
  readonly rowsAt: number
  readonly targetsAt: number
  readonly orderAt: number
  size = 0

  constructor(engine: SimdEngine, net: () => number, inputs: number, outputs: number, capacity: number) {
    this.#engine = engine
    this.#net = net
    this.#inputs = inputs
    this.#outputs = outputs
    this.#capacity = capacity
    const rowBytes = this.#rowBytes
    // The kernels read targets in vectors, up to three floats past the last one.
    const bytes = capacity * (rowBytes + outputs * 4 + 4) + 16
    this.rowsAt = engine.allocate(bytes)
    this.targetsAt = this.rowsAt + capacity * rowBytes
    this.orderAt = this.targetsAt + capacity * outputs * 4 + 16
  }

  get #rowBytes(): number {
    return Math.ceil(this.#inputs / 4) * 16
  }

  get order(): Uint32Array {
    return this.#engine.u32.subarray(this.orderAt / 4, this.orderAt / 4 + this.size)
  }

  append(events: Numbers, targets: Float32Array, count: number): void {
    const engine = this.#engine
    const inputs = this.#inputs
    if (this.size + count > this.#capacity) throw new RangeError(`a training set of ${this.#capacity} events is full`)
    const double = events instanceof Float64Array
    const chunk = stagedEvents(inputs, this.#outputs)
    const eventsAt = engine.staging(chunk * inputs * 8)
    for (let first = 0; first < count; first += chunk) {
      const n = Math.min(chunk, count - first)
      engine.stage(events, first * inputs, n * inputs, eventsAt)
      const row = this.rowsAt + (this.size + first) * this.#rowBytes
      engine.f32.fill(0, row / 4, (row + n * this.#rowBytes) / 4)
      engine.kernels.preprocess(this.#net(), eventsAt, double, n, row)
    }
    engine.f32.set(targets.subarray(0, count * this.#outputs), this.targetsAt / 4 + this.size * this.#outputs)
    for (let i = this.size; i < this.size + count; i++) engine.u32[this.orderAt / 4 + i] = i
    this.size += count
  }

  release(): void {
    this.#engine.kernels.release(this.rowsAt)
  }
}
