/** A swarm in WebAssembly with SIMD128: drones of one shape in quads, as `assembly/quads.ts` reads them. */

import { type Kernels, swarm } from '../binaries/swarm.ts'
import type { Numbers } from '../engines/api.ts'
import { compiled } from '../engines/modules.ts'
import { SimdEngine } from '../engines/simd.ts'
import { type Activation, activations } from '../model/activations.ts'
import type { Layer, Network } from '../model/network.ts'
import type { Member, SwarmRunner } from './api.ts'

let shared: SimdEngine | undefined

/**
 * The engine that all swarms share, made when it is first asked for.
 * @throws ConfigurationError where the host does not run it
 */
export function swarmEngine(): SimdEngine {
  shared ??= new SimdEngine(compiled(swarm))
  return shared
}

/** Of one shape: member k lies in lane k mod 4 of quad ⌊k / 4⌋. */
interface Group {
  shape: Shape
  members: Member[]
  /** Pointers. */
  quads: number[]
}

const HEAD_BYTES = 32
/** An input of four drones: offset, scale and fallback in f64, column in u32. */
const INPUT_BYTES = 112
/** Units, activation, alpha, and three masks for four drones. */
const LAYER_BYTES = 64

/** What drones need to have in common to lie in one quad, units being padded to a multiple of four. */
interface Shape {
  inputs: number
  outputs: number
  layers: { activation: Activation; alpha: number; units: number }[]
}

function shapeOf({ inputs, outputs, layers }: Network): Shape {
  return {
    inputs: outputs.length === 1 && layers.length === 1 ? padded(inputs.length) : inputs.length,
    outputs: outputs.length,
    layers: layers.map(({ activation, alpha, bias }, k) => ({
      activation,
      alpha,
      units: k === layers.length - 1 && bias.length === 1 ? 1 : padded(bias.length),
    })),
  }
}

function padded(count: number): number {
  return Math.ceil(count / 4) * 4
}

export class SimdSwarm implements SwarmRunner {
  readonly name = 'simd'
  readonly #engine: SimdEngine
  readonly #kernels: Kernels
  readonly #groups = new Map<string, Group>()
  #inputs = 0
  #outputs = 0
  /** One block: scratch memory, an event, its answer, the list of quads. */
  #block = 0
  #blockBytes = 0
  /** Bytes of one of the two halves of scratch memory. */
  #half = 0
  #quadsAt = 0
  #quads = 0
  #eventAt = 0
  #answerAt = 0
  inputAt = 0
  outputAt = 0

  constructor(engine: SimdEngine) {
    this.#engine = engine
    this.#kernels = engine.kernels as unknown as Kernels
  }

  get input(): Float64Array {
    return this.#engine.f64
  }

  get output(): Float32Array {
    return this.#engine.f32
  }

  put(member: Member, inputs: number, outputs: number): void {
    const shape = shapeOf(member.network)
    const key = JSON.stringify(shape)
    const group = this.#groups.get(key) ?? { shape, members: [], quads: [] }
    const quad = group.members.length === group.quads.length * 4 ? this.#newQuad(shape) : 0
    try {
      this.#reserve(inputs, outputs, group)
    } catch (error) {
      if (quad) this.#engine.kernels.release(quad)
      throw error
    }
    if (quad) group.quads.push(quad)
    this.#groups.set(key, group)
    this.#write(group, group.members.push(member) - 1)
  }

  drop(member: Member): void {
    const key = JSON.stringify(shapeOf(member.network))
    const group = this.#groups.get(key)!
    const { members, quads } = group
    const at = members.indexOf(member)
    const last = members.pop()!
    if (last !== member) {
      members[at] = last
      this.#write(group, at)
    }
    if (members.length <= (quads.length - 1) * 4) this.#engine.kernels.release(quads.pop()!)
    if (members.length === 0) this.#groups.delete(key)
  }

  arrange(inputs: number, outputs: number): void {
    const groups = [...this.#groups.values()]
    const quads = groups.flatMap((group) => group.quads)
    this.#inputs = inputs
    this.#outputs = outputs
    this.#half = Math.max(0, ...groups.map(({ shape }) => scratchBytes(shape)))
    this.#eventAt = this.#block + 2 * this.#half
    this.#answerAt = this.#eventAt + inputs * 8
    this.#quadsAt = this.#answerAt + outputs * 4
    this.#quads = quads.length
    this.inputAt = this.#eventAt >>> 3
    this.outputAt = this.#answerAt >>> 2
    this.#engine.u32.set(quads, this.#quadsAt >>> 2)
    for (const group of groups) this.#place(group)
  }

  predict(): void {
    this.#score(this.#eventAt, 1, this.#answerAt)
  }

  predictBatch(events: Numbers, count: number, out: Float32Array): void {
    const engine = this.#engine
    const [inputs, outputs] = [this.#inputs, this.#outputs]
    const chunk = Math.max(1, Math.min(256, Math.floor(2 ** 17 / (inputs * 2 + outputs))))
    const eventsAt = engine.staging(chunk * (inputs * 8 + outputs * 4))
    const outAt = eventsAt + chunk * inputs * 8
    for (let first = 0; first < count; first += chunk) {
      const n = Math.min(chunk, count - first)
      engine.f64.set(events.subarray(first * inputs, (first + n) * inputs), eventsAt >>> 3)
      this.#score(eventsAt, n, outAt)
      out.set(engine.f32.subarray(outAt >>> 2, (outAt >>> 2) + n * outputs), first * outputs)
    }
  }

  release(): void {
    const { kernels } = this.#engine
    for (const { quads } of this.#groups.values()) for (const quad of quads) kernels.release(quad)
    if (this.#block) kernels.release(this.#block)
    this.#groups.clear()
  }

  #score(events: number, count: number, out: number): void {
    this.#kernels.scoreQuads(
      this.#quadsAt,
      this.#quadsAt + this.#quads * 4,
      events,
      this.#inputs * 8,
      count,
      this.#block,
      this.#half,
      out,
      this.#outputs * 4,
    )
  }

  /** Room for everything beside the quads, once a group has come or grown. */
  #reserve(inputs: number, outputs: number, next: Group): void {
    const groups = [...this.#groups.values(), next]
    const half = Math.max(...groups.map(({ shape }) => scratchBytes(shape)))
    const quads = groups.reduce((sum, group) => sum + group.quads.length, 1)
    const bytes = 2 * half + inputs * 8 + (outputs + quads) * 4
    if (bytes <= this.#blockBytes) return
    const block = this.#engine.allocate(bytes)
    if (this.#block) this.#engine.kernels.release(this.#block)
    this.#block = block
    this.#blockBytes = bytes
  }

  /** A quad without drones. */
  #newQuad({ inputs, outputs, layers }: Shape): number {
    const engine = this.#engine
    const bytes = quadBytes({ inputs, outputs, layers })
    const quad = engine.allocate(bytes)
    engine.i32.fill(0, quad >>> 2, (quad + bytes) >>> 2)
    engine.i32.set([inputs, layers.length, 0, outputs], quad >>> 2)
    let at = quad + HEAD_BYTES + inputs * INPUT_BYTES
    let from = inputs
    for (const { activation, alpha, units } of layers) {
      engine.i32.set([units, activations[activation].id], at >>> 2)
      engine.f32[(at >>> 2) + 2] = alpha
      at += layerBytes(from, units)
      from = units
    }
    return quad
  }

  /** Member k's numbers in its lane: all of them, since another drone may have been there. */
  #write({ shape, members, quads }: Group, k: number): void {
    const { f64, u32 } = this.#engine
    const { network, columns } = members[k]!
    const lane = k & 3
    let at = quads[k >> 2]! + HEAD_BYTES
    for (let i = 0; i < shape.inputs; i++, at += INPUT_BYTES) {
      const { offset, scale, default: fallback = Number.NaN } = network.inputs[i] ?? NO_INPUT
      f64[(at >>> 3) + lane] = offset
      f64[(at >>> 3) + 4 + lane] = scale
      f64[(at >>> 3) + 8 + lane] = fallback
      u32[(at >>> 2) + 24 + lane] = (columns[i] ?? 0) * 8
    }
    let from = shape.inputs
    for (const [l, { units }] of shape.layers.entries()) {
      this.#writeLayer(at, lane, network.layers[l]!, from, units)
      at += layerBytes(from, units)
      from = units
    }
  }

  /** Masks, biases, then weights, input-major: each number is one of four, and zero in the padding. */
  #writeLayer(at: number, lane: number, { bias, weights }: Layer, from: number, units: number): void {
    const { f32, u32 } = this.#engine
    const inputs = weights.length / bias.length
    let to = (at >>> 2) + 4 + lane
    for (let i = units - 3; i < units; i++, to += 4) u32[to] = i < bias.length ? 0xffffffff : 0
    for (let i = 0; i < units; i++, to += 4) f32[to] = bias[i] ?? 0
    for (let j = 0; j < from; j++) {
      for (let i = 0; i < units; i++, to += 4) {
        f32[to] = j < inputs && i < bias.length ? weights[i * inputs + j]! : 0
      }
    }
  }

  /** How many drones each quad has, and where their outputs go. */
  #place({ members, quads }: Group): void {
    const { u32 } = this.#engine
    for (const [q, quad] of quads.entries()) u32[(quad >>> 2) + 2] = Math.min(4, members.length - q * 4)
    for (const [k, { place }] of members.entries()) u32[(quads[k >> 2]! >>> 2) + 4 + (k & 3)] = place * 4
  }
}

/** Padding: whatever the event holds, the net sees 0. */
const NO_INPUT = { offset: 0, scale: 0, default: 0 }

function layerBytes(inputs: number, units: number): number {
  return LAYER_BYTES + (units + inputs * units) * 16
}

function quadBytes({ inputs, layers }: Shape): number {
  let bytes = HEAD_BYTES + inputs * INPUT_BYTES
  for (const [k, { units }] of layers.entries()) bytes += layerBytes(layers[k - 1]?.units ?? inputs, units)
  return bytes
}

/** Of one event: what the widest layer, or the inputs, hold for four drones. */
function scratchBytes({ inputs, layers }: Shape): number {
  return layers.reduce((width, { units }) => Math.max(width, units), inputs) * 16
}
