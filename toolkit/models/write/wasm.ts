/**
 * Writes a drone as a WebAssembly module that imports nothing: one of our kernels, in whose memory the network lies
 * already. Nothing is compiled here. The kernel makes the network in a memory of its own, as it would to score; what that
 * memory holds then becomes the data of the module. https://webassembly.github.io/spec/core/binary/modules.html
 */
import { ACTIVATIONS, type Network } from 'nndrone'
import { UsageError } from '../../errors.ts'
import { KERNELS } from '../binaries/exported.ts'
import { factsOf } from '../exported/facts.ts'
import { type Exportable, type Exported, exported } from '../exported/index.ts'
import { varintBytes } from '../protobuf.ts'

/** What the module exports; the kernel has more, which is for this file. */
const EXPORTS = ['memory', 'inputs', 'outputs', 'event', 'answer', 'score']

const SECTION = { custom: 0, memory: 5, export: 7, data: 11, dataCount: 12 }

const PAGE = 65536

/**
 * The bytes of a module that scores as the drone does, to the bit, in any host of WebAssembly with SIMD; it imports
 * nothing. It exports `memory`; `event()`, the address of f64[inputs()], where an event is written; `score()`, which
 * scores it and returns the first output; `answer()`, the address of f32[outputs()], where `score` leaves all of them.
 * What is not finite is the default of its input, and where there is none, the score is NaN. A custom section `nndrone`
 * holds JSON: the names of inputs and outputs, cuts, and how the module was made.
 * @throws UsageError where this host has no WebAssembly
 * @example writeFileSync('drone.wasm', exportWasm(drone))
 */
export function exportWasm(drone: Exportable): Uint8Array {
  if (typeof WebAssembly === 'undefined')
    throw new UsageError('a .wasm file is made with WebAssembly, which is off here')
  const whole = exported(drone)
  const kernel = Buffer.from(KERNELS[kernelOf(whole.network)], 'base64')
  const { segments, bytes } = memoryOf(kernel, whole.network)
  const pages = Math.ceil(bytes / PAGE)
  const sections = sectionsOf(kernel).map(({ id, content }) => {
    if (id === SECTION.memory) return section(id, [1, 0, ...unsigned(pages)])
    if (id === SECTION.export) return section(id, chosenExports(content))
    if (id === SECTION.dataCount) return section(id, unsigned(segments.length))
    if (id === SECTION.data) return section(id, unsigned(segments.length), ...segments.flatMap(segmentBytes))
    return section(id, content)
  })
  return new Uint8Array(Buffer.concat([kernel.subarray(0, 8), ...sections, customSection(whole)]))
}

/** One hidden layer of sigmoids or tanh to one output has a kernel of its own. */
function kernelOf({ layers }: Network): keyof typeof KERNELS {
  const [hidden, last] = layers
  const shallow = layers.length === 2 && last!.bias.length === 1
  return shallow && (hidden!.activation === 'sigmoid' || hidden!.activation === 'tanh') ? hidden!.activation : 'deep'
}

interface Kernel {
  memory: { buffer: ArrayBuffer }
  allocate(bytes: number): number
  create(shape: number): void
  offset(): number
  scale(): number
  fallback(): number
  bias(k: number): number
  weights(k: number): number
  stride(k: number): number
}

/** What the kernel's memory holds with the network in it, and how much of it there is. */
function memoryOf(bytes: Uint8Array<ArrayBuffer>, network: Network) {
  const kernel = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as unknown as Kernel
  const shape = shapeOf(network)
  const at = kernel.allocate(shape.length)
  const memory = () => new Uint8Array(kernel.memory.buffer)
  memory().set(shape, at)
  kernel.create(at)
  memory().fill(0, at, at + shape.length)
  fill(kernel, network)
  const all = memory()
  const end = kernel.allocate(16)
  return { segments: segmentsOf(all.subarray(0, end)), bytes: end }
}

interface Segment {
  address: number
  bytes: Uint8Array
}

/** Hosts refuse a module of more than 100,000 segments. */
const MOST_SEGMENTS = 1000

/**
 * What is not zero: memory begins as zeros.
 * @param gap zeros in a row that are kept: a segment of its own takes as many bytes
 */
function segmentsOf(memory: Uint8Array, gap = 8): Segment[] {
  const segments: Segment[] = []
  let [from, to] = [0, 0]
  const cut = () => {
    if (to > from) segments.push({ address: from, bytes: memory.subarray(from, to) })
  }
  for (const [address, byte] of memory.entries()) {
    if (byte === 0) continue
    if (address - to > gap) {
      cut()
      from = address
    }
    to = address + 1
  }
  cut()
  return segments.length > MOST_SEGMENTS ? segmentsOf(memory, 2 * gap) : segments
}

/** i32[2 + 3 × depth], as the kernels take it; the activations are in the order of their numbers there. */
function shapeOf({ inputs, layers }: Network): Uint8Array {
  const shape = new Int32Array([
    inputs.length,
    layers.length,
    ...layers.flatMap(({ activation, bias }) => [bias.length, ACTIVATIONS.indexOf(activation), 0]),
  ])
  const floats = new Float32Array(shape.buffer)
  for (const [k, { alpha }] of layers.entries()) floats[4 + 3 * k] = alpha
  return new Uint8Array(shape.buffer)
}

function fill(kernel: Kernel, { inputs, layers }: Network): void {
  const { buffer } = kernel.memory
  const doubles = (at: number) => new Float64Array(buffer, at, inputs.length)
  doubles(kernel.offset()).set(inputs.map(({ offset }) => offset))
  doubles(kernel.scale()).set(inputs.map(({ scale }) => scale))
  doubles(kernel.fallback()).set(inputs.map((input) => input.default ?? Number.NaN))
  for (const [k, { bias, weights }] of layers.entries()) {
    new Float32Array(buffer, kernel.bias(k)).set(bias)
    const [units, stride] = [bias.length, kernel.stride(k)]
    const rows = new Float32Array(buffer, kernel.weights(k))
    for (let i = 0; i < units; i++) {
      for (let j = 0; j < weights.length / units; j++) rows[j * stride + i] = weights[i * (weights.length / units) + j]!
    }
  }
}

interface Section {
  id: number
  content: Uint8Array
}

function sectionsOf(bytes: Uint8Array): Section[] {
  const sections: Section[] = []
  const reader = new Reader(bytes, 8)
  while (reader.at < bytes.length) sections.push({ id: reader.byte(), content: reader.bytes(reader.number()) })
  return sections
}

function section(id: number, ...content: readonly (readonly number[] | Uint8Array)[]): Uint8Array {
  const inside = Buffer.concat(content.map((piece) => Uint8Array.from(piece)))
  return Buffer.concat([Uint8Array.of(id), varintBytes(BigInt(inside.length)), inside])
}

/** An export is a name, a kind and a number. */
function chosenExports(content: Uint8Array): number[] {
  const reader = new Reader(content, 0)
  const kept: number[][] = []
  for (let count = reader.number(); count > 0; count--) {
    const from = reader.at
    const name = new TextDecoder().decode(reader.bytes(reader.number()))
    reader.byte()
    reader.number()
    if (EXPORTS.includes(name)) kept.push([...content.subarray(from, reader.at)])
  }
  return [kept.length, ...kept.flat()]
}

function customSection(whole: Exported): Uint8Array {
  const name = Buffer.from('nndrone')
  return section(SECTION.custom, [name.length], name, Buffer.from(JSON.stringify(factsOf(whole))))
}

/** A segment at an address that is a constant. */
function segmentBytes({ address, bytes }: Segment): [head: number[], bytes: Uint8Array] {
  const [ACTIVE, CONSTANT, END] = [0, 0x41, 0x0b]
  return [[ACTIVE, CONSTANT, ...signed(address), END, ...unsigned(bytes.length)], bytes]
}

function unsigned(value: number): Uint8Array {
  return varintBytes(BigInt(value))
}

/** Of a constant in code, whose last byte has a sign. */
function signed(value: number): number[] {
  const bytes = [...unsigned(value)]
  if (bytes.at(-1)! < 64) return bytes
  return [...bytes.slice(0, -1), bytes.at(-1)! | 128, 0]
}

class Reader {
  at: number
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes
    this.at = at
  }

  byte(): number {
    return this.#bytes[this.at++]!
  }

  bytes(count: number): Uint8Array {
    this.at += count
    return this.#bytes.subarray(this.at - count, this.at)
  }

  number(): number {
    let value = 0
    let shift = 0
    let byte: number
    do {
      byte = this.byte()
      value += (byte & 127) * 2 ** shift
      shift += 7
    } while (byte > 127)
    return value
  }
}
