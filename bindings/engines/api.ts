/** What an engine is: something that runs networks, and what trains them. */
import type { Kernels } from '../binaries/simd.ts'
import type { KernelsModule } from '../host.ts'
import type { Layer, Network } from '../model/network.ts'

export type EngineName = 'simd' | 'relaxed' | 'js'

/** The numbers of one event, or of many one after the other. */
export type Numbers = Float32Array | Float64Array

/** The kernels that take the values of an event as arguments. */
export type SingleKernels = Pick<Kernels, `score${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}`>

/** What all engines of WebAssembly have; those that learn have none for single events. */
export type EngineKernels = Omit<Kernels, keyof SingleKernels> & Partial<SingleKernels>

/** Runs networks: each that is placed in it stays until it is released. */
export interface Engine {
  readonly name: EngineName
  /** The kernels that `distill` trains by, where they were given. */
  readonly learning?: KernelsModule
  /** Its functions, where it is WebAssembly. */
  readonly kernels?: EngineKernels
  place(network: Network): Resident
}

/** Trains networks, in a memory of its own. */
export interface LearningEngine extends Engine {
  place(network: Network): Learner
}

/** Events of a training set, at least one, and the loss that is to become less. */
export interface EventRange {
  /** The events first … first + count − 1 of the set's order. */
  first: number
  count: number
  /** The gradient at the output: of (F − G)², or of the cross-entropy that belongs to its activation. */
  loss: Loss
}

/** Events whose losses bend. */
export interface CurvedRange extends EventRange {
  /** An output is left out where its factor in J is not above this: φ′ for squares, √φ′ for the cross-entropy. */
  least: number
}

/** Some events of gradient descent: each `batch` from the first of the set are a mini-batch. */
export interface Steps extends EventRange {
  /** Events of a mini-batch. One that is not complete goes on where the next call does. */
  batch: number
  learningRate: number
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
  /** Its pointer, where the engine has kernels; growth may change it. */
  readonly pointer?: number
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

/**
 * A network in an engine that trains it. Its parameters as one vector, and whatever belongs to them, are in this order:
 * layer by layer, of each the biases, then for each of its inputs the weights that lead from there to its outputs.
 */
export interface Learner extends Resident {
  /** How many parameters there are. */
  readonly parameters: number
  /** Copies the parameters into `out`. */
  read(out: Float32Array): void
  /** Takes other parameters. */
  write(parameters: Float32Array): void
  /** Room for events to train on. */
  trainingSet(capacity: number): TrainingSet
  /**
   * Runs events through; with the last of a mini-batch w −= (learningRate / batch) Σ gradient, each times the weight of
   * its event. Returns `loss` plus their Σ weight (F − G)².
   */
  train(set: TrainingSet, steps: Steps, loss: number): number
  /**
   * Writes Σ weight · gradient of the events into `out`, each of them with the parameters as they are, summed in f32 in the order
   * of the set. A mini-batch of `train` that is not complete is forgotten. Returns their Σ weight (F − G)².
   */
  gradient(set: TrainingSet, events: EventRange, out: Float32Array): number
  /** Σ weight · loss of the events: ½ Σ(F − G)², or the cross-entropy. */
  objective(set: TrainingSet, events: EventRange): number
  /** Room to sum up how the loss bends, as long as the network does not grow. */
  curvature(): Curvature
}

/** Σ weight · JᵀJ of events by Gauss and Newton, of all pairs of parameters. */
export interface Curvature {
  /** Adds events. Their products are summed in f32 by eights, which begin anew with each call. */
  add(set: TrainingSet, events: CurvedRange): void
  /** Writes the sum's lower triangle into `out` [parameters × parameters]; what lies above it is of no meaning. */
  read(out: Float64Array): void
  release(): void
}

/** Events that a network trains on, as its inputs see them, with their targets. */
export interface TrainingSet {
  readonly size: number
  /** The order in which they are visited; a view that may be replaced by any call that allocates. */
  readonly order: Uint32Array
  /** Adds `count` events, [count × inputs], targets, [count × outputs], and how much each event counts; 1 unless given. */
  append(events: Numbers, targets: Float32Array, count: number, weights?: Float32Array): void
  release(): void
}
