/** What runs a network, and which there are. */
import { JsEngine } from './engines/js.ts'
import { checkModule, relaxedModule, SimdEngine } from './engines/simd.ts'
import { ConfigurationError, shown } from './errors.ts'
import type { Layer, Network } from './network.ts'

export type EngineName = 'simd' | 'relaxed' | 'js'

/** The numbers of one event, or of many one after the other. */
export type Numbers = Float32Array | Float64Array

/** Runs networks: each that is placed in it stays until it is released. */
export interface Engine {
  readonly name: EngineName
  /** The kernels that `distill` trains by, where they were given. */
  readonly learning?: WebAssembly.Module
  place(network: Network): Resident
}

/** Trains networks, in a memory of its own. */
export interface LearningEngine extends Engine {
  place(network: Network): Learner
}

/** Some events of gradient descent. */
export interface Steps {
  /** The events first … first + count − 1 of the set's order; each `batch` from the first of all are a mini-batch. */
  first: number
  count: number
  /** Events of a mini-batch. One that is not complete goes on where the next call does. */
  batch: number
  learningRate: number
  /** The gradient at the output: of (F − G)², or of the cross-entropy that belongs to its activation. */
  loss: Loss
}

export type Loss = 'squared' | 'cross-entropy'

/**
 * A network in an engine. To score one event: write it to `input` from `inputAt` on, call `predict`, read `output`
 * from `outputAt` on. Both views may be replaced by any call that allocates: take them anew for each event.
 */
export interface Resident {
  readonly input: Float64Array
  readonly inputAt: number
  readonly output: Float32Array
  readonly outputAt: number
  /** Scores the event. */
  predict(): void
  /** Scores `count` events of `events`, [count × inputs], into `out`, [count × outputs]. */
  predictBatch(events: Numbers, count: number, out: Float32Array): void
  /** Gives a hidden layer one unit more: its incoming weights and bias as given, its outgoing weights zero. */
  expand(layer: number, incoming: Float32Array, bias: number): void
  /** A copy of the parameters. */
  layers(): Layer[]
  release(): void
}

/** A network in an engine that trains it. */
export interface Learner extends Resident {
  /** Room for events to train on. */
  trainingSet(capacity: number): TrainingSet
  /**
   * Runs events through; with the last of a mini-batch w −= (learningRate / batch) Σ gradient. Returns `loss` plus
   * their Σ(F − G)².
   */
  train(set: TrainingSet, steps: Steps, loss: number): number
}

/** Events that a network trains on, as its inputs see them, with their targets. */
export interface TrainingSet {
  readonly size: number
  /** The order in which they are visited; a view that may be replaced by any call that allocates. */
  readonly order: Uint32Array
  /** Adds `count` events, [count × inputs], and targets, [count × outputs]. */
  append(events: Numbers, targets: Float32Array, count: number): void
  release(): void
}

export interface EngineOptions {
  /**
   * `simd` is WebAssembly with SIMD128, `js` the same operations in plain JavaScript; the default is what the host has.
   * `relaxed` is faster where the host has relaxed SIMD, but its last bits are as the host likes; it is never the default.
   */
  engine?: EngineName
  /** The compiled module of `nndrone/nndrone.wasm` or `nndrone.relaxed.wasm`, for hosts that forbid compiling bytes. */
  module?: WebAssembly.Module
  /** The compiled module of `nndrone/learning.wasm`, for `distill` on such hosts; that of `relaxed` learns by itself. */
  learning?: WebAssembly.Module
}

/** An engine of its own, with its own memory. */
export function createEngine(options: EngineOptions = {}): Engine {
  const { engine, module, learning } = options
  if (engine === 'relaxed') checkModule('module', module, 'train', 'nndrone.relaxed.wasm')
  else checkModule('module', module, 'predict', 'nndrone.wasm')
  checkModule('learning', learning, 'train', 'learning.wasm')
  if (engine === 'js') return new JsEngine()
  if (engine === 'relaxed') {
    // One binary scores and trains: only who asks for it loads it.
    const kernels = module ?? relaxedModule()
    return new SimdEngine(kernels, engine, learning ?? kernels)
  }
  if (engine !== undefined && engine !== 'simd') {
    throw new ConfigurationError(`engine: ${shown(engine)}, expected "simd", "relaxed" or "js"`)
  }
  if (engine === undefined && !SimdEngine.available(module)) return new JsEngine()
  return new SimdEngine(module, 'simd', learning)
}

const shared = new Map<EngineName | 'default', Engine>()

/** The engine that drones share unless they are given one of their own; made when it is first asked for. */
export function sharedEngine(name?: EngineName): Engine {
  const key = name ?? 'default'
  const engine = shared.get(key) ?? createEngine({ engine: name })
  shared.set(key, engine)
  return engine
}

/**
 * As `sharedEngine`, but compiles without blocking, and loads what `relaxed` needs.
 * @throws ConfigurationError where the host does not have what the engine needs
 */
export async function loadEngine(name?: EngineName): Promise<Engine> {
  if (name !== 'js') await SimdEngine.prepare(name === 'relaxed' ? name : 'simd')
  return sharedEngine(name)
}
