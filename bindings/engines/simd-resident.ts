/** A network in the kernels' memory. */
import { type Activation, activations } from '../model/activations.ts'
import type { Layer, Network } from '../model/network.ts'
import type { Numbers, Resident } from './api.ts'
import { type KernelMemory, outOfMemory } from './kernel-memory.ts'

interface LayerShape {
  activation: Activation
  alpha: number
  outputs: number
}

export class SimdResident implements Resident {
  protected readonly engine: KernelMemory
  protected readonly inputs: number
  protected readonly outputs: number
  protected readonly shape: LayerShape[]
  protected net = 0
  inputAt = 0
  outputAt = 0

  constructor(engine: KernelMemory, network: Network) {
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

  get pointer(): number {
    return this.net
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
